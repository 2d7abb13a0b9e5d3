import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { kindsBesideVersions, requestKinds } from '../support/arrivals.js';
import { callCommandLine, runCommandLine } from '../support/commandLine.js';
import { DynamicProviderProcess } from '../support/dynamicProviderProcess.js';
import { jwtBearerEnvironment } from '../support/policyProgram.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { startSalesforceHosts, type SalesforceHosts } from '../support/salesforceHosts.js';
import { startTestServer } from '../unit/provider/org/support/testServer.js';

describeForEachProgram('a sign-in and the address that its session is for', function () {
  this.timeout(120_000);
  const secret = 's3cr3t-of-the-app';
  const token = '00D000000000062!AQ.t0k3n';
  let hosts: SalesforceHosts;
  before(async () => {
    hosts = await startSalesforceHosts([
      'acme.my.salesforce.com',
      'other.my.salesforce.com',
      'login.salesforce.com',
      'org.example.com',
    ]);
  });
  after(() => hosts.close());
  beforeEach(() => {
    hosts.requests.length = 0;
    hosts.answers.clear();
  });

  const tokenPath = '/services/oauth2/token';
  const give = (at: string, instanceUrl: string): void => {
    hosts.answers.set(at + tokenPath, {
      access_token: token,
      instance_url: instanceUrl,
      id: 'https://login.salesforce.com/id/00D000000000062EAA/005000000000001AAA',
    });
  };

  async function audit(settings: Record<string, string>): Promise<string> {
    const { code, stdout, stderr } = await runCommandLine(['audit'], {
      ...hosts.environment,
      SALESFORCE_CLIENT_ID: '3MVG9.App',
      SALESFORCE_CLIENT_SECRET: secret,
      ...settings,
    });
    assert.deepEqual([code, stdout], [1, ''], stderr);
    assert(!stderr.includes(secret) && !stderr.includes('t0k3n'), stderr);
    return stderr;
  }
  const versionsPath = '/services/data';
  const paths = (): string[] => hosts.requests.map(({ host, path }) => host + path);
  /** Without the question for the API versions, which carries nothing and goes out beside the sign-in. */
  const pathsBesideVersions = (): string[] => paths().filter((path) => !path.endsWith(versionsPath));

  it('is refused if the response names another org than instanceUrl', async () => {
    give('login.salesforce.com', 'https://other.my.salesforce.com');
    assert.match(
      await audit({
        SALESFORCE_LOGIN_URL: 'https://login.salesforce.com',
        SALESFORCE_INSTANCE_URL: 'https://acme.my.salesforce.com',
      }),
      /: https:\/\/login\.salesforce\.com returned a session for https:\/\/other\.my\.salesforce\.com, but instanceUrl is https:\/\/acme\.my\.salesforce\.com\. The session was not used\. /,
    );
    assert.deepEqual(pathsBesideVersions(), [`login.salesforce.com${tokenPath}`]);
  });

  it('is refused if only My Domain is set and the response names another org', async () => {
    give('acme.my.salesforce.com', 'https://other.my.salesforce.com');
    assert.match(
      await audit({ SALESFORCE_INSTANCE_URL: 'https://acme.my.salesforce.com' }),
      /returned a session for https:\/\/other\.my\.salesforce\.com, but instanceUrl is https:\/\/acme\.my\.salesforce\.com\./,
    );
    assert.deepEqual(pathsBesideVersions(), [`acme.my.salesforce.com${tokenPath}`]);
  });

  it('is refused if another host sends the session to this machine', async () => {
    const listener = await startTestServer();
    try {
      give('login.salesforce.com', listener.url);
      assert.match(
        await audit({ SALESFORCE_LOGIN_URL: 'https://login.salesforce.com' }),
        /returned a session for http:\/\/127\.0\.0\.1:\d+, an address on this machine\. The session was not used\./,
      );
      assert.deepEqual(listener.requests, []);
    } finally {
      await listener.close();
    }
  });

  for (const key of ['SALESFORCE_INSTANCE_URL', 'SALESFORCE_LOGIN_URL']) {
    it(`at a login host, set as ${key}, is for the org in the response, which messages name`, async () => {
      give('login.salesforce.com', 'https://acme.my.salesforce.com');
      assert.match(
        await audit({ [key]: 'https://login.salesforce.com' }),
        /^pulumi-salesforce-eca: \[ECA1601\] org https:\/\/acme\.my\.salesforce\.com did not respond as expected: /,
      );
      assert.deepEqual(paths(), [
        `login.salesforce.com${tokenPath}`,
        `acme.my.salesforce.com${versionsPath}`,
      ]);
    });
  }

  describe('by JWT bearer', () => {
    let server: LocalOrgServer;
    let org: LocalOrg;
    let other: LocalOrg;
    before(async () => {
      server = await startLocalOrg({ orgs: ['dev', 'other'] });
      org = server.org('dev');
      other = server.org('other');
    });
    after(() => server.close());
    beforeEach(() => {
      for (const each of server.orgs) {
        each.faults.clear();
        each.clearRequests();
      }
    });

    it('requires the audience for a host that is not known to be Salesforce’s, and sends nothing there', async () => {
      const { code, stderr } = await runCommandLine(['audit'], {
        ...hosts.environment,
        ...jwtBearerEnvironment(org),
        SALESFORCE_INSTANCE_URL: 'https://org.example.com',
      });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /: https:\/\/org\.example\.com is not a known Salesforce address, so salesforce:audience must be set: /,
      );
      assert.deepEqual(hosts.requests, []);
    });

    it('sends it there with an audience', async () => {
      const { stderr } = await runCommandLine(['audit'], {
        ...hosts.environment,
        ...jwtBearerEnvironment(org),
        SALESFORCE_INSTANCE_URL: 'https://org.example.com',
        SALESFORCE_AUDIENCE: 'https://org.example.com',
      });
      assert.match(stderr, /sign-in to org https:\/\/org\.example\.com failed: /);
      assert(hosts.requests.length > 0);
    });

    it('treats the names of this machine as the same', async () => {
      const environment = {
        ...jwtBearerEnvironment(org),
        SALESFORCE_LOGIN_URL: org.instanceUrl,
        SALESFORCE_INSTANCE_URL: org.instanceUrl.replace('127.0.0.1', 'localhost'),
      };
      const { code, stderr } = await callCommandLine(['audit'], environment);
      assert.notEqual(code, 1, stderr);
    });

    it('is refused if the local org is not the one of instanceUrl', async () => {
      const { code, stderr } = await callCommandLine(['audit'], {
        ...jwtBearerEnvironment(org),
        SALESFORCE_LOGIN_URL: org.instanceUrl,
        SALESFORCE_INSTANCE_URL: other.instanceUrl,
      });
      assert.equal(code, 1);
      assert(
        stderr.includes(
          `returned a session for ${org.instanceUrl}, but instanceUrl is ${other.instanceUrl}.`,
        ),
        stderr,
      );
      assert.deepEqual([kindsBesideVersions(org), kindsBesideVersions(other)], [['token'], []]);
    });

    it('signs in with a new assertion if the response to the first was lost, because the org accepts it only once', async () => {
      org.faults.add({ on: 'token', times: 1, do: { kind: 'reset', when: 'after' } });
      const { code, stderr } = await callCommandLine(['audit'], jwtBearerEnvironment(org));
      assert.notEqual(code, 1, stderr);
      assert.equal(requestKinds(org).filter((kind) => kind === 'token').length, 2);
    });

    it('prints nothing into the diagnostics of the run', async () => {
      const provider = await DynamicProviderProcess.start();
      try {
        const { SALESFORCE_PRIVATE_KEY: privateKey = '' } = jwtBearerEnvironment(org);
        await provider.configure({
          'salesforce:instanceUrl': org.instanceUrl,
          'salesforce:clientId': org.clientId,
          'salesforce:username': org.username,
          'salesforce:privateKey': privateKey,
        });
        await assert.rejects(
          provider.create({ externalClientApplication: 'No_Such_App', namedUserJwtTimeout: 15 }),
        );
        assert.match(provider.output, /^\d+\r?\n$/);
      } finally {
        await provider.dispose();
      }
    });
  });
});
