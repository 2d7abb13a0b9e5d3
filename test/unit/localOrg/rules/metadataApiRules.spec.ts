import assert from 'node:assert/strict';
import { Connection } from '@jsforce/jsforce-node';
import { strToU8, zipSync } from 'fflate';
import type { LocalOrg } from '../../../../local-org/src/index.js';
import type { metadataApiRules } from '../../../../local-org/src/rules/metadataApiRules.js';
import {
  connect,
  deploy,
  globalType,
  jwtBearer,
  listApps,
  packageXml,
  path,
  policies,
  policiesType,
  retrieve,
  retrieveOne,
  soapCall,
  withOrg,
  zip,
} from '../support/client.js';
import { elementVersions } from '../../sharedFacts/facts.js';
import { checkRules } from './checkRules.js';

const portalGlobal = { type: globalType, fullName: 'portalGlblOAuth' };
const portalPolicies = { type: policiesType, fullName: 'portal_defaultPolicy' };

const jwtOn = (xml: string): string =>
  xml.replace(/<isNamedUserJwtEnabled>false</, '<isNamedUserJwtEnabled>true<');

const data = (org: LocalOrg, resource: string, token = org.accessToken): Promise<Response> =>
  fetch(`${org.instanceUrl}/services/data/${resource}`, { headers: { authorization: `Bearer ${token}` } });

const query = (org: LocalOrg, soql: string, api = 'v66.0', token?: string): Promise<Response> =>
  data(org, `${api}/query?q=${encodeURIComponent(soql)}`, token);

async function errorCode(reply: Response): Promise<string | undefined> {
  const [error] = (await reply.json()) as { errorCode: string }[];
  return error?.errorCode;
}

const tokenOf = (org: LocalOrg, role: string): string =>
  org.users.find((user) => user.role === role)!.accessToken;

/** Deploys that cannot all succeed: the first component is good, the second one is not. */
const goodAndBad = (org: LocalOrg) => [
  { ...portalGlobal, xml: jwtOn(org.component(globalType, portalGlobal.fullName)!) },
  { ...portalPolicies, xml: policies('portal', '    <isZebra>true</isZebra>\n') },
];

