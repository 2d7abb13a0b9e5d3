import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import sinon from 'sinon';
import { salesforceCliCommand } from '../../../../provider/src/signIn/salesforceCli.js';
import { SignInError } from '../../../../provider/src/signIn/session.js';
import type { Session } from '../../../../provider/src/signIn/session.js';
import { signIn } from '../../../../provider/src/signIn/signIn.js';
import {
  jsonError,
  jsonResult,
  redacted,
  startFakeSalesforceCli,
  type FakeCommand,
  type FakeSalesforceCli,
} from '../support/fakeSalesforceCli.js';
import { contextWithoutEngine } from '../../../../provider/src/org/orgContext.js';

const accessToken = '00D000000000062!AQ.t0k3n';
const shown = {
  id: '00D000000000062EAA',
  apiVersion: '66.0',
  accessToken: redacted,
  instanceUrl: 'https://acme.my.salesforce.com',
  username: 'deployer@example.com',
  clientId: 'PlatformCLI',
  connectedStatus: 'Connected',
  alias: 'dev',
};
const display = 'org display';
const showToken = 'org auth show-access-token';

describe('a sign-in with the Salesforce CLI', () => {
  let cli: FakeSalesforceCli;
  beforeEach(async () => {
    cli = await startFakeSalesforceCli();
  });
  afterEach(() => cli.remove());

  const start = (instanceUrl?: string, timeoutMs?: number): Promise<Session> =>
    signIn({ kind: 'targetOrg', targetOrg: 'dev', instanceUrl }, 'dev', contextWithoutEngine(), timeoutMs);

  async function assertRefused(
    code: string,
    message: string,
    instanceUrl?: string,
    timeoutMs?: number,
  ): Promise<void> {
    const error: unknown = await start(instanceUrl, timeoutMs).then(
      () => assert.fail('it signed in'),
      (reason: unknown) => reason,
    );
    assert(error instanceof SignInError, inspect(error));
    assert.equal(error.message, `[${code}] sign-in to org dev with the Salesforce CLI: ${message}`);
    assert(!inspect(error, { showHidden: true }).includes('t0k3n'));
  }

  const session = {
    accessToken,
    instanceUrl: 'https://acme.my.salesforce.com',
    organizationId: '00D000000000062EAA',
    consumerKey: 'PlatformCLI',
    tokenFormat: 'opaque',
  };

  it('asks for the token if the CLI hides it', async () => {
    await cli.behave({
      [display]: jsonResult(shown, ['This command no longer shows secrets']),
      [showToken]: jsonResult({ accessToken }, ['This is sensitive']),
    });
    assert.deepEqual(await start(), session);
    assert.deepEqual(await cli.calls(), [
      ['org', 'display', '--target-org', 'dev', '--json'],
      ['org', 'auth', 'show-access-token', '--target-org', 'dev', '--no-prompt', '--json'],
    ]);
  });

  it('uses the token that an older CLI shows', async () => {
    await cli.behave({ [display]: jsonResult({ ...shown, accessToken }) });
    assert.deepEqual(await start(), session);
    assert.equal((await cli.calls()).length, 1);
  });

  it('passes the CLI what it needs, no credentials, and nothing that colours its JSON', async () => {
    const needed = {
      HOME: process.env['HOME'] ?? '/nowhere',
      XDG_CONFIG_HOME: '/config',
      https_proxy: 'http://127.0.0.1:1',
      NO_PROXY: 'elsewhere.example',
      NODE_EXTRA_CA_CERTS: '/dev/null',
      SF_LOG_LEVEL: 'fatal',
      SFDX_USE_GENERIC_UNIX_KEYCHAIN: 'true',
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
    };
    const variables = {
      ...needed,
      SALESFORCE_PRIVATE_KEY: 'key',
      PULUMI_CONFIG_PASSPHRASE: 'passphrase',
      AWS_SECRET_ACCESS_KEY: 'key',
      GITHUB_TOKEN: 'token',
      SF_ACCESS_TOKEN: 'token',
      SFDX_ACCESS_TOKEN: 'token',
      SFDX_AUTH_URL: 'force://a::b@c',
      SF_CLIENT_SECRET: 'secret',
      NODE_OPTIONS: '--no-deprecation',
      FORCE_COLOR: '1',
    };
    const before = { ...process.env };
    Object.assign(process.env, variables);
    try {
      await cli.behave({ [display]: jsonResult({ ...shown, accessToken }) });
      await start();
    } finally {
      for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, before);
    }
    const environment = await cli.environment();
    assert.deepEqual(
      Object.keys(environment)
        .filter((name) => name in variables)
        .sort(),
      Object.keys(needed).sort(),
    );
    assert.equal(environment['NO_COLOR'], '1');
  });

  const again = 'Sign in with the CLI again: sf org login web --alias dev. To see its orgs: sf org list';
  const byHand = (command: string): string => `To see why, run ${command} --target-org dev in a terminal`;
  const refusals: [string, Record<string, FakeCommand>, code: string, message: string][] = [
    [
      'does not know the org',
      { [display]: jsonError('NamedOrgNotFoundError', 'No authorization information found for dev.') },
      'ECA1405',
      `sf org display failed: NamedOrgNotFoundError · No authorization information found for dev. ${again}`,
    ],
    [
      'cannot refresh the session',
      {
        [display]: jsonResult(shown),
        [showToken]: jsonError('RefreshTokenAuthError', 'expired access/refresh token'),
      },
      'ECA1405',
      `sf org auth show-access-token failed: RefreshTokenAuthError · expired access/refresh token. ${again}`,
    ],
    [
      'refuses for a reason that is not known, and quotes a token',
      { [display]: jsonError('SomeError', `It went wrong with ${accessToken}`) },
      'ECA1405',
      `sf org display failed: SomeError · It went wrong with [access token]. ${byHand('sf org display')}`,
    ],
    [
      'quotes what a log acts on',
      { [display]: jsonError('SomeError', '\u001b[2J##vso[task.debug]a\r\n::error::b') },
      'ECA1405',
      `sf org display failed: SomeError · \uFFFD[2J# #vso[task.debug]a ::error::b. ${byHand('sf org display')}`,
    ],
    [
      'says so on the other stream',
      { [display]: { stderr: jsonError('SomeError', 'It went wrong').stdout ?? '', exitCode: 1 } },
      'ECA1405',
      `sf org display failed: SomeError · It went wrong. ${byHand('sf org display')}`,
    ],
    [
      'is too old for the command',
      { [display]: jsonResult(shown) },
      'ECA1404',
      `sf org auth show-access-token exited with code 127 and returned no JSON. ${byHand('sf org auth show-access-token')}. If the ` +
        'CLI is old, run sf update',
    ],
    [
      'prints something else',
      { [display]: { stdout: `Access Token ${accessToken}` } },
      'ECA1404',
      `sf org display exited with code 0 and returned no JSON. ${byHand('sf org display')}. If the CLI is old, run sf update`,
    ],
    [
      'prints JSON of another form',
      { [display]: { stdout: JSON.stringify([accessToken]) } },
      'ECA1404',
      `sf org display exited with code 0 and returned no JSON. ${byHand('sf org display')}. If the CLI is old, run sf update`,
    ],
    [
      'returns no token',
      { [display]: jsonResult(shown), [showToken]: jsonResult({ accessToken: redacted }) },
      'ECA1407',
      `sf org auth show-access-token returned no access token for "dev". ${again}`,
    ],
    [
      'returns no address',
      { [display]: jsonResult({ ...shown, instanceUrl: undefined }) },
      'ECA1406',
      `sf org display returned no https address for "dev" (found nothing). ${again}`,
    ],
    [
      'returns an address that is not https',
      { [display]: jsonResult({ ...shown, instanceUrl: 'http://acme.my.salesforce.com/?sid=t0k3n' }) },
      'ECA1406',
      `sf org display returned no https address for "dev" (found http://acme.my.salesforce.com). ${again}`,
    ],
  ];
  for (const [what, commands, code, message] of refusals) {
    it(`says what to do when the CLI ${what}`, async () => {
      await cli.behave(commands);
      await assertRefused(code, message);
    });
  }

  it('accepts the address of this machine', async () => {
    await cli.behave({
      [display]: jsonResult({ ...shown, instanceUrl: 'http://127.0.0.1:8080', accessToken }),
    });
    assert.equal((await start()).instanceUrl, 'http://127.0.0.1:8080');
  });

  it('refuses an org at another address than the configured one, before the token is asked for', async () => {
    await cli.behave({ [display]: jsonResult(shown), [showToken]: jsonResult({ accessToken }) });
    await assertRefused(
      'ECA1408',
      '"dev" is the org at https://acme.my.salesforce.com, but salesforce:instanceUrl is https://prod.my.salesforce.com. Correct one ' +
        'of them, or remove salesforce:instanceUrl',
      'https://prod.my.salesforce.com',
    );
    assert.equal((await cli.calls()).length, 1);
  });

  it('ends a CLI that does not exit, and its child', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await cli.behave({ [display]: { hangs: true } });
      const refused = assertRefused(
        'ECA1403',
        `sf org display did not finish within 60 seconds. ${byHand('sf org display')}`,
        undefined,
        60_000,
      );
      await cli.hasProcesses(2);
      clock.tick(60_000);
      await refused;
    } finally {
      clock.restore();
    }
    await cli.hasProcesses(0);
  });

  it('reports that there is no CLI on PATH', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      await assertRefused(
        'ECA1401',
        'the program sf was not found on PATH. Install the Salesforce CLI (https://developer.salesforce.com/tools/salesforcecli) ' +
          'where Pulumi runs, or use another sign-in method',
      );
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('reports that the file called sf cannot be started', async () => {
    await cli.forbid();
    await assertRefused(
      'ECA1402',
      'sf could not be started (EACCES). Check that the sf on PATH is the Salesforce CLI',
    );
  });
});

describe('salesforceCliCommand', () => {
  it('runs sf itself', () => {
    assert.deepEqual(salesforceCliCommand(['org', 'display'], 'linux'), {
      file: 'sf',
      args: ['org', 'display'],
    });
  });

  it('runs the batch file of Windows with its interpreter', () => {
    assert.deepEqual(salesforceCliCommand(['org', 'display', '--target-org', 'a@b.c'], 'win32'), {
      file: String.raw`C:\Windows\System32\cmd.exe`,
      args: ['/d', '/s', '/c', 'sf org display --target-org a@b.c'],
    });
  });
});
