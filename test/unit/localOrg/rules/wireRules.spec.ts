import assert from 'node:assert/strict';
import { strToU8, zipSync } from 'fflate';
import type { LocalOrg } from '../../../../local-org/src/index.js';
import type { wireRules } from '../../../../local-org/src/rules/wireRules.js';
import {
  connect,
  globalType,
  listApps,
  packageXml,
  path,
  policiesType,
  soapCall,
  withOrg,
  zip,
} from '../support/client.js';
import { checkRules } from './checkRules.js';

const portalGlobal = { type: globalType, fullName: 'portalGlblOAuth' };

const archive = (org: LocalOrg): Buffer =>
  zip([{ ...portalGlobal, xml: org.component(globalType, portalGlobal.fullName)! }], '68.0');

/** A REST deploy as clients send it: the zip, then the options. */
async function restDeploy(org: LocalOrg): Promise<{ url: string; status: number; id: string }> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(archive(org))], { type: 'application/zip' }), 'deploy.zip');
  form.append(
    'entity_content',
    new Blob(['{"deployOptions":{"singlePackage":true}}'], { type: 'application/json' }),
  );
  const url = `${org.instanceUrl}/services/data/v66.0/metadata/deployRequest`;
  const headers = { authorization: `Bearer ${org.accessToken}` };
  const reply = await fetch(url, { method: 'POST', headers, body: form });
  const { id } = (await reply.json()) as { id: string };
  return { url: `${url}/${id}`, status: reply.status, id };
}

const policiesByName = (name: string, extra = ''): string =>
  `<met:${name}><met:apiVersion>66.0</met:apiVersion>${extra}<met:unpackaged><met:types><met:members>Partner_API</met:members><met:name>${policiesType}</met:name></met:types><met:version>66.0</met:version></met:unpackaged></met:${name}>`;

async function textOf(reply: Promise<Response>): Promise<string> {
  return (await reply).text();
}

async function retrieved(org: LocalOrg, parameters: string, status = ''): Promise<string> {
  const started = await textOf(soapCall(org, org.accessToken, 'retrieve', parameters));
  const id = /<id>(\w+)<\/id>/.exec(started)![1]!;
  const content = `<met:asyncProcessId>${id}</met:asyncProcessId>${status}`;
  return textOf(soapCall(org, org.accessToken, 'checkRetrieveStatus', content));
}