checkRules<keyof typeof metadataApiRules>('rules of the local org on the Metadata API and queries', {
  metadataPermission: async (org) => {
    const token = tokenOf(org, 'none');
    const fault = await soapCall(org, token, 'listMetadata', listApps);
    assert.equal(fault.status, 500);
    assert.match(await fault.text(), /<faultcode>sf:INSUFFICIENT_ACCESS</);
    const refused = await data(org, 'v66.0/metadata/deployRequest/0Af000000000000AAA', token);
    assert.deepEqual([refused.status, await errorCode(refused)], [403, 'INSUFFICIENT_ACCESS']);
  },
  secretPermission: async (org) => {
    for (const [role, shown] of [
      ['developer', true],
      ['subscriberAdmin', false],
      ['viewer', false],
    ] as const) {
      const xml = await retrieveOne(connect(org, '66.0', role), globalType, 'Agent_Gateway_glbloauth');
      assert.equal(/<consumerSecret>\w/.test(xml), shown, role);
    }
  },
  jwtOnSoap: async (org) => {
    const xml = org.component(globalType, 'Agent_Gateway_glbloauth')!;
    org.putComponent(globalType, 'Agent_Gateway_glbloauth', jwtOn(xml));
    const { access_token: token } = await jwtBearer(org, /<consumerKey>(.*)</.exec(xml)![1]!);
    const refused = await soapCall(org, token, 'listMetadata', listApps, '67.0');
    assert.equal(refused.status, 500);
    const body = await refused.text();
    assert.match(body, /<faultcode>sf:INVALID_SESSION_ID<\/faultcode>/);
    assert.match(body, /SOAP API does not support JWT-based access tokens/);
    assert.equal((await soapCall(org, token, 'listMetadata', listApps, '68.0')).status, 200);
    const record = `<met:type>${policiesType}</met:type><met:fullNames>Partner_API</met:fullNames>`;
    assert.equal(await (await soapCall(org, token, 'readMetadata', record, '67.0')).text(), body);
    assert.equal((await soapCall(org, token, 'readMetadata', record, '68.0')).status, 200);
    assert.equal((await query(org, 'SELECT Id FROM Organization', 'v60.0', token)).status, 200);
  },
  soapLogin: async (org) => {
    const logIn = (version: string) =>
      new Connection({ loginUrl: org.instanceUrl, version }).login(org.username, org.password);
    assert.equal((await logIn('64.0')).organizationId, org.organizationId);
    await assert.rejects(logIn('65.0'), /not available from API version 65.0/);
  },
  retrieveOverSoap: async (org) => {
    assert.equal((await data(org, 'v68.0/metadata/retrieveRequest')).status, 404);
  },
  oneDeployAtATime: () =>
    withOrg(
      async (org) => {
        const component = { ...portalGlobal, xml: org.component(globalType, portalGlobal.fullName)! };
        const { metadata } = connect(org);
        for (let count = 0; count < 2; count += 1)
          await metadata.deploy(zip([component], '68.0'), { singlePackage: true });
        org.advanceClock(30_000);
        assert.deepEqual(
          org.deploys.map(({ status }) => status),
          ['InProgress', 'Pending'],
        );
        org.advanceClock(60_000);
        assert.deepEqual(
          org.deploys.map(({ status }) => status),
          ['Succeeded', 'InProgress'],
        );
      },
      { deployMs: 60_000 },
    ),
  checkOnly: async (org) => {
    const [good] = goodAndBad(org);
    const before = org.component(globalType, portalGlobal.fullName);
    assert.equal((await deploy(connect(org), [good!], { checkOnly: true })).status, 'Succeeded');
    assert.equal(org.component(globalType, portalGlobal.fullName), before);
  },
  rollbackOnError: async (org) => {
    const before = org.component(globalType, portalGlobal.fullName)!;
    assert.equal((await deploy(connect(org), goodAndBad(org))).status, 'Failed');
    assert.equal(org.component(globalType, portalGlobal.fullName), before);
    const partial = await deploy(connect(org), goodAndBad(org), { rollbackOnError: false });
    assert.equal(partial.status, 'SucceededPartial');
    assert.equal(org.component(globalType, portalGlobal.fullName), jwtOn(before));
  },
  finalizing: () =>
    withOrg(
      async (org) => {
        const component = { ...portalGlobal, xml: org.component(globalType, portalGlobal.fullName)! };
        const { metadata } = connect(org);
        const { id } = await metadata.deploy(zip([component], '68.0'), { singlePackage: true });
        org.advanceClock(58_000);
        assert.equal((await metadata.checkDeployStatus(id)).status, 'Finalizing');
        org.faults.change({ finalizingStatus: 'FinalizingDeploy' });
        assert.equal((await metadata.checkDeployStatus(id)).status, 'FinalizingDeploy');
        assert.equal((await connect(org, '64.0').metadata.checkDeployStatus(id)).status, 'InProgress');
        const refused = await soapCall(
          org,
          org.accessToken,
          'cancelDeploy',
          `<met:String>${id}</met:String>`,
        );
        assert.match(await refused.text(), /being finalized/);
      },
      { deployMs: 60_000 },
    ),
  canceledDeploy: async (org) => {
    const before = org.component(globalType, portalGlobal.fullName)!;
    const xml = jwtOn(await retrieveOne(connect(org, '64.0'), globalType, portalGlobal.fullName));
    for (const [committed, after] of [
      [false, before],
      [true, jwtOn(before)],
    ] as const) {
      org.faults.cancelNextDeploy({ committed });
      assert.equal((await deploy(connect(org, '64.0'), [{ ...portalGlobal, xml }])).status, 'Canceled');
      assert.equal(org.component(globalType, portalGlobal.fullName), after);
    }
  },
  filesOfPackage: async (org) => {
    const archive = zipSync({
      'package.xml': strToU8(packageXml([{ type: policiesType, fullName: 'other' }], '68.0')),
      [path(portalPolicies)]: strToU8(policies('portal', '')),
    });
    const { metadata } = connect(org);
    const { id } = await metadata.deploy(Buffer.from(archive), { singlePackage: true });
    const result = await metadata.checkDeployStatus(id, true);
    assert.deepEqual(
      [result.details.componentFailures].flat().map(({ problem }) => problem),
      [
        `An object 'other' of type ${policiesType} was named in package.xml, but was not found in zipped directory`,
        'Not in package.xml',
      ],
    );
  },
  // Up to the limits: test/unit/localOrg/http/hostileInput.spec.ts.
  zipLimits: async (org) => {
    const files = Array.from({ length: 10_000 }, (_, index) => [`f/${index}`, new Uint8Array()] as const);
    const manifest = { 'package.xml': strToU8(packageXml([], '68.0')) };
    const archive = zipSync({ ...manifest, ...Object.fromEntries(files) }, { level: 0 });
    const { metadata } = connect(org);
    const { id } = await metadata.deploy(Buffer.from(archive), { singlePackage: true });
    const { errorMessage } = await metadata.checkDeployStatus(id);
    assert.equal(errorMessage, 'The zip file cannot be read: it holds more than 10000 files');
  },
  messageLimit: async (org) => {
    const reply = await fetch(`${org.instanceUrl}/services/Soap/m/66.0`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: Buffer.alloc(50 * 1024 * 1024 + 1, 0x20),
    });
    assert.equal(reply.status, 500);
    const body = await reply.text();
    assert.match(body, /<faultcode>sf:LIMIT_EXCEEDED<\/faultcode>/);
    assert.match(body, /Maximum size of request is 52428800 bytes\./);
  },
  zipHandedOutOnce: async (org) => {
    const { metadata } = connect(org);
    const types = [{ name: policiesType, members: ['*'] }];
    const { id } = await metadata.retrieve({ unpackaged: { types, version: '66.0' } } as never);
    await metadata.checkRetrieveStatus(id);
    await assert.rejects(metadata.checkRetrieveStatus(id), { name: 'sf:INVALID_LOCATOR' });
  },
  missingMembers: async (org) => {
    const { texts, problems } = await retrieve(connect(org), {
      [policiesType]: [portalPolicies.fullName, 'nowhere'],
    });
    assert.equal(texts.size, 1);
    assert.deepEqual(problems, [`Entity of type '${policiesType}' named 'nowhere' cannot be found`]);
  },
  partialRetrieve: async (org) => {
    const name = portalPolicies.fullName;
    const message = `Load of metadata from db failed for metadata of type:${policiesType} and file name:${name}.`;
    for (const [how, problems] of [
      ['loadFails', [message]],
      ['notReturned', []],
    ] as const) {
      org.faults.change({ hideComponent: { [name]: how } });
      for (const asked of ['*', name]) {
        const retrieved = await retrieve(connect(org), { [policiesType]: [asked] });
        assert.equal(retrieved.texts.has(`${policiesType}/${name}`), false);
        assert.deepEqual(retrieved.problems, problems);
      }
      const listed = await connect(org).metadata.list([{ type: policiesType }], '66.0');
      assert.ok(listed.some(({ fullName }) => fullName === name));
    }
  },
  hiddenComponents: async (org) => {
    org.faults.hideComponent('*', 'notListed');
    for (const type of ['ExternalClientApplication', globalType, policiesType]) {
      const { texts, problems } = await retrieve(connect(org), { [type]: ['*'] });
      assert.deepEqual([texts.size, problems], [0, []]);
      assert.deepEqual(await connect(org).metadata.list([{ type }], '66.0'), []);
    }
    const { problems } = await retrieve(connect(org), { [policiesType]: [portalPolicies.fullName] });
    assert.deepEqual(problems, [
      `Entity of type '${policiesType}' named '${portalPolicies.fullName}' cannot be found`,
    ]);
  },
  elementsOfVersion: async (org) => {
    const names = (xml: string): string[] => [...xml.matchAll(/^ {4}<(\w+)>/gm)].map(([, name = '']) => name);
    for (const [type, late] of Object.entries(elementVersions)) {
      const [fullName = ''] = org.componentNames(type);
      const before = org.component(type, fullName)!;
      const known = Object.keys(late).filter((name) => !before.includes(`<${name}>`));
      const xml = before.replace(
        /^ {4}</m,
        `${known.map((name) => `    <${name}>x</${name}>\n`).join('')}$&`,
      );
      org.putComponent(type, fullName, xml);
      for (const version of [60, 61, 62, 63, 64, 65, 66, 67, 68]) {
        const has = (name: string): boolean => {
          const [since, until = Infinity] = late[name] ?? [0];
          return since <= version && version <= until;
        };
        const connection = connect(org, `${version}.0`);
        const expected = names(xml).filter(has);
        assert.deepEqual(
          names(await retrieveOne(connection, type, fullName)),
          expected,
          `${type} ${version}`,
        );
        const record = await connection.metadata.read(type as never, fullName);
        assert.deepEqual(
          Object.keys(record)
            .filter((name) => !['$', 'fullName'].includes(name))
            .sort(),
          expected.toSorted(),
          `${type} ${version}`,
        );
      }
      assert.equal(org.component(type, fullName), xml);
    }
  },
  wildcard: async (org) => {
    for (const type of ['ExternalClientApplication', globalType, policiesType]) {
      const { texts } = await retrieve(connect(org), { [type]: ['*'] });
      assert.equal(texts.size, org.componentNames(type).length, type);
    }
  },
  wildcardManaged: async (org) => {
    const ofPackage = `${policiesType}/acme__Ledger_defaultPolicy`;
    for (const wildcardReturnsManaged of [true, false]) {
      org.faults.wildcardReturnsManaged = wildcardReturnsManaged;
      const { texts } = await retrieve(connect(org), { [policiesType]: ['*'] });
      assert.equal(texts.has(ofPackage), wildcardReturnsManaged);
    }
  },
  listQueries: async (org) => {
    assert.equal((await soapCall(org, org.accessToken, 'listMetadata', listApps.repeat(3))).status, 200);
    const refused = await soapCall(org, org.accessToken, 'listMetadata', listApps.repeat(4));
    assert.match(await refused.text(), /<faultcode>sf:LIMIT_EXCEEDED</);
  },
  namespacedNames: async (org) => {
    const { metadata } = connect(org);
    const names = (await metadata.list([{ type: policiesType }], '68.0')).map(({ fullName }) => fullName);
    assert.ok(names.includes('acme__Ledger_defaultPolicy'));
    const [found, missing] = (await metadata.read(policiesType as never, [
      'acme__Ledger_defaultPolicy',
      'Ledger_defaultPolicy',
    ])) as unknown as { fullName?: string }[];
    assert.deepEqual([found?.fullName, missing?.fullName], ['acme__Ledger_defaultPolicy', undefined]);
  },
  ownNamespace: () =>
    withOrg(
      async (org) => {
        assert.equal(org.namespace, 'shopns');
        assert.ok(org.componentNames('ExternalClientApplication').includes('shopns__portal'));
        const { metadata } = connect(org);
        const [portal] = (await metadata.list([{ type: 'ExternalClientApplication' }], '66.0')).filter(
          ({ fullName }) => fullName === 'shopns__portal',
        );
        assert.deepEqual([portal?.namespacePrefix, portal?.manageableState], ['shopns', 'unmanaged']);
        assert.equal((await metadata.describe('66.0')).organizationNamespace, 'shopns');
        const reply = await query(org, 'SELECT NamespacePrefix FROM Organization');
        const { records } = (await reply.json()) as { records: { NamespacePrefix: string }[] };
        assert.equal(records[0]?.NamespacePrefix, 'shopns');
        const xml = jwtOn(org.component(globalType, 'portalGlblOAuth')!);
        const component = { type: globalType, fullName: 'shopns__portalGlblOAuth', xml };
        assert.equal((await deploy(connect(org), [component])).status, 'Succeeded');
        assert.equal(org.component(globalType, 'portalGlblOAuth'), xml);
      },
      { namespaces: { dev: 'shopns' } },
    ),
  namesApart: {
    on: async (org) => {
      const listed = await connect(org).metadata.list([{ type: 'ExternalClientApplication' }], '66.0');
      const ledger = listed.find(({ namespacePrefix }) => namespacePrefix === 'acme');
      assert.equal(ledger?.fullName, 'Billing_Sync');
    },
    off: async (org) => {
      const listed = await connect(org).metadata.list([{ type: 'ExternalClientApplication' }], '66.0');
      const ledger = listed.find(({ namespacePrefix }) => namespacePrefix === 'acme');
      assert.equal(ledger?.fullName, 'acme__Billing_Sync');
    },
  },
  upsertReplaces: async (org) => {
    const record = (content: string) =>
      `<met:metadata xsi:type="${policiesType}"><met:fullName>portal_defaultPolicy</met:fullName>${content}<met:externalClientApplication>portal</met:externalClientApplication></met:metadata>`;
    for (const operation of ['upsertMetadata', 'updateMetadata']) {
      const refused = await soapCall(
        org,
        org.accessToken,
        operation,
        record('<met:guestJwtTimeout>16</met:guestJwtTimeout>'),
      );
      assert.match(await refused.text(), /<message>bad value for restricted picklist field: 16</);
      const saved = await soapCall(org, org.accessToken, operation, record('<met:label>New</met:label>'));
      assert.match(await saved.text(), /<success>true</);
      assert.equal(
        org.component(policiesType, 'portal_defaultPolicy')!.replace(/\s/g, ''),
        policies('portal', '    <label>New</label>\n').replace(/\s/g, ''),
      );
    }
  },
  deployRequestQuery: async (org) => {
    const soql = 'SELECT Id FROM DeployRequest';
    assert.equal((await query(org, soql, 'v49.0/tooling')).status, 200);
    for (const [api, token] of [
      ['v48.0/tooling', org.accessToken],
      ['v66.0/tooling', tokenOf(org, 'none')],
      ['v66.0', org.accessToken],
    ] as const) {
      assert.equal(await errorCode(await query(org, soql, api, token)), 'INVALID_TYPE', api);
    }
  },
  appQuery: {
    on: async (org) => {
      assert.equal((await query(org, 'SELECT Id FROM ExternalClientApplication')).status, 200);
    },
    off: async (org) => {
      assert.equal(
        await errorCode(await query(org, 'SELECT Id FROM ExternalClientApplication')),
        'INVALID_TYPE',
      );
    },
  },
  policiesQuery: async (org) => {
    const from = "FROM ExtlClntAppOauthPlcyCnfg WHERE DeveloperName = 'Partner_API'";
    const soql = `SELECT NamedUserJwtTimeout, NamedUserJwtSessionTimeoutType, IsNamedUserJwtEnabled ${from}`;
    const { records } = (await (await query(org, soql, 'v65.0')).json()) as { records: object[] };
    assert.deepEqual(
      records.map((record) => ({ ...record, attributes: undefined })),
      [
        {
          attributes: undefined,
          NamedUserJwtTimeout: '30',
          NamedUserJwtSessionTimeoutType: 'Custom',
          IsNamedUserJwtEnabled: false,
        },
      ],
    );
    assert.equal(await errorCode(await query(org, soql, 'v64.0')), 'INVALID_FIELD');
    assert.equal((await query(org, `SELECT NamedUserJwtTimeout ${from}`, 'v64.0')).status, 200);
    assert.equal(await errorCode(await query(org, soql, 'v66.0/tooling')), 'INVALID_TYPE');
  },
  policiesQueryShowsGlobal: {
    on: async (org) => {
      assert.deepEqual(await shownAsEnabled(org), ['Partner_API']);
    },
    off: async (org) => {
      assert.deepEqual(await shownAsEnabled(org), []);
    },
  },
  authSessionQuery: async (org) => {
    const soql = 'SELECT IsAssociatedWithJwtAccessToken FROM AuthSession';
    assert.equal((await query(org, soql, 'v64.0')).status, 200);
    assert.equal(await errorCode(await query(org, soql, 'v63.0')), 'INVALID_FIELD');
    for (const role of ['subscriberAdmin', 'viewer', 'none'])
      assert.equal(await errorCode(await query(org, soql, 'v66.0', tokenOf(org, role))), 'INVALID_TYPE');
  },
});

/** The local policies that the query shows with JWT on. */
async function shownAsEnabled(org: LocalOrg): Promise<string[]> {
  const reply = await query(
    org,
    "SELECT DeveloperName FROM ExtlClntAppOauthPlcyCnfg WHERE IsNamedUserJwtEnabled = true AND DeveloperName LIKE 'Partner%'",
  );
  const { records } = (await reply.json()) as { records: { DeveloperName: string }[] };
  return records.map(({ DeveloperName }) => DeveloperName);
}
