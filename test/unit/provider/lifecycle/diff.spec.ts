import assert from 'node:assert/strict';
import { register } from 'tsx/esm/api';
import { unknownValue } from '../../../../provider/src/policy/fields.js';
import type { FieldValues } from '../../../../provider/src/policy/fields.js';
import { formatOutputs } from '../../../../provider/src/resourceState.js';
import { wantedValues } from '../../../../provider/src/policy/difference.js';
import { freshProvider, withoutSalesforceEnvironment } from '../support/freshProvider.js';

const organizationId = '00D000000000062EAA';
const otherOrganizationId = '00D000000000063EAA';
const id = `${organizationId}/portal`;

const orgOf = (token: string): Record<string, string> => ({
  instanceUrl: 'https://acme.my.salesforce.com',
  accessToken: token,
  apiVersion: '66.0',
});
const orgs = {
  'salesforce:orgs': JSON.stringify({
    same: orgOf('00D000000000062!AQ.secret'),
    other: orgOf('00D000000000063!AQ.secret'),
  }),
};
const topLevel = (token: string): Record<string, string> =>
  Object.fromEntries(Object.entries(orgOf(token)).map(([key, value]) => [`salesforce:${key}`, value]));
const signIn = { ...orgs, ...topLevel('00D000000000062!AQ.secret') };

/** The outputs of a resource after its last read. */
const outputs = (live: FieldValues, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...formatOutputs({
    inputs: { app: 'portal', org: undefined, settings: {}, allow: [] },
    organizationId,
    apiVersion: 66,
    observed: { live: wantedValues(live), names: {}, tokenFormat: 'unknown' },
    valuesFound: {},
  }),
  __provider: 'text',
  ...changes,
});

const inputs = (settings: Record<string, unknown>): Record<string, unknown> => ({
  externalClientApplication: 'portal',
  __provider: 'text',
  ...settings,
});

describe('diff', () => {
  let restoreEnvironment: () => void;
  beforeEach(() => {
    restoreEnvironment = withoutSalesforceEnvironment();
  });
  afterEach(() => {
    restoreEnvironment();
  });

  const custom = { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 30 };
  const cases: [string, FieldValues, Record<string, unknown>, Record<string, unknown>, boolean][] = [
    ['live values are as wanted', custom, {}, custom, false],
    [
      'UserSession is wanted and the timeout is absent',
      { guestJwtSessionTimeoutType: 'UserSession' },
      {},
      { guestJwtSessionTimeoutType: 'UserSession' },
      false,
    ],
    [
      'an absent token format is as good as false',
      { isNamedUserJwtEnabled: 'absent' },
      {},
      { isNamedUserJwtEnabled: false },
      false,
    ],
    ['a value differs', custom, {}, { ...custom, namedUserJwtTimeout: 5 }, true],
    [
      'the org holds a value that this release does not know',
      { ...custom, namedUserJwtTimeout: 45 },
      {},
      custom,
      true,
    ],
    [
      'the org holds a type that this release does not know',
      { ...custom, namedUserJwtSessionTimeoutType: 'Sliding' },
      {},
      custom,
      true,
    ],
    ['an element is gone', { ...custom, namedUserJwtTimeout: 'absent' }, {}, custom, true],
    ['a field is new', custom, {}, { ...custom, guestJwtTimeout: 5 }, true],
    ['a field left the program', { ...custom, isNamedUserJwtEnabled: true }, {}, custom, true],
    ['a value is unknown', custom, {}, { ...custom, namedUserJwtTimeout: unknownValue }, true],
    [
      'a guard is unknown',
      custom,
      { allow: ['lockOut'] },
      { ...custom, allow: ['lockOut', unknownValue] },
      true,
    ],
    ['a guard is new', custom, {}, { ...custom, allow: ['lockOut'] }, true],
    [
      'the guards stand in another order',
      custom,
      { allow: ['guestFlow', 'lockOut'] },
      { ...custom, allow: ['lockOut', 'guestFlow'] },
      false,
    ],
    ['only hidden inputs differ', custom, { __provider: 'other' }, custom, false],
    [
      'a state of an earlier release does not list its fields',
      custom,
      { managedFields: undefined, valuesFound: undefined, components: undefined },
      custom,
      false,
    ],
  ];
  for (const [when, live, olds, news, changes] of cases) {
    it(`reports ${changes ? 'changes' : 'no change'} when ${when}`, async () => {
      assert.deepEqual(await freshProvider(signIn).diff(id, outputs(live, olds), inputs(news)), { changes });
    });
  }

  for (const [what, app] of [
    ['another', 'portal_uat'],
    ['an unknown', unknownValue],
  ] as const) {
    it(`replaces for ${what} app`, async () => {
      assert.deepEqual(
        await freshProvider(signIn).diff(
          id,
          outputs(custom),
          inputs({ ...custom, externalClientApplication: app }),
        ),
        { changes: true, replaces: ['externalClientApplication'] },
      );
    });
  }

  describe('for another alias', () => {
    // What signs in is loaded by import(), which the hook for require does not see.
    let unregister: () => Promise<void>;
    before(() => {
      unregister = register();
    });
    after(() => unregister());

    it('updates when it leads to the same organization', async () => {
      assert.deepEqual(
        await freshProvider(signIn).diff(id, outputs(custom), inputs({ ...custom, org: 'same' })),
        {
          changes: true,
        },
      );
    });

    it('replaces when it leads to another organization', async () => {
      assert.deepEqual(
        await freshProvider(signIn).diff(id, outputs(custom), inputs({ ...custom, org: 'other' })),
        {
          changes: true,
          replaces: ['org'],
        },
      );
    });

    it('reports changes while it is unknown', async () => {
      assert.deepEqual(
        await freshProvider().diff(id, outputs(custom), inputs({ ...custom, org: unknownValue })),
        { changes: true },
      );
    });
  });

  it('stops, with both ids, when the same settings lead to another organization', async () => {
    const { diff } = freshProvider(topLevel('00D000000000063!AQ.secret'));
    await assert.rejects(diff(id, outputs(custom), inputs(custom)), {
      message:
        `[ECA1701] External client app "portal" is in organization ${organizationId}, but the sign-in to org ` +
        `https://acme.my.salesforce.com leads to organization ${otherOrganizationId}. Check the alias and the ` +
        `address, and whether the sandbox was refreshed. Sign in to ${organizationId} again. If that org no longer exists, remove the ` +
        'resource from the state with pulumi state delete. The org was not changed',
    });
  });

  it('says how to use the current configuration if that of the last up does not have the new alias', async () => {
    await assert.rejects(
      freshProvider(signIn).diff(id, outputs(custom), inputs({ ...custom, org: 'gone' })),
      {
        message:
          '[ECA1016] org "gone" was not found in salesforce:orgs (available: same, other). Refresh and destroy use the configuration of ' +
          'the last pulumi up. If it has changed since then, run pulumi up once, or repeat this command with --run-program',
      },
    );
  });
});
