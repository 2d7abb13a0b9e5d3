/**
 * `npm start`: the main job from nothing, against an org on this machine. Every step checks what it promises and stops when
 * it does not hold. State, settings and keys are in temporary folders and removed at the end. With `--by-hand` the change
 * behind Pulumi's back is left to whoever runs it, on the org's Setup page.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startLocalOrg } from 'salesforce-local-org';
import type { LocalOrg } from 'salesforce-local-org';
import { pulumiBinFolder } from './pulumiCli/pulumiBinFolder.js';
import { requestAccessToken } from './quickstart/accessToken.js';
import { setTimeoutByHand } from './quickstart/changeByHand.js';
import { DemoStack } from './quickstart/demoStack.js';

const app = 'Agent_Gateway';
const policiesType = 'ExtlClntAppOauthConfigurablePolicies';
const globalSettings = `${app}_glbloauth`;
const policies = `${app}_oauthPlcy`;

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

let step = 0;
const heading = (text: string): void => {
  step += 1;
  print(`\n${step}. ${text}\n`);
};

/** Stops the quickstart when a step does not show what it promises. */
function promise(holds: boolean, what: string): void {
  if (!holds) {
    throw new Error(`step ${step} did not show what it promises: ${what}`);
  }
  print(`\n   ✓ ${what}`);
}

const policiesOf = (org: LocalOrg): string => org.component(policiesType, policies) ?? '';

/** Minutes; undefined: the user's session timeout. */
const lifetimeOf = (org: LocalOrg): string | undefined =>
  /<namedUserJwtTimeout>(\d+)</.exec(policiesOf(org))?.[1];

/** Resolves when something has happened, for which a person takes his time. */
async function until(hasHappened: () => boolean): Promise<void> {
  while (!hasHappened()) await sleep(200);
}

/** @param isByHand whether a person makes the change behind Pulumi's back */
async function runQuickstart(org: LocalOrg, stack: DemoStack, isByHand: boolean): Promise<void> {
  await stack.run(['stack', 'init', 'quickstart'], true);

  heading(`A client of the app "${app}" asks the org for an access token`);
  const before = await requestAccessToken(org, globalSettings);
  print(`   ${before.description}`);
  promise(before.format === 'opaque', 'the app issues opaque access tokens');
  const valuesBefore = {
    global: org.component('ExtlClntAppGlobalOauthSettings', globalSettings),
    policies: policiesOf(org),
  };

  heading('pulumi up: examples/quickstart/index.ts declares JWT-based access tokens that live 30 minutes');
  const up = await stack.run(['up', '--yes', '--suppress-progress']);
  promise(up.code === 0, 'pulumi up succeeded');

  heading('The client requests another token');
  const after = await requestAccessToken(org, globalSettings);
  print(after.description.replace(/^/gm, '   '));
  promise(
    after.format === 'jwt' && after.lifetimeMinutes === 30,
    'the app issues JSON Web Tokens that live 30 minutes',
  );

  heading('pulumi up again: nothing has changed, so nothing is sent');
  const requests = org.requests.length;
  const again = await stack.run(['up', '--yes', '--suppress-progress', '--expect-no-changes']);
  promise(again.code === 0 && org.requests.length === requests, 'no change, no request to the org');

  if (isByHand) {
    heading(
      'You change the lifetime on the Setup page of the org, behind Pulumi’s back; pulumi sees the drift',
    );
    print(
      `   Open ${org.setupPageUrl}/apps/${app}/policies\n` +
        '   and save another timeout for named users. The quickstart continues when you have saved it.',
    );
    await until(() => lifetimeOf(org) !== '30');
  } else {
    heading(
      'Somebody sets the lifetime to 720 minutes with another client, behind Pulumi’s back; pulumi sees the drift',
    );
    await setTimeoutByHand(org, policies, 720);
  }
  const lifetime = lifetimeOf(org);
  const drift = await stack.run(['refresh', '--preview-only', '--diff', '--expect-no-changes']);
  const shown =
    lifetime === undefined
      ? '-\\s*namedUserJwtTimeout\\s*:\\s*30'
      : `namedUserJwtTimeout\\s*:\\s*30\\s*=>\\s*${lifetime}`;
  promise(
    drift.code !== 0 && new RegExp(shown).test(stripColors(drift.output)),
    `the drift is shown field by field: namedUserJwtTimeout 30 => ${lifetime ?? 'none'}`,
  );

  heading('pulumi up --refresh reverts the change');
  const repaired = await stack.run(['up', '--yes', '--suppress-progress', '--refresh']);
  promise(
    repaired.code === 0 && policiesOf(org).includes('<namedUserJwtTimeout>30</namedUserJwtTimeout>'),
    'the org has 30 minutes again',
  );

  heading('pulumi destroy restores what was there before the first pulumi up');
  const destroyed = await stack.run(['destroy', '--yes', '--suppress-progress']);
  const restored = await requestAccessToken(org, globalSettings);
  promise(
    destroyed.code === 0 &&
      restored.format === 'opaque' &&
      org.component('ExtlClntAppGlobalOauthSettings', globalSettings) === valuesBefore.global &&
      policiesOf(org) === valuesBefore.policies,
    'the app issues opaque tokens again, and its components are byte for byte what they were',
  );
}

const stripColors = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'by-hand': { type: 'boolean', default: false } } });
  const binFolder = await pulumiBinFolder();
  const server = await startLocalOrg({ orgs: ['dev'] });
  const org = server.org('dev');
  const stack = await DemoStack.create(binFolder, {
    SALESFORCE_INSTANCE_URL: org.instanceUrl,
    SALESFORCE_CLIENT_ID: org.clientId,
    SALESFORCE_USERNAME: org.username,
    SALESFORCE_PRIVATE_KEY: org.privateKeyFile,
  });
  let cleanedUp: Promise<void> | undefined;
  const endBoth = async (): Promise<void> => {
    try {
      await stack.dispose();
    } finally {
      await server.close();
    }
  };
  const cleanUp = (): Promise<void> => (cleanedUp ??= endBoth());
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    // npm and tsx pass Ctrl-C on although the terminal has sent it to this process too: a second one must not cut this short.
    process.on(signal, () => {
      if (cleanedUp === undefined) {
        print(`\nStopped by ${signal}; cleaning up.`);
      }
      void cleanUp().finally(() => process.exit(code));
    });
  }
  // Whoever reads the output may have gone: nothing may be left running for that.
  process.stdout.once('error', () => {
    void cleanUp().finally(() => process.exit(1));
  });
  try {
    print(`A Salesforce org on this machine: ${org.instanceUrl}, organization ${org.organizationId}.`);
    await runQuickstart(org, stack, values['by-hand']);
  } finally {
    await cleanUp();
  }
  print(
    `\nDone: the program in examples/quickstart turned JWT-based access tokens on, reverted a change, and destroy restored the settings.\n` +
      'To change the lifetime yourself on the Setup page of the org, and see how Pulumi finds it: npm start -- --by-hand\n' +
      'The same program works against a real org with configuration only: see README.md, "Against a real org".',
  );
}

main().catch((error: unknown) => {
  print(`\nThe quickstart stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
