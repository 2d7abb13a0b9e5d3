import assert from 'node:assert/strict';
import type { Connection } from '@jsforce/jsforce-node';
import type { LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import { connect, globalType, zip } from '../support/client.js';

describe('the local org over REST', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  let connection: Connection;
  before(async () => {
    server = await startLocalOrg({ apiVersion: '67.0' });
    org = server.org('dev');
    connection = connect(org, '67.0');
  });
  after(() => server.close());

  it('lists the versions from 58.0 to its newest', async () => {
    const versions = (await (await fetch(`${org.instanceUrl}/services/data`)).json()) as Record<
      string,
      string
    >[];
    assert.deepEqual(versions.at(0), { label: "Summer '23", url: '/services/data/v58.0', version: '58.0' });
    assert.deepEqual(versions.at(-1), { label: "Summer '26", url: '/services/data/v67.0', version: '67.0' });
  });

  it('lists the resources of a version, and the identity URL of the token', async () => {
    const { username, organization_id } = await connection.identity();
    assert.deepEqual([username, organization_id], [org.username, org.organizationId]);
    assert.equal((await fetch(`${org.instanceUrl}/services/data/v66.0`)).status, 401);
    assert.equal((await fetch(`${org.instanceUrl}/services/data/v99.0`)).status, 404);
  });

  it('finds installed apps by query', async () => {
    const { records } = await connection.query(
      "SELECT Id, DeveloperName, NamespacePrefix, DistributionState FROM ExternalClientApplication WHERE NamespacePrefix = 'acme' ORDER BY DeveloperName DESC LIMIT 1",
    );
    assert.deepEqual(
      records.map(({ DeveloperName, NamespacePrefix, DistributionState }) => [
        DeveloperName as string,
        NamespacePrefix as string,
        DistributionState as string,
      ]),
      [['Ledger', 'acme', 'Managed']],
    );
  });

  it('finds no row by LIKE if the field is null', async () => {
    const { records } = await connection.query(
      "SELECT DeveloperName FROM ExternalClientApplication WHERE NamespacePrefix LIKE '%'",
    );
    assert.deepEqual(records.map(({ DeveloperName }) => DeveloperName as string).sort(), [
      'Billing_Sync',
      'Ledger',
    ]);
  });

  for (const [pattern, names] of [
    ['portal%', ['portal', 'portal_uat']],
    ['p_rtal', ['portal']],
    ['%a%g%y', ['Agent_Gateway']],
    ['%', undefined],
  ] as const) {
    it(`finds names like ${pattern}`, async () => {
      const { records } = await connection.query(
        `SELECT DeveloperName FROM ExternalClientApplication WHERE DeveloperName LIKE '${pattern}'`,
      );
      const found = records.map(({ DeveloperName }) => DeveloperName as string).sort();
      if (names) assert.deepEqual(found, names);
      else assert.equal(found.length, org.componentNames('ExternalClientApplication').length);
    });
  }

  it('compares with a pattern of many wildcards as fast as with one of few', async () => {
    const type = 'ExternalClientApplication';
    const xml = org.component(type, 'portal')!;
    org.putComponent(type, 'portal', xml.replace(/<label>.*</, `<label>${'a'.repeat(5_000)}<`));
    const { records } = await connection.query(
      `SELECT Id FROM ExternalClientApplication WHERE MasterLabel LIKE '${'%a'.repeat(200)}%b'`,
    );
    assert.deepEqual(records, []);
    org.putComponent(type, 'portal', xml);
  });

  it('reports an address with an invalid escape in the form of its other errors', async () => {
    const response = await fetch(`${org.instanceUrl}/services/data/%zz`);
    assert.equal(response.status, 400);
    const [error] = (await response.json()) as Record<string, string>[];
    assert.deepEqual(Object.keys(error!), ['message', 'errorCode']);
  });

  it('finds a deploy by creator, time, checkOnly and component count', async () => {
    const developer = org.users.find(({ role }) => role === 'developer')!;
    const from = new Date(org.now()).toISOString();
    const xml = org.component(globalType, 'portalGlblOAuth')!;
    const component = { type: globalType, fullName: 'portalGlblOAuth', xml };
    for (const checkOnly of [true, false]) {
      await connection.metadata.deploy(zip([component], '67.0'), { singlePackage: true, checkOnly });
    }
    const { records } = await connection.tooling.query(
      `SELECT Id, Status, CheckOnly, NumberComponentsTotal, CreatedDate FROM DeployRequest WHERE CreatedById = '${developer.userId}' AND CreatedDate >= ${from} AND CheckOnly = false AND (NumberComponentsTotal = 1 OR NumberComponentsTotal IN (2, 3)) ORDER BY CreatedDate DESC LIMIT 5`,
    );
    assert.equal(records.length, 1);
    assert.equal(records[0]!.Id, org.deploys[1]!.id);
    assert.equal(records[0]!['Status'], 'Succeeded');
    assert.match(records[0]!['CreatedDate'] as string, /\+0000$/);
  });

  it('supports the requests of a sign-in with the Salesforce CLI', async () => {
    const organization = await connection.query<Record<string, unknown>>(
      'SELECT Name, InstanceName, IsSandbox, TrialExpirationDate, NamespacePrefix FROM Organization',
    );
    assert.equal(organization.records[0]!['IsSandbox'], false);
    const user = await connection.sobject('User').retrieve(org.users[0]!.userId);
    assert.equal(user['Username'], org.username);
    assert.equal((await connection.tooling.query('SELECT Id FROM SandboxProcess')).totalSize, 0);
    await assert.rejects(async () => await connection.query('SELECT Id FROM ScratchOrgInfo'), {
      name: 'INVALID_TYPE',
    });
    await assert.rejects(connection.tooling.sobject('SourceMember').describe(), {
      name: 'NOT_FOUND',
      message: /The requested resource does not exist/,
    });
  });

  it('shows the application of the current session to users with Manage Users, and INVALID_TYPE to others', async () => {
    const soql =
      'SELECT UsersId, IsAssociatedWithJwtAccessToken, LoginHistory.Application FROM AuthSession WHERE IsCurrent = true';
    const { records } = await connection.query<Record<string, unknown>>(soql);
    const developer = org.users.find(({ role }) => role === 'developer')!;
    assert.deepEqual(
      records.map(({ UsersId, IsAssociatedWithJwtAccessToken, LoginHistory }) => ({
        UsersId,
        IsAssociatedWithJwtAccessToken,
        LoginHistory,
      })),
      [
        {
          UsersId: developer.userId,
          IsAssociatedWithJwtAccessToken: false,
          LoginHistory: { attributes: { type: 'LoginHistory' }, Application: 'Browser' },
        },
      ],
    );
    await assert.rejects(async () => await connect(org, '66.0', 'viewer').query(soql), {
      name: 'INVALID_TYPE',
    });
  });

  it('reports an unknown column and a query that it cannot parse', async () => {
    await assert.rejects(async () => await connection.query('SELECT Id, Colour FROM User'), {
      name: 'INVALID_FIELD',
      message: "No such column 'Colour' on entity 'User'.",
    });
    await assert.rejects(async () => await connection.query('SELECT FROM WHERE'), {
      name: 'MALFORMED_QUERY',
    });
  });

  it('refuses versions that it does not offer', async () => {
    await assert.rejects(async () => await connect(org, '68.0').query('SELECT Id FROM User'), {
      name: 'NOT_FOUND',
    });
  });

  it('refuses a deploy without its parts, and an unknown job', async () => {
    const url = `${org.instanceUrl}/services/data/v66.0/metadata/deployRequest`;
    const headers = { authorization: `Bearer ${org.accessToken}` };
    const form = new FormData();
    form.append('entity_content', '{"deployOptions":{}}');
    const incomplete = await fetch(url, { method: 'POST', headers, body: form });
    assert.equal(incomplete.status, 400);
    assert.match(await incomplete.text(), /INVALID_INPUT/);
    assert.equal((await fetch(`${url}/0Af000000000000AAA`, { headers })).status, 404);
    const json = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(json.status, 415);
  });
});
