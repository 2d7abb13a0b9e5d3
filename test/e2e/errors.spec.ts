import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import {
  accessTokenEnvironment,
  jwtBearerEnvironment,
  newPolicy,
  policyProgram,
  type PolicyInputs,
} from '../support/policyProgram.js';
import { PulumiStack, type CommandOptions } from '../support/pulumiStack.js';

const app = 'Agent_Gateway';
const inputs = { externalClientApplication: app, isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };

/** Runs a command that has to fail, and checks what holds for every error on the screen. */
async function fail(
  stack: PulumiStack,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { stdout, stderr } = await stack.run(args, { ...options, expectCode: 1 });
  // With --continue-on-error the Pulumi SDK adds this of its own.
  const sdkTrace = /error: Error: resource \S+ \[\S+\] failed to register\n(?:\s+at .*\n)+/g;
  const screen = (stdout + stderr).replaceAll(sdkTrace, '');
  assert.doesNotMatch(screen, /^\s+at .*[:(]/m, 'a stack trace');
  assert.doesNotMatch(screen, /node_modules|dist[/\\]|\[object |undefined|NaN/, screen);
  const diagnostics = screen.slice(screen.indexOf('Diagnostics:'));
  const messages = [...diagnostics.matchAll(/\[ECA\d{4}\] .*/g)].map(([message]) => message);
  assert.deepEqual(messages, [...new Set(messages)], 'a message is shown twice');
  return screen;
}

/** One of each kind; `test/host/errors.spec.ts` has them all. */
describe('invalid inputs', function () {
  this.timeout(120_000);
  let stack: PulumiStack;

  before(async () => {
    stack = await PulumiStack.create({
      program: '',
      env: {
        SALESFORCE_INSTANCE_URL: 'https://acme.my.salesforce.com',
        SALESFORCE_ACCESS_TOKEN: 'token-of-nowhere',
        // What is said here is said without an org.
        SALESFORCE_PREVIEW: 'offline',
      },
    });
  });
  after(() => stack.dispose());

  const cases: readonly {
    what: string;
    program: string;
    env?: Record<string, string | undefined>;
    message: RegExp;
  }[] = [
    {
      what: 'a timeout that Salesforce does not have',
      program: policyProgram(newPolicy('gateway', { ...inputs, namedUserJwtTimeout: 45 })),
      message:
        /property namedUserJwtTimeout value \{45\} has a problem: \[ECA2005\] must be 1, 5, 10, .*720 minutes, as a number \(found 45\) \(external client app "Agent_Gateway"\)/,
    },
    {
      what: 'one field in two resources',
      program: policyProgram(
        newPolicy('gateway', inputs),
        newPolicy('other', { externalClientApplication: app, namedUserJwtTimeout: 60 }),
      ),
      // The engine checks them in either order.
      message:
        /property namedUserJwtTimeout value \{\d+\} has a problem: \[ECA2012\] is already managed by the resource (?:gateway|other)/,
    },
    {
      what: 'a private key that is none, without showing it',
      program: policyProgram(newPolicy('gateway', inputs)),
      env: {
        SALESFORCE_ACCESS_TOKEN: undefined,
        SALESFORCE_CLIENT_ID: 'key',
        SALESFORCE_USERNAME: 'user',
        SALESFORCE_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\nTm90IGEga2V5\n-----END PRIVATE KEY-----',
      },
      message: /SALESFORCE_PRIVATE_KEY/,
    },
  ];
  for (const { what, program, env, message } of cases) {
    it(`are named in preview, at the resource and property: ${what}`, async () => {
      await stack.setProgram(program);
      const screen = await fail(stack, ['preview'], { env: env ?? {} });
      assert.match(screen.replaceAll(/\s+/g, ' '), message);
      assert.doesNotMatch(screen, /Tm90IGEga2V5/);
    });
  }
});

const policies = (all: Readonly<Record<string, PolicyInputs>>): string =>
  policyProgram(...Object.entries(all).map(([name, own]) => newPolicy(name, own)));

describe('refusals', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());
  afterEach(() => stack.dispose());

  it('of apps are reported at each resource and leave those apps unchanged, the others are set, and the corrected program works', async () => {
    const original = takeSnapshot(org);
    const on = (externalClientApplication: string): PolicyInputs => ({
      externalClientApplication,
      isNamedUserJwtEnabled: true,
    });
    const messages: Readonly<Record<string, RegExp>> = {
      Agent_Gatewy: /does not exist\. Did you mean "Agent_Gateway"\?/,
      Legacy_Connected: /A connected app has this name, but only external client apps are supported/,
      Plugin_Disabled:
        /the OAuth plugin of the app is not enabled \(isOauthPluginEnabled is false in ExtlClntAppConfigurablePolicies Plugin_Disabled_plcy\)/,
      App_Disabled: /the app is disabled \(isEnabled is false/,
      No_OAuth: /OAuth is not enabled: the org has no ExtlClntAppOauthSettings component for this app/,
      Packaged_App: /refused by the guard packagedApp: .* add "packagedApp" to allow/,
      acme__Billing_Sync: /isNamedUserJwtEnabled cannot be set in this org: .* Only the developer of the app/,
    };
    const wrong = Object.fromEntries(Object.keys(messages).map((name) => [name, on(name)]));
    stack = await PulumiStack.create({
      program: policies({ ...wrong, gateway: inputs }),
      env: accessTokenEnvironment(org),
    });
    const screen = await fail(stack, ['up', '--yes', '--skip-preview', '--continue-on-error']);
    const diagnostics = screen.replaceAll(/\s+/g, ' ');
    for (const [name, message] of Object.entries(messages)) {
      const start = diagnostics.indexOf(`ExternalClientAppJwtPolicy (${name}):`);
      assert.ok(start >= 0, `no error at ${name}:\n${screen}`);
      const end = diagnostics.indexOf('pulumi-nodejs:dynamic', start);
      assert.match(diagnostics.slice(start, end < 0 ? undefined : end), message);
    }
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');

    await stack.setProgram(policies({ gateway: inputs, portal: on('portal') }));
    await stack.up();
    assert.equal(settingsOf(org, 'portal').isNamedUserJwtEnabled, 'true');
    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  });

  it('are reported in preview, which the first one ends, and neither the org nor the state changes', async () => {
    const original = takeSnapshot(org);
    stack = await PulumiStack.create({
      program: policies({ gateway: inputs }),
      env: accessTokenEnvironment(org),
    });
    for (const [name, message] of [
      ['Agent_Gatewy', /does not exist\. Did you mean "Agent_Gateway"\?/],
      ['Packaged_App', /refused by the guard packagedApp: .* add "packagedApp" to allow/],
    ] as const) {
      const wrong = { externalClientApplication: name, isNamedUserJwtEnabled: true };
      await stack.setProgram(policies({ wrong, gateway: inputs }));
      const screen = await fail(stack, ['up', '--yes']);
      assert.match(
        screen.replaceAll(/\s+/g, ' '),
        /resource 'wrong' has a problem: \[ECA\d{4}\] External client app/,
      );
      assert.match(screen.replaceAll(/\s+/g, ' '), message);
      assert.doesNotMatch(screen, /Updating/);
    }
    assert.deepEqual(takeSnapshot(org), original);
    assert.deepEqual((await stack.state()).resources, []);
  });
});

describe('a refusal of a change to a resource that exists', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  /** An address where nobody listens. */
  let closedOrg: string;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
    org = server.org('dev');
    const other = await startLocalOrg();
    closedOrg = other.org('dev').instanceUrl;
    await other.close();
    stack = await PulumiStack.create({
      program: policies({ gateway: inputs }),
      env: accessTokenEnvironment(org),
    });
    await stack.up();
    await stack.setProgram(policies({ gateway: { ...inputs, namedUserJwtTimeout: 60 } }));
  });
  after(async () => {
    await stack.dispose();
    await server.close();
  });

  const role = (name: string): string => org.users.find((user) => user.role === name)!.accessToken;
  const cases: readonly {
    what: string;
    env: () => Record<string, string | undefined>;
    message: RegExp;
  }[] = [
    {
      what: 'the permission is missing',
      env: () => accessTokenEnvironment(org, role('viewer')),
      message:
        /INSUFFICIENT_ACCESS.* lacks a permission\. This needs API Enabled, .* and "View all External Client Apps/,
    },
    {
      what: 'the sign-in leads to another org',
      env: () => accessTokenEnvironment(server.org('uat')),
      message:
        /is in organization \w{18}, but the sign-in to org \S+ leads to organization \w{18}\. .* The org was not changed/,
    },
    {
      what: 'the sign-in is refused',
      env: () => ({
        ...jwtBearerEnvironment(org),
        SALESFORCE_ACCESS_TOKEN: undefined,
        SALESFORCE_USERNAME: 'nobody@example.com',
      }),
      message: /invalid_grant/,
    },
    {
      what: 'the org is unreachable',
      env: () => ({ ...accessTokenEnvironment(org), SALESFORCE_INSTANCE_URL: closedOrg }),
      message: /ECONNREFUSED/,
    },
  ];
  for (const { what, env, message } of cases) {
    it(`is reported, and neither the org nor the state changes: ${what}`, async () => {
      const before = takeSnapshot(org);
      const stateBefore = (await stack.state()).resources;
      const screen = await fail(stack, ['up', '--yes', '--skip-preview'], { env: env() });
      assert.match(screen.replaceAll(/\s+/g, ' '), message);
      assert.deepEqual(takeSnapshot(org), before);
      assert.deepEqual((await stack.state()).resources, stateBefore);
    });
  }

  for (const args of [
    ['preview'],
    ['refresh', '--yes', '--skip-preview'],
    ['destroy', '--yes', '--skip-preview'],
  ]) {
    it(`is explained at the resource, and one short line at the stack refers to it: ${args.join(' ')}`, async () => {
      const screen = await fail(stack, args, { env: accessTokenEnvironment(server.org('uat')) });
      const lines = screen.slice(screen.indexOf('Diagnostics:')).split('\n');
      const withCode = lines.filter((line) => line.includes('[ECA1701]')).map((line) => line.trim());
      assert.deepEqual(
        withCode.filter((line) => !line.includes('is in organization')),
        ['pulumi-salesforce-eca: [ECA1701] see the error of the resource'],
      );
      assert.equal(withCode.length, 2, screen);
    });
  }

  it('ends when its cause is gone: the same up works', async () => {
    await stack.up();
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '60');
  });
});
