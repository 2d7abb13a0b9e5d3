import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import type { ProcessResult } from '../../tools/pulumiCli/runProcess.js';
import { changeSetting } from '../support/appSettings.js';
import { onArrival, requestKinds } from '../support/arrivals.js';
import { callCommandLine, runCommandLine } from '../support/commandLine.js';
import { putApp, putProfileSessionTimeout, type Elements } from '../support/localApps.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment, jwtBearerEnvironment } from '../support/policyProgram.js';

const secret = 'c0nsum3rs3cr3t';
const custom = (minutes: number): Elements => ({
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: minutes,
});

describe('pulumi-salesforce-eca token', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let run: typeof runCommandLine;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
  });
  after(() => server.close());
  beforeEach(() => {
    restoreSnapshot(org, original);
    // Later than every change of the seed.
    org.advanceClock(3_600_000);
    org.clearRequests();
    run = callCommandLine;
  });

  /** An app that gets tokens by client credentials, for a user without any permission. */
  const putClient = (app: string, jwt: boolean, policies: Elements = {}, plugins: Elements = {}): void => {
    putApp(org, app, {
      globalSettings: {
        isNamedUserJwtEnabled: jwt,
        isClientCredentialsFlowEnabled: true,
        consumerSecret: secret,
      },
      policies: {
        isClientCredentialsFlowEnabled: true,
        clientCredentialsFlowUser: org.users.find(({ role }) => role === 'none')?.username,
        ...policies,
      },
      plugins,
    });
  };
  const credentials = (app: string): Record<string, string> => ({
    SALESFORCE_INSTANCE_URL: org.instanceUrl,
    SALESFORCE_CLIENT_ID: `3MVG9.${app}`,
    SALESFORCE_CLIENT_SECRET: secret,
  });
  /** Gets a token for an app, its settings read as the developer of the org. */
  const token = async (
    code: number,
    environment: Record<string, string>,
    ...args: string[]
  ): Promise<ProcessResult> => {
    const result = await run(['token', ...args], environment);
    const output = result.stdout + result.stderr;
    assert.equal(result.code, code, output);
    assert.doesNotMatch(output, /\n\s+at |c0nsum3rs3cr3t|PRIVATE KEY/, 'no stack trace, no secret');
    if (!args.includes('--print-token')) assert.doesNotMatch(output, /00D\w{12}!|eyJ/, 'no token');
    return result;
  };
  const withAdmin = (app: string): Record<string, string> => ({
    ...accessTokenEnvironment(org),
    ...credentials(app),
  });

  it('reports a JWT-based token that matches the settings, in one retrieve', async () => {
    putClient('Client', true, custom(30));
    run = runCommandLine;
    const { stdout } = await token(0, withAdmin('Client'));
    assert.deepEqual(
      requestKinds(org).filter((kind) => kind === 'retrieve' || kind === 'token'),
      ['token', 'retrieve'],
    );
    assert.match(stdout, /^Token of \S+ by client credentials: JWT-based$/m);
    assert.match(stdout, new RegExp(`^  organization  ${org.organizationId}$`, 'm'));
    assert.match(stdout, /^ {2}lifetime {6}30 minutes$/m);
    assert.match(stdout, /^Signature: not checked \(use --verify\)$/m);
    assert.match(stdout, /^ {2}ok +token format +JWT-based, as set by isNamedUserJwtEnabled$/m);
    assert.match(stdout, /^ {2}ok +lifetime +30 minutes, as set \(namedUserJwtTimeout\)$/m);
  });

  it('reports an opaque token that matches the settings, with its lifetime if the org returns it', async () => {
    putClient('Client', false, { sessionTimeoutInMinutes: 45 });
    const { stdout } = await token(0, withAdmin('Client'));
    assert.match(stdout, /^Token of \S+ by client credentials: opaque$/m);
    assert.match(stdout, /^ {2}ok +lifetime +45 minutes, as set \(sessionTimeoutInMinutes\)$/m);
    org.faults.add({ on: 'introspect', do: { kind: 'status', status: 403 } });
    const untold = (await token(0, withAdmin('Client'))).stdout;
    org.faults.clear();
    assert.match(
      untold,
      /^ {2}unknown +lifetime +an opaque token does not contain the time when it expires, and the org did not return it$/m,
    );
    const unsigned = await token(2, withAdmin('Client'), '--verify');
    assert.match(unsigned.stdout, /^Signature: none \(opaque token\)$/m);
  });

  it('works by JWT bearer, and with the token itself if there is no other sign-in', async () => {
    const { stdout } = await token(0, jwtBearerEnvironment(org), '--json');
    const report = JSON.parse(stdout) as { flow: string; app: { externalClientApplication: string } };
    assert.equal(report.flow, 'JWT bearer');
    assert.equal(report.app.externalClientApplication, 'Deployer');
    assert.equal(requestKinds(org).filter((kind) => kind === 'token').length, 1, 'one sign-in for both');
  });

  it('checks the signature with the keys of the org, and prints the token when asked to', async () => {
    putClient('Client', true, custom(5));
    const { stdout } = await token(0, withAdmin('Client'), '--verify', '--print-token');
    assert.match(stdout, /^Signature: valid: signed with the key CORE_ATJWT\.\w{15}\.\d+$/m);
    const printed = stdout.trimEnd().split('\n').at(-1) ?? '';
    const claims: unknown = JSON.parse(Buffer.from(printed.split('.')[1] ?? '', 'base64url').toString());
    assert.ok(typeof claims === 'object' && claims !== null && 'client_id' in claims);
    assert.equal(claims.client_id, '3MVG9.Client');
  });

  it('reports settings that have not taken effect yet, and waits for them', async () => {
    putClient('Client', false, custom(30));
    org.advanceClock(3_600_000);
    org.faults.change({ spreadMs: 600_000 });
    putClient('Client', true, custom(30));
    const { stdout } = await token(2, withAdmin('Client'));
    assert.match(
      stdout,
      /^ {2}differs +token format +the token is opaque; isNamedUserJwtEnabled requires JWT-based$/m,
    );
    assert.match(
      stdout,
      /^Note: the app was modified 0 minutes ago, and settings can take up to 15 minutes to take effect/m,
    );

    onArrival(
      org,
      'token',
      () => {
        org.advanceClock(600_000);
      },
      2,
    );
    const waited = await token(0, withAdmin('Client'), '--wait', '1');
    assert.match(waited.stdout, /^ {2}ok +lifetime +30 minutes/m);
  });

  it('reports only a difference if the settings have had time to take effect', async () => {
    putClient('Client', true, custom(30));
    org.advanceClock(7_200_000);
    org.faults.change({ spreadMs: 7_200_000 });
    putClient('Client', true, custom(10));
    org.advanceClock(3_600_000);
    const { stdout } = await token(2, withAdmin('Client'));
    assert.match(stdout, /^ {2}differs +lifetime +30 minutes, expected 10 minutes \(namedUserJwtTimeout\)$/m);
    assert.doesNotMatch(stdout, /^Note:/m);
  });

  it('with UserSession accepts the lifetime of the profile of its user, one of those that the settings allow', async () => {
    putClient('Client', true, { namedUserJwtSessionTimeoutType: 'UserSession' });
    assert.match((await token(0, withAdmin('Client'))).stdout, /^ {2}ok +lifetime +120 minutes, as set/m);
    putProfileSessionTimeout(org, 'Minimum Access - API Only Integrations', 15);
    assert.match(
      (await token(0, withAdmin('Client'))).stdout,
      /^ {2}ok +lifetime +15 minutes, as set \(15, 60, or 120 minutes, by the profile of the user; /m,
    );
  });

  it('does not read the settings with --no-compare', async () => {
    putClient('Client', true, custom(30));
    await token(0, credentials('Client'), '--no-compare');
    assert.deepEqual(requestKinds(org), ['token']);
  });

  it('shows the token and fails if the settings cannot be read', async () => {
    putClient('Client', true, custom(30));
    const { stdout, stderr } = await token(1, credentials('Client'));
    assert.match(stdout, /: JWT-based$/m);
    assert.match(stdout, /^Settings: not read: /m);
    assert.match(
      stderr,
      /the settings of the app could not be read: .*SF_TARGET_ORG or SALESFORCE_ACCESS_TOKEN/,
    );
  });

  it('says who can read the settings if the JWT-based token cannot, below API version 68.0', async () => {
    const environment = { ...jwtBearerEnvironment(org), SALESFORCE_API_VERSION: '67.0' };
    changeSetting(org, 'Deployer', 'isNamedUserJwtEnabled', 'true');
    const { stderr } = await token(1, environment);
    assert.match(stderr, /SOAP API does not support JWT.*SF_TARGET_ORG or SALESFORCE_ACCESS_TOKEN/);
    const { SALESFORCE_ACCESS_TOKEN } = accessTokenEnvironment(org);
    await token(0, { ...environment, SALESFORCE_ACCESS_TOKEN });
  });

  for (const nameInside of ['acme__Tool', 'Tool']) {
    it(`finds an installed app whose policies call it ${nameInside} by its key, otherwise reports its name`, async () => {
      putClient('acme__Tool', true, { ...custom(30), externalClientApplication: nameInside });
      await token(0, withAdmin('acme__Tool'));

      // The org goes on issuing tokens, and shows no global settings when it is asked for them.
      org.faults.hideComponent('acme__Tool_glbloauth', 'notListed');
      const unfound = await token(1, withAdmin('acme__Tool'));
      assert.match(unfound.stderr, /the org returned no app with the consumer key .* specify it with --app/);

      const { stdout } = await token(0, withAdmin('acme__Tool'), '--app', 'acme__Tool');
      assert.match(stdout, /^ {2}unknown +token format +the token is JWT-based; the org has no /m);
      assert.match(stdout, /^ {2}ok +lifetime +30 minutes/m);
    });
  }

  it('of a packaged app', async () => {
    putClient('Client', true, custom(60));
    const type = 'ExternalClientApplication';
    const header = org.component(type, 'Client') ?? '';
    org.putComponent(type, 'Client', header.replace('>Local<', '>Packaged<'));
    assert.match((await token(0, withAdmin('Client'))).stdout, /^ {2}ok +lifetime +60 minutes/m);
  });

  const failures: [what: string, prepare: () => Record<string, string>, args: string[], message: RegExp][] = [
    [
      'an app that is disabled',
      () => {
        putClient('Client', true, {}, { isEnabled: false });
        return withAdmin('Client');
      },
      [],
      /sign-in to org \S+ was refused/,
    ],
    [
      'an app without OAuth, which has no key',
      () => credentials('No_OAuth'),
      [],
      /was refused by \S+: invalid_client_id/,
    ],
    [
      'a wrong secret',
      () => {
        putClient('Client', true);
        return { ...credentials('Client'), SALESFORCE_CLIENT_SECRET: 'another' };
      },
      [],
      /was refused by \S+: invalid_client/,
    ],
    [
      'the name of another app',
      () => {
        putClient('Client', true);
        return withAdmin('Client');
      },
      ['--app', 'portal'],
      /the consumer key of app portal is not the one that the token was obtained with\. Name the app that the consumer key belongs to, or leave --app out\.\n$/,
    ],
    [
      'the name of an app that does not exist',
      () => {
        putClient('Client', true);
        return withAdmin('Client');
      },
      ['--app', 'Clint'],
      /does not exist\. Did you mean "Client"\?\n$/,
    ],
    [
      'the name of an installed app that shows no key, with the key of another app',
      () => {
        putClient('Client', true);
        return withAdmin('Client');
      },
      ['--app', 'acme__Billing_Sync'],
      /the token was obtained with the consumer key of app Client, not of acme__Billing_Sync/,
    ],
    [
      'no app',
      () => accessTokenEnvironment(org),
      [],
      /no app to get a token for is configured: set its consumer key \(SALESFORCE_CLIENT_ID\)/,
    ],
    [
      'an app without a secret',
      () => ({ SALESFORCE_INSTANCE_URL: org.instanceUrl, SALESFORCE_CLIENT_ID: 'key' }),
      [],
      /\n {2}client credentials: export SALESFORCE_CLIENT_SECRET="\$\(cat <file>\)"\n/,
    ],
    [
      'a wait that is no number',
      () => ({}),
      ['--wait', 'long'],
      /It must be a whole number of minutes, 1 or more\./,
    ],
  ];
  for (const [what, prepare, args, message] of failures) {
    it(`fails with one message: ${what}`, async () => {
      const { stderr } = await token(1, prepare(), ...args);
      assert.match(stderr, message);
    });
  }

  it('of another org than the sign-in for the settings fails', async () => {
    putClient('Client', true);
    const other = await startLocalOrg({ orgs: ['other'] });
    try {
      const elsewhere = other.org('other');
      const environment = {
        ...credentials('Client'),
        SALESFORCE_LOGIN_URL: org.instanceUrl,
        ...accessTokenEnvironment(elsewhere),
      };
      const { stderr } = await token(1, environment);
      assert.match(
        stderr,
        /the token is for organization \w{18}, but the sign-in for the settings leads to \w{18}/,
      );
    } finally {
      await other.close();
    }
  });
});
