import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from '../../../../local-org/src/index.js';
import { readOrgConfiguration } from '../../../../provider/src/signIn/configuration.js';
import { SalesforceApiError } from '../../../../provider/src/org/errors.js';
import { connect, type OrgConnection } from '../../../../provider/src/org/orgConnection.js';
import { packageXml, zipComponents } from '../../../../provider/src/components/packageZip.js';
import { SignInError } from '../../../../provider/src/signIn/session.js';
import { putApp } from '../../../support/localApps.js';
import { startTestServer } from '../org/support/testServer.js';
import {
  jsonResult,
  redacted,
  startFakeSalesforceCli,
  type FakeSalesforceCli,
} from '../support/fakeSalesforceCli.js';
import { contextWithoutEngine } from '../../../../provider/src/org/orgContext.js';

const consumerSecret = '5ECRET.OF.THE.APP';

type Settings = Readonly<Record<string, string>>;

function connectWith(settings: Settings): Promise<OrgConnection> {
  const read = (key: string): string | undefined => settings[key.replace('salesforce:', '')];
  return connect(readOrgConfiguration(read, {}, undefined, false), contextWithoutEngine());
}

/** A request over SOAP. */
const list = (connection: OrgConnection): Promise<unknown> =>
  connection.read((api) => api.listMetadata(['ExternalClientApplication']));

const isExpired = (error: unknown): boolean => {
  assert(error instanceof SalesforceApiError, String(error));
  assert.equal(error.errorCode, 'INVALID_SESSION_ID');
  return true;
};

