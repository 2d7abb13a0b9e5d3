import assert from 'node:assert/strict';
import { strToU8, zipSync } from 'fflate';
import type { LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import {
  connect,
  deploy,
  globalType,
  packageXml,
  path,
  policiesType,
  withOrg,
  zip,
} from '../support/client.js';

const agentGlobal = { type: globalType, fullName: 'Agent_Gateway_glbloauth' };
const agentPolicies = { type: policiesType, fullName: 'Agent_Gateway_oauthPlcy' };

describe('the local org, deploying', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  beforeEach(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  afterEach(() => server.close());

  const jwtOn = (xml: string) => xml.replace('<isNamedUserJwtEnabled>false<', '<isNamedUserJwtEnabled>true<');
  const withTimeout = (xml: string, minutes: string) =>
    xml.replace(
      /( {4}<permittedUsersPolicyType>)/,
      `    <namedUserJwtSessionTimeoutType>Custom</namedUserJwtSessionTimeoutType>\n    <namedUserJwtTimeout>${minutes}</namedUserJwtTimeout>\n$1`,
    );
  const stored = ({ type, fullName }: { type: string; fullName: string }) => org.component(type, fullName)!;

  it('stores what is deployed over SOAP and reports what changed per component', async () => {
    const xml = withTimeout(stored(agentPolicies), '30');
    const result = await deploy(connect(org), [
      { ...agentGlobal, xml: jwtOn(stored(agentGlobal)) },
      { ...agentPolicies, xml },
    ]);
    assert.equal(result.status, 'Succeeded');
    assert.equal(result.numberComponentsDeployed, 2);
    const successes = [result.details.componentSuccesses].flat();
    assert.deepEqual(
      successes.map(({ fullName, changed, created }) => [fullName, changed, created]),
      [
        ['package.xml', true, false],
        [agentGlobal.fullName, true, false],
        [agentPolicies.fullName, true, false],
      ],
    );
    assert.equal(stored(agentPolicies), xml);
  });

  it('accepts a deploy over REST and returns the details once it is done', async () => {
    const connection = connect(org);
    const archive = zip([{ ...agentGlobal, xml: jwtOn(stored(agentGlobal)) }], '68.0');
    const { id } = await connection.metadata.deployRest(archive, {
      singlePackage: true,
      rollbackOnError: true,
    });
    const result = await connection.metadata.checkDeployStatus(id, true, true);
    assert.equal(result.status, 'Succeeded');
    assert.equal([result.details.componentSuccesses].flat()[1]?.fullName, agentGlobal.fullName);
    assert.match(stored(agentGlobal), /<isNamedUserJwtEnabled>true</);
  });

  it('accepts packages in a wrapper folder without singlePackage', async () => {
    const component = { ...agentGlobal, xml: jwtOn(stored(agentGlobal)) };
    const archive = zipSync({
      'unpackaged/': new Uint8Array(),
      'unpackaged/package.xml': strToU8(packageXml([component], '68.0')),
      [`unpackaged/${path(component)}`]: strToU8(component.xml),
    });
    const { metadata } = connect(org);
    const { id } = await metadata.deploy(Buffer.from(archive), {
      singlePackage: false,
      rollbackOnError: true,
    });
    assert.equal((await metadata.checkDeployStatus(id)).status, 'Succeeded');
    assert.match(stored(agentGlobal), /<isNamedUserJwtEnabled>true</);
  });

  it('changes nothing with rollbackOnError when one component fails', async () => {
    const before = stored(agentGlobal);
    const result = await deploy(connect(org), [
      { ...agentGlobal, xml: jwtOn(before) },
      { ...agentPolicies, xml: withTimeout(stored(agentPolicies), '7') },
    ]);
    assert.equal(result.status, 'Failed');
    assert.equal(result.numberComponentErrors, 1);
    const [failure] = [result.details.componentFailures].flat();
    assert.deepEqual(
      [failure?.fullName, failure?.problem, failure?.problemType, failure?.lineNumber, failure?.columnNumber],
      [agentPolicies.fullName, 'bad value for restricted picklist field: 7', 'Error', 12, 5],
    );
    assert.equal(stored(agentGlobal), before);
  });

  for (const [what, edit] of Object.entries({
    'as it is': (xml: string) => xml,
    'with comments, CDATA, entities and no final newline': (xml: string) =>
      xml.replace('<label>', '<!-- a < b & "c" --><label><![CDATA[<A>]]> &#233;&amp; ').trimEnd(),
    'with CRLF and a byte order mark': (xml: string) => `\uFEFF${xml.replaceAll('\n', '\r\n')}`,
    'with an unknown element': (xml: string) =>
      xml.replace('    <label>', '    <isZebra>true</isZebra>\n    <label>'),
    'with elements out of order and without most booleans': (xml: string) =>
      xml
        .replace(/ {4}<is(?!Named).*\n/g, '')
        .replace(/( {4}<label>.*\n)/, '')
        .replace('    <callbackUrl>', '    <label>x</label>\n    <callbackUrl>'),
  })) {
    it(`returns byte for byte what was retrieved and deployed unchanged, ${what}`, async () => {
      const put = edit(stored(agentGlobal));
      org.putComponent(globalType, agentGlobal.fullName, put);
      const connection = connect(org);
      const { id } = await connection.metadata.retrieve({
        unpackaged: { types: [{ name: globalType, members: [agentGlobal.fullName] }], version: '66.0' },
        singlePackage: true,
      } as never);
      const { zipFile } = await connection.metadata.checkRetrieveStatus(id);
      const { id: deployId } = await connection.metadata.deploy(Buffer.from(zipFile, 'base64'), {
        singlePackage: true,
        rollbackOnError: true,
      });
      const result = await connection.metadata.checkDeployStatus(deployId, true);
      assert.deepEqual([result.details.componentFailures].flat(), []);
      assert.equal([result.details.componentSuccesses].flat()[1]?.changed, false);
      assert.equal(stored(agentGlobal), put);
    });
  }

  it('updates and upserts records by the same rules', async () => {
    const { metadata } = connect(org);
    const record = {
      fullName: 'portal_defaultPolicy',
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: 15,
      externalClientApplication: 'portal',
    };
    const [upserted] = [await metadata.upsert(policiesType as never, record as never)].flat();
    assert.equal(upserted?.success, true);
    assert.match(stored({ type: policiesType, fullName: record.fullName }), /<namedUserJwtTimeout>15</);
    const [refused] = [
      await metadata.update(policiesType as never, { ...record, namedUserJwtTimeout: 16 } as never),
    ].flat();
    assert.equal(refused?.success, false);
    assert.equal([refused.errors].flat()[0]?.message, 'bad value for restricted picklist field: 16');
  });

  it('reports a truncated zip, and one with a wrong size, as a failed job', async () => {
    const { metadata } = connect(org);
    const good = zip([{ ...agentGlobal, xml: stored(agentGlobal) }], '68.0');
    const bomb = Buffer.from(good);
    const entry = bomb.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bomb.writeUInt32LE(0x7fffffff, entry + 24);
    for (const archive of [good.subarray(0, good.length / 2), bomb, Buffer.from('no zip')]) {
      const { id } = await metadata.deploy(archive, { singlePackage: true });
      const result = await metadata.checkDeployStatus(id, true);
      assert.equal(result.status, 'Failed');
      assert.match(result.errorMessage ?? '', /^The zip file cannot be read: /);
    }
  });

  it('runs one deploy at a time; the next ones wait as Pending in order', () =>
    withOrg(
      async (slow) => {
        const { metadata } = connect(slow);
        const xml = slow.component(globalType, agentGlobal.fullName)!;
        const ids: string[] = [];
        for (const changed of [jwtOn(xml), xml]) {
          const archive = zip([{ ...agentGlobal, xml: changed }], '68.0');
          ids.push((await metadata.deploy(archive, { singlePackage: true })).id);
        }
        const statuses = () => slow.deploys.map(({ status }) => status);
        slow.advanceClock(30_000);
        assert.deepEqual(statuses(), ['InProgress', 'Pending']);
        assert.equal(slow.component(globalType, agentGlobal.fullName), xml);
        slow.advanceClock(60_000);
        assert.deepEqual(statuses(), ['Succeeded', 'InProgress']);
        assert.equal(slow.component(globalType, agentGlobal.fullName), jwtOn(xml));
        slow.advanceClock(60_000);
        assert.deepEqual(statuses(), ['Succeeded', 'Succeeded']);
        assert.deepEqual(
          slow.deploys.map(({ id }) => id),
          ids,
        );
      },
      { deployMs: 60_000 },
    ));

  it('takes longer for a deploy with more components', () =>
    withOrg(
      async (slow) => {
        const { metadata } = connect(slow);
        const components = [agentGlobal, agentPolicies].map((component) => ({
          ...component,
          xml: slow.component(component.type, component.fullName)!,
        }));
        const { id } = await metadata.deploy(zip(components, '68.0'), { singlePackage: true });
        slow.advanceClock(69_000);
        assert.equal((await metadata.checkDeployStatus(id)).status, 'Finalizing');
        slow.advanceClock(1_000);
        assert.equal((await metadata.checkDeployStatus(id)).status, 'Succeeded');
      },
      { deployMs: 60_000, deployComponentMs: 5_000 },
    ));

  it('cancels a running deploy, but not one that is being finalized', () =>
    withOrg(
      async (slow) => {
        const { metadata } = connect(slow);
        const xml = slow.component(globalType, agentGlobal.fullName)!;
        const archive = zip([{ ...agentGlobal, xml: jwtOn(xml) }], '68.0');
        const { id } = await metadata.deploy(archive, { singlePackage: true });
        slow.advanceClock(30_000);
        await metadata.checkDeployStatus(id);
        await (metadata as unknown as { cancelDeploy(id: string): Promise<unknown> }).cancelDeploy(id);
        assert.equal((await metadata.checkDeployStatus(id)).status, 'Canceled');
        assert.equal(slow.component(globalType, agentGlobal.fullName), xml);
        const second = await metadata.deploy(archive, { singlePackage: true });
        slow.advanceClock(58_000);
        assert.equal((await metadata.checkDeployStatus(second.id)).status, 'Finalizing');
        assert.equal(
          (await connect(slow, '64.0').metadata.checkDeployStatus(second.id)).status,
          'InProgress',
        );
        slow.faults.change({ finalizingStatus: 'FinalizingDeploy' });
        assert.equal((await metadata.checkDeployStatus(second.id)).status, 'FinalizingDeploy');
        await assert.rejects(
          (metadata as unknown as { cancelDeploy(id: string): Promise<unknown> }).cancelDeploy(second.id),
          /being finalized/,
        );
      },
      { deployMs: 60_000 },
    ));

  it('cancels over REST with PATCH', () =>
    withOrg(
      async (slow) => {
        const connection = connect(slow);
        const xml = slow.component(globalType, agentGlobal.fullName)!;
        const { id } = await connection.metadata.deployRest(zip([{ ...agentGlobal, xml }], '68.0'), {
          singlePackage: true,
        });
        slow.advanceClock(30_000);
        const url = `${slow.instanceUrl}/services/data/v66.0/metadata/deployRequest/${id}`;
        const headers = { authorization: `Bearer ${slow.accessToken}`, 'content-type': 'application/json' };
        const body = JSON.stringify({ deployResult: { status: 'Canceling' } });
        const reply = await fetch(url, { method: 'PATCH', headers, body });
        assert.equal(reply.status, 202);
        assert.equal((await connection.metadata.checkDeployStatus(id, true, true)).status, 'Canceled');
      },
      { deployMs: 60_000 },
    ));
});
