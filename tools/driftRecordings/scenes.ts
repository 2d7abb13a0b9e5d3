import type { LocalOrg } from 'salesforce-local-org';
import { changeSetting } from '../../test/support/appSettings.js';
import { restoreSnapshot, takeSnapshot } from '../../test/support/orgSnapshot.js';
import { accessTokenEnvironment, newPolicy, policyProgram } from '../../test/support/policyProgram.js';
import type { PulumiStack } from '../../test/support/pulumiStack.js';
import { refusedToken, type RecordedLook } from './recordings.js';

const app = 'Agent_Gateway';
const inputs = { externalClientApplication: app, isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
const partner = { externalClientApplication: 'Partner_API', namedUserJwtTimeout: 30 };

/** The program of every scene's stack at its beginning. */
export const firstProgram = policyProgram(newPolicy('gateway', inputs), newPolicy('partners', partner));

/** A resource of another kind that changes at every run. */
const otherResource = `
  new pulumi.dynamic.Resource(
    { create: async () => ({ id: 'other', outs: { at: 1 } }), diff: async () => ({ changes: true }), read: async (id, props) => ({ id, props: { ...props, at: 2 } }) },
    'other', { at: undefined, again: 1 });`;

const changeTimeout = (org: LocalOrg): void => {
  changeSetting(org, app, 'namedUserJwtTimeout', '720');
};
const disableJwt = (org: LocalOrg): void => {
  changeSetting(org, app, 'isNamedUserJwtEnabled', 'false');
};

async function notApplied(stack: PulumiStack): Promise<void> {
  await stack.up();
  await stack.setProgram(
    policyProgram(
      newPolicy('gateway', { ...inputs, namedUserJwtTimeout: 15, guestJwtTimeout: 5 }),
      newPolicy('portal', { externalClientApplication: 'portal', isNamedUserJwtEnabled: true }),
    ),
  );
}

async function ignoredChange(stack: PulumiStack, org: LocalOrg): Promise<void> {
  await stack.setProgram(policyProgram(newPolicy('gateway', inputs), otherResource));
  await stack.up();
  await stack.setProgram(
    policyProgram(newPolicy('gateway', inputs, "{ ignoreChanges: ['namedUserJwtTimeout'] }"), otherResource),
  );
  changeTimeout(org);
}

/** Prepares a new stack, and the org of the local org's seed, for the drift look. */
export const scenes: Readonly<Record<RecordedLook, (stack: PulumiStack, org: LocalOrg) => Promise<void>>> = {
  changedInOrg: async (stack, org) => {
    await stack.up();
    changeTimeout(org);
  },
  notApplied,
  notAppliedAndChanged: async (stack, org) => {
    await notApplied(stack);
    disableJwt(org);
  },
  ignoredChange,
  ignoredChangeRefreshed: async (stack, org) => {
    await ignoredChange(stack, org);
    await stack.refresh();
  },
  ignoredAndOtherChange: async (stack, org) => {
    await ignoredChange(stack, org);
    await stack.refresh();
    disableJwt(org);
  },
  emptyStack: () => Promise.resolve(),
  noPolicies: async (stack) => {
    await stack.setProgram(policyProgram(otherResource));
    await stack.up();
  },
  brokenProgram: async (stack) => {
    await stack.up();
    await stack.setProgram('throw new Error("the program is broken");\n');
  },
  componentGone: async (stack, org) => {
    await stack.up();
    org.removeComponent('ExtlClntAppOauthConfigurablePolicies', `${app}_oauthPlcy`);
  },
  appGone: async (stack, org) => {
    await stack.up();
    const others = Object.entries(takeSnapshot(org)).filter(([path]) => !path.split('/')[1]?.startsWith(app));
    restoreSnapshot(org, Object.fromEntries(others));
  },
  unfinished: async (stack, org) => {
    org.faults.add({ on: 'retrieve', skip: 1, do: { kind: 'malformed' } });
    await stack.up({ expectCode: 1 });
    org.faults.clear();
  },
  configuredOrg: async (stack, org) => {
    await stack.config({
      'salesforce:orgs.dev.instanceUrl': accessTokenEnvironment(org).SALESFORCE_INSTANCE_URL,
      'salesforce:orgs.dev.accessToken': { secret: org.accessToken },
    });
    await stack.setProgram(policyProgram(newPolicy('gateway', { ...inputs, org: 'dev' })));
    await stack.up();
    changeTimeout(org);
  },
  oneOrgUnreadable: async (stack, org) => {
    const viewer = org.users.find(({ role }) => role === 'viewer')?.accessToken ?? '';
    await stack.config({
      'salesforce:orgs.other.instanceUrl': accessTokenEnvironment(org).SALESFORCE_INSTANCE_URL,
      'salesforce:orgs.other.accessToken': { secret: viewer },
    });
    await stack.setProgram(
      policyProgram(newPolicy('gateway', inputs), newPolicy('partners', { ...partner, org: 'other' })),
    );
    await stack.up();
    changeTimeout(org);
    await stack.config({ 'salesforce:orgs.other.accessToken': { secret: refusedToken(viewer) } });
  },
};