describe('an expired session', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'other'] });
    org = server.org('dev');
  });
  after(() => server.close());
  beforeEach(() => {
    for (const each of server.orgs) {
      each.faults.clear();
      each.clearRequests();
    }
    putApp(org, 'Machine', {
      globalSettings: { consumerSecret, isClientCredentialsFlowEnabled: true },
      policies: { isClientCredentialsFlowEnabled: true, clientCredentialsFlowUser: org.username },
    });
  });

  const count = (kind: string): number => org.requests.filter((request) => request.kind === kind).length;
  const jwtBearer = (): Settings => ({
    instanceUrl: org.instanceUrl,
    clientId: org.clientId,
    username: org.username,
    privateKey: org.privateKeyFile,
  });
  const clientCredentials = (): Settings => ({
    instanceUrl: org.instanceUrl,
    clientId: '3MVG9.Machine',
    clientSecret: consumerSecret,
  });
  const sfdxAuthUrl = (): Settings => ({
    sfdxAuthUrl: `force://${org.clientId}::${org.issueRefreshToken()}@${new URL(org.instanceUrl).host}`,
  });
  const expire = (on: 'listMetadata' | 'deploy' | 'userinfo', times?: number): void => {
    org.faults.add({ on, ...(times === undefined ? {} : { times }), do: { kind: 'sessionExpired' } });
  };

  for (const [name, settings] of [
    ['JWT bearer', jwtBearer],
    ['client credentials', clientCredentials],
    ['an SFDX auth URL', sfdxAuthUrl],
  ] as const) {
    it(`is replaced by one new sign-in with ${name}, and the request goes on`, async () => {
      const connection = await connectWith(settings());
      expire('listMetadata', 1);
      await list(connection);
      assert.deepEqual([count('token'), count('listMetadata')], [2, 2]);
    });

    it(`with ${name} ends with the org's reason when it stays refused`, async () => {
      const connection = await connectWith(settings());
      expire('listMetadata');
      await assert.rejects(list(connection), isExpired);
      assert.deepEqual([count('token'), count('listMetadata')], [2, 2]);
    });
  }

  it('is replaced when its lifetime is over', async () => {
    const connection = await connectWith(jwtBearer());
    await list(connection);
    org.advanceClock(24 * 60 * 60_000);
    await list(connection);
    assert.equal(count('token'), 2);
  });

  it('is replaced once for all requests that are refused at the same time', async () => {
    const connection = await connectWith(jwtBearer());
    org.advanceClock(24 * 60 * 60_000);
    await Promise.all(Array.from({ length: 20 }, () => list(connection)));
    assert.equal(count('token'), 2);
  });

  it('is replaced again if it expires after a request has succeeded', async () => {
    const connection = await connectWith(jwtBearer());
    for (let time = 1; time <= 10; time += 1) {
      expire('listMetadata', 1);
      await list(connection);
    }
    assert.equal(count('token'), 11);
  });

  it('is replaced at most three times while no request succeeds, however many there are', async () => {
    const connection = await connectWith(jwtBearer());
    expire('listMetadata');
    for (let time = 1; time <= 10; time += 1) {
      await assert.rejects(list(connection), isExpired);
    }
    assert.equal(count('token'), 4);
  });

  it('allows a deploy to be sent again, which the org then accepts once', async () => {
    const connection = await connectWith(jwtBearer());
    expire('deploy', 1);
    const zip = zipComponents(
      new Map([['package.xml', Buffer.from(packageXml(new Map(), `${connection.apiVersion}.0`))]]),
    );
    await connection.send((api) => api.startDeploy(zip, { checkOnly: true }));
    assert.deepEqual([count('token'), count('deploy'), org.deploys.length], [2, 2, 1]);
  });

  it('is replaced when the org is asked for the signed-in user', async () => {
    const connection = await connectWith(jwtBearer());
    await list(connection);
    org.advanceClock(24 * 60 * 60_000);
    assert.equal(await connection.userId(), org.users.find(({ role }) => role === 'developer')?.userId);
    assert.equal(count('token'), 2);
  });

  it('is not kept for the user when it was refused', async () => {
    const connection = await connectWith(jwtBearer());
    expire('userinfo', 2);
    await assert.rejects(connection.userId());
    await connection.userId();
    assert.equal(count('userinfo'), 3);
  });

  it('of a refused sign-in is passed on with its cause', async () => {
    const connection = await connectWith(clientCredentials());
    expire('listMetadata');
    putApp(org, 'Machine', { globalSettings: { consumerSecret: 'another' } });
    await assert.rejects(list(connection), (error) => {
      assert(error instanceof SignInError);
      assert.match(error.message, /invalid client credentials/);
      return true;
    });
  });

  describe('of a configured access token', () => {
    it("ends with the org's reason at once", async () => {
      const { accessToken } = org.users.find(({ role }) => role === 'viewer')!;
      const connection = await connectWith({ instanceUrl: org.instanceUrl, accessToken });
      await list(connection);
      await fetch(`${org.instanceUrl}/services/oauth2/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ token: accessToken }),
      });
      org.clearRequests();
      await assert.rejects(list(connection), isExpired);
      assert.deepEqual([count('token'), count('listMetadata')], [0, 1]);
    });
  });

  describe('of the Salesforce CLI', () => {
    let cli: FakeSalesforceCli;
    beforeEach(async () => {
      cli = await startFakeSalesforceCli();
    });
    afterEach(() => cli.remove());

    const behave = (of: LocalOrg, accessToken = of.accessToken): Promise<void> =>
      cli.behave({
        'org display': jsonResult({
          id: of.organizationId,
          instanceUrl: of.instanceUrl,
          accessToken: redacted,
          clientId: 'PlatformCLI',
        }),
        'org auth show-access-token': jsonResult({ accessToken }),
      });

    it('is replaced by the one that the CLI has now', async () => {
      await behave(org, `${org.organizationId.slice(0, 15)}!STALE`);
      const connection = await connectWith({ targetOrg: 'dev' });
      await behave(org);
      await list(connection);
      assert.deepEqual([(await cli.calls()).length, count('listMetadata'), count('token')], [4, 2, 0]);
    });

    it("ends with the org's reason if the CLI has no newer one", async () => {
      await behave(org, `${org.organizationId.slice(0, 15)}!STALE`);
      const connection = await connectWith({ targetOrg: 'dev' });
      await assert.rejects(list(connection), isExpired);
      assert.deepEqual([(await cli.calls()).length, count('listMetadata')], [4, 2]);
    });

    it('is not replaced by one of another org', async () => {
      const other = server.org('other');
      await behave(org);
      const connection = await connectWith({ targetOrg: 'dev' });
      await behave(other);
      expire('listMetadata', 1);
      await assert.rejects(list(connection), {
        message:
          `[ECA1702] org dev: a new sign-in led to organization ${other.organizationId} instead of ${org.organizationId}; nothing more was ` +
          'sent',
      });
      assert.deepEqual(other.requests, []);
    });
  });

  it('is not replaced by one for another address', async () => {
    const [first, elsewhere] = [await startTestServer(), await startTestServer()];
    try {
      let tokens = 0;
      first.answer = ({ url }, response) => {
        const isToken = url === '/services/oauth2/token';
        if (isToken) tokens += 1;
        response.writeHead(isToken ? 200 : 401, { 'content-type': 'application/json' }).end(
          JSON.stringify(
            isToken
              ? {
                  access_token: `00D000000000062!AQ.${tokens}`,
                  instance_url: tokens === 1 ? first.url : elsewhere.url,
                }
              : [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
          ),
        );
      };
      const host = new URL(first.url).host;
      const connection = await connectWith({ sfdxAuthUrl: `force://id::first@${host}`, apiVersion: '66.0' });
      await assert.rejects(
        connection.read((api) => api.query('SELECT Id FROM User')),
        {
          message: `[ECA1605] org ${first.url}: a new sign-in led to ${elsewhere.url} instead of ${first.url}; nothing more was sent`,
        },
      );
      assert.deepEqual(elsewhere.requests, []);
    } finally {
      await Promise.all([first.close(), elsewhere.close()]);
    }
  });

  it('is replaced with the refresh token that the org returned instead of the first', async () => {
    const rotating = await startTestServer();
    try {
      let tokens = 0;
      rotating.answer = ({ url }, response) => {
        const isToken = url === '/services/oauth2/token';
        if (isToken) tokens += 1;
        const isStale = !isToken && tokens < 2;
        response.writeHead(isStale ? 401 : 200, { 'content-type': 'application/json' }).end(
          JSON.stringify(
            isToken
              ? {
                  access_token: `00D000000000062!AQ.${tokens}`,
                  refresh_token: `next.${tokens}`,
                  instance_url: rotating.url,
                }
              : isStale
                ? [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }]
                : { done: true, totalSize: 0, records: [] },
          ),
        );
      };
      const host = new URL(rotating.url).host;
      const connection = await connectWith({ sfdxAuthUrl: `force://id::first@${host}`, apiVersion: '66.0' });
      await connection.read((api) => api.query('SELECT Id FROM User'));
      assert.deepEqual(
        rotating.requests
          .filter(({ method }) => method === 'POST')
          .map(({ body }) => new URLSearchParams(body).get('refresh_token')),
        ['first', 'next.1'],
      );
    } finally {
      await rotating.close();
    }
  });
});