checkRules<keyof typeof wireRules>('rules of the local org on what clients send and take', {
  endpoints: async (org) => {
    const address = `${org.instanceUrl}/services/Soap/m/66.0`;
    for (const url of [
      address,
      `${address}/${org.organizationId}`,
      address.replace('/services', '//services'),
    ]) {
      const body = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata"><e:Header><SessionHeader><sessionId>${org.accessToken}</sessionId></SessionHeader></e:Header><e:Body><describeMetadata/></e:Body></e:Envelope>`;
      const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/xml' }, body });
      assert.equal(reply.status, 200, url);
    }
  },
  prefixes: async (org) => {
    assert.equal((await soapCall(org, org.accessToken, 'listMetadata', listApps)).status, 200);
  },
  replies: async (org) => {
    const answer = await textOf(soapCall(org, org.accessToken, 'listMetadata', listApps));
    assert.match(answer, /<soapenv:Envelope [^>]*><soapenv:Body><listMetadataResponse><result>/);
    const fault = await textOf(soapCall(org, org.accessToken, 'fly'));
    assert.match(fault, /<soapenv:Body><soapenv:Fault><faultcode>sf:INVALID_OPERATION<\/faultcode>/);
  },
  expiredSession: async (org) => {
    const fault = await soapCall(org, '00D!nothing', 'listMetadata', listApps);
    assert.equal(fault.status, 500);
    assert.match(await fault.text(), /<faultcode>sf:INVALID_SESSION_ID<\/faultcode>/);
    const headers = { authorization: 'Bearer 00D!nothing' };
    const rest = await fetch(`${org.instanceUrl}/services/data/v66.0/query?q=x`, { headers });
    assert.equal(rest.status, 401);
    assert.deepEqual(await rest.json(), [
      { message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' },
    ]);
    assert.equal((await fetch(`${org.instanceUrl}/services/oauth2/userinfo`, { headers })).status, 403);
  },
  retrieveRequest: async (org) => {
    for (const name of ['request', 'retrieveRequest'])
      assert.match(await retrieved(org, policiesByName(name)), /<status>Succeeded</);
  },
  retrieveZip: async (org) => {
    const file = 'extlClntAppOauthPolicies/Partner_API.ecaOauthPlcy';
    const whole = await retrieved(org, policiesByName('request'));
    assert.match(whole, new RegExp(`<fileName>unpackaged/${file}<`));
    assert.match(whole, /<zipFile>[\w+/=]+</);
    const single = '<met:singlePackage>true</met:singlePackage>';
    const withoutZip = await retrieved(
      org,
      policiesByName('request', single),
      '<met:includeZip>false</met:includeZip>',
    );
    assert.match(withoutZip, new RegExp(`<fileName>${file}<`));
    assert.doesNotMatch(withoutZip, /<zipFile>/);
  },
  packageFolders: async (org) => {
    const component = { ...portalGlobal, xml: org.component(globalType, portalGlobal.fullName)! };
    const { metadata } = connect(org);
    for (const [folder, singlePackage] of [
      ['', true],
      ['anything/', false],
    ] as const) {
      const bytes = zipSync({
        ...(folder !== '' && { [folder]: new Uint8Array() }),
        [`${folder}package.xml`]: strToU8(packageXml([component], '68.0')),
        [`${folder}extlClntAppGlobalOauthSets/`]: new Uint8Array(),
        [`${folder}${path(component)}`]: strToU8(component.xml),
      });
      const { id } = await metadata.deploy(Buffer.from(bytes), { singlePackage });
      const { status, numberComponentsDeployed } = await metadata.checkDeployStatus(id);
      assert.deepEqual([status, numberComponentsDeployed], ['Succeeded', 1]);
    }
  },
  missingRecord: async (org) => {
    const content = `<met:type>${policiesType}</met:type><met:fullNames>Partner_API</met:fullNames><met:fullNames>nowhere</met:fullNames>`;
    const answer = await textOf(soapCall(org, org.accessToken, 'readMetadata', content));
    assert.match(answer, new RegExp(`<records xsi:type="${policiesType}"><fullName>Partner_API<`));
    assert.match(answer, /<records xsi:nil="true"><\/records>/);
  },
  restDeploy: async (org) => {
    const { status, id } = await restDeploy(org);
    assert.equal(status, 201);
    assert.equal(org.deploys.at(-1)?.id, id);
  },
  soapDetails: async (org) => {
    const release = org.faults.occupyDeploys();
    try {
      const { id } = await connect(org).metadata.deploy(archive(org), { singlePackage: true });
      const status = (includeDetails: boolean): Promise<string> =>
        textOf(
          soapCall(
            org,
            org.accessToken,
            'checkDeployStatus',
            `<met:asyncProcessId>${id}</met:asyncProcessId><met:includeDetails>${String(includeDetails)}</met:includeDetails>`,
          ),
        );
      assert.match(await status(true), /<details><\/details><done>false</);
      release();
      assert.match(await status(false), /<details><\/details><done>true</);
      assert.match(await status(true), /<details><componentSuccesses>.*<\/details><done>true</);
    } finally {
      release();
    }
  },
  restDetails: async (org) => {
    const { url } = await restDeploy(org);
    const headers = { authorization: `Bearer ${org.accessToken}` };
    const reply = await fetch(`${url}?includeDetails=true`, { headers });
    const { deployResult } = (await reply.json()) as {
      deployResult: { done: boolean; details: { componentSuccesses: object[]; componentFailures: object[] } };
    };
    const { componentSuccesses, componentFailures } = deployResult.details;
    assert.deepEqual([deployResult.done, componentSuccesses.length, componentFailures.length], [true, 2, 0]);
  },
  cancel: () =>
    withOrg(
      async (org) => {
        for (const name of ['String', 'id']) {
          const { id } = await connect(org).metadata.deploy(archive(org), { singlePackage: true });
          const content = `<met:${name}>${id}</met:${name}>`;
          const answer = await textOf(soapCall(org, org.accessToken, 'cancelDeploy', content));
          assert.match(answer, new RegExp(`<id>${id}<`));
        }
        const { url } = await restDeploy(org);
        const reply = await fetch(url, {
          method: 'PATCH',
          headers: { authorization: `Bearer ${org.accessToken}`, 'content-type': 'application/json' },
          body: '{"deployResult":{"status":"Canceling"}}',
        });
        assert.equal(reply.status, 202);
        assert.deepEqual(
          org.deploys.map(({ status }) => status),
          ['Canceled', 'Canceled', 'Canceled'],
        );
      },
      { deployMs: 60_000 },
    ),
  versions: async (org) => {
    const versions = (await (await fetch(`${org.instanceUrl}/services/data`)).json()) as object[];
    assert.deepEqual(versions.at(-1), {
      label: "Winter '27",
      url: '/services/data/v68.0',
      version: '68.0',
    });
  },
});
