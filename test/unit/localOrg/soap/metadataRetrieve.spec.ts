import assert from 'node:assert/strict';
import type { LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import { connect, globalType, policiesType, retrieve, retrieveOne, withOrg } from '../support/client.js';

describe('the local org, listing and retrieving', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());

  it('lists components with id, namespace, and who changed them when', async () => {
    const list = await connect(org).metadata.list([{ type: 'ExternalClientApplication' }], '66.0');
    const ledger = list.find(({ fullName }) => fullName === 'acme__Ledger');
    assert.equal(ledger?.namespacePrefix, 'acme');
    assert.equal(ledger.lastModifiedByName, 'Dana Developer');
    assert.match(ledger.id, /^0xI[A-Za-z0-9]{15}$/);
    assert.match(ledger.lastModifiedDate, /^\d{4}-\d\d-\d\dT/);
  });

  it('describes the types with their folders and suffixes', async () => {
    const described = await connect(org).metadata.describe('66.0');
    const policies = described.metadataObjects.find(({ xmlName }) => xmlName === policiesType);
    assert.equal(policies?.directoryName, 'extlClntAppOauthPolicies');
    assert.equal(policies.suffix, 'ecaOauthPlcy');
  });

  it('lists and describes for the version that a call asks about', async () => {
    const { metadata } = connect(org, '68.0');
    const described = async (version: string): Promise<string[]> =>
      (await metadata.describe(version)).metadataObjects.map(({ xmlName }) => xmlName);
    const pluginType = 'ExtlClntAppConfigurablePolicies';
    assert.deepEqual(
      (await described('60.0')).filter((name) => name.startsWith('ExtlClnt')).length,
      (await described('59.0')).filter((name) => name.startsWith('ExtlClnt')).length + 1,
    );
    assert.ok(!(await described('58.0')).includes(policiesType));
    await assert.rejects(metadata.list([{ type: pluginType }], '59.0'), /INVALID_TYPE/);
    assert.ok((await metadata.list([{ type: pluginType }], '60.0')).length > 0);
  });

  it('retrieves every component of a type by wildcard, installed ones included', async () => {
    const { texts, problems } = await retrieve(connect(org), { [policiesType]: ['*'] });
    assert.deepEqual(
      [...texts.keys()].sort(),
      org
        .componentNames(policiesType)
        .map((name) => `${policiesType}/${name}`)
        .sort(),
    );
    assert.ok(texts.has(`${policiesType}/acme__Billing_Sync_defaultPolicy`));
    assert.deepEqual(problems, []);
  });

  it('puts files under unpackaged/ and, with singlePackage, at the root', async () => {
    const { paths } = await retrieve(connect(org), { [policiesType]: ['Partner_API'] });
    assert.deepEqual(paths.sort(), [
      'unpackaged/extlClntAppOauthPolicies/Partner_API.ecaOauthPlcy',
      'unpackaged/package.xml',
    ]);
    const { metadata } = connect(org);
    const types = [{ name: policiesType, members: ['Partner_API'] }];
    const { id } = await metadata.retrieve({
      singlePackage: true,
      unpackaged: { types, version: '66.0' },
    } as never);
    const result = await metadata.checkRetrieveStatus(id);
    assert.equal(result.fileProperties[0]?.fileName, 'extlClntAppOauthPolicies/Partner_API.ecaOauthPlcy');
  });

  it('omits elements newer than the version of the retrieve and keeps every other byte', async () => {
    const stored = org.component(policiesType, 'Partner_API')!;
    const text = await retrieveOne(connect(org, '64.0'), policiesType, 'Partner_API');
    assert.equal(text, stored.replace(/ {4}<(guest|namedUser)JwtSessionTimeoutType>.*\n/g, ''));
    const older = await retrieveOne(connect(org, '60.0'), policiesType, 'Partner_API');
    const since61 = /(?:apexHandler|executeHandlerAs|isGuestCodeCredFlowEnabled|(?:guest|namedUser)Jwt\w+)/;
    assert.equal(older, stored.replace(new RegExp(` {4}<${since61.source}>.*\\n`, 'g'), ''));
  });

  it('goes through Pending and InProgress by its own clock', () =>
    withOrg(
      async (other) => {
        const { metadata } = connect(other);
        const types = [{ name: policiesType, members: ['*'] }];
        const { id } = await metadata.retrieve({ unpackaged: { types, version: '66.0' } } as never);
        const statuses = [(await metadata.checkRetrieveStatus(id)).status];
        other.advanceClock(5 * 60_000);
        statuses.push((await metadata.checkRetrieveStatus(id)).status);
        other.advanceClock(10 * 60_000);
        statuses.push((await metadata.checkRetrieveStatus(id)).status);
        assert.deepEqual(statuses, ['Pending', 'InProgress', 'Succeeded']);
      },
      { retrieveMs: 10 * 60_000 },
    ));

  it('takes the time drawn for each retrieve', () => {
    const drawn = [60_000, 30_000];
    return withOrg(
      async (other) => {
        const { metadata } = connect(other);
        const unpackaged = { types: [{ name: policiesType, members: ['*'] }], version: '66.0' };
        const first = await metadata.retrieve({ unpackaged } as never);
        const second = await metadata.retrieve({ unpackaged } as never);
        other.advanceClock(45_000);
        assert.equal((await metadata.checkRetrieveStatus(first.id)).status, 'InProgress');
        assert.equal((await metadata.checkRetrieveStatus(second.id)).status, 'Succeeded');
      },
      { retrieveMs: () => drawn.shift()! },
    );
  });

  it('returns the state of a retrieve and of a deploy by checkStatus, which CumulusCI and jsforce 1 use', () =>
    withOrg(
      async (other) => {
        const { metadata } = connect(other);
        const checkStatus = async (...ids: string[]) => {
          const asked = ids.map((id) => `<asyncProcessId>${id}</asyncProcessId>`).join('');
          const body =
            '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata">' +
            `<e:Header><SessionHeader><sessionId>${other.accessToken}</sessionId></SessionHeader></e:Header>` +
            `<e:Body><checkStatus>${asked}</checkStatus></e:Body></e:Envelope>`;
          const headers = { 'content-type': 'text/xml', soapaction: 'checkStatus' };
          const url = `${other.instanceUrl}/services/Soap/m/66.0`;
          const text = await (await fetch(url, { method: 'POST', headers, body })).text();
          return [...text.matchAll(/<(done|state|statusCode|faultcode)>([^<]*)/g)].map(
            ([, , value]) => value,
          );
        };
        const types = [{ name: policiesType, members: ['*'] }];
        const good = await metadata.retrieve({ unpackaged: { types, version: '66.0' } } as never);
        const bad = await metadata.retrieve({ unpackaged: { types, version: '99.0' } } as never);
        const deploy = await metadata.deploy(Buffer.from('no zip'), {});
        assert.deepEqual(await checkStatus(good.id), ['false', 'Queued']);
        assert.deepEqual(await checkStatus(deploy.id), ['false', 'InProgress']);
        other.advanceClock(10 * 60_000);
        assert.deepEqual(await checkStatus(good.id, bad.id), [
          'true',
          'Completed',
          'true',
          'Error',
          'UNSUPPORTED_API_VERSION',
        ]);
        assert.deepEqual(await checkStatus(deploy.id), ['true', 'Error']);
        assert.deepEqual(await checkStatus('09S000000000000AAA'), ['sf:INVALID_ID_FIELD']);
      },
      { retrieveMs: 10 * 60_000, deployMs: 10 * 60_000 },
    ));

  it('returns in a global component every boolean, no rotation, its own key, and the certificate with line breaks', () => {
    const xml = org.component(globalType, 'Deployer_glbloauth')!;
    assert.match(xml, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<ExtlClntAppGlobalOauthSettings xmlns="/);
    assert.match(xml, /<certificate>[\w+/]{64}\n[\w+/=\n]+<\/certificate>/);
    assert.match(xml, new RegExp(`<consumerKey>${org.clientId}</consumerKey>`));
    assert.match(xml, /<shouldRotateConsumerKey>false<\/shouldRotateConsumerKey>/);
    assert.match(xml, /<isTokenExchangeEnabled>false<\/isTokenExchangeEnabled>/);
  });

  it('omits the certificate if it does not return certificates', () =>
    withOrg(async (other) => {
      other.faults.returnCertificate = false;
      const text = await retrieveOne(connect(other), globalType, 'Deployer_glbloauth');
      assert.ok(!text.includes('<certificate>'));
    }));

  it('reads components as records and returns nothing for one that does not exist', async () => {
    const [found, missing] = (await connect(org).metadata.read(policiesType as never, [
      'Partner_API',
      'nowhere',
    ])) as unknown as Record<string, unknown>[];
    assert.equal(found?.['fullName'], 'Partner_API');
    assert.equal(found['namedUserJwtTimeout'], '30');
    assert.equal(found['label'], 'Partner & Reseller API "v2"');
    assert.equal(missing?.['fullName'], undefined);
  });

  it('gives several orgs their own ids, keys and credentials', async () => {
    const two = await startLocalOrg({ orgs: ['one', 'two'] });
    try {
      const [one, other] = [two.org('one'), two.org('two')];
      for (const name of [
        'organizationId',
        'instanceUrl',
        'accessToken',
        'clientId',
        'privateKey',
      ] as const) {
        assert.notEqual(one[name], other[name], name);
      }
      assert.match(one.organizationId, /^00D[A-Za-z0-9]{15}$/);
    } finally {
      await two.close();
    }
  });
});
