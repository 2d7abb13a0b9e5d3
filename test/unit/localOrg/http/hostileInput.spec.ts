import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { strToU8, zipSync, type Zippable } from 'fflate';
import {
  globalType,
  listApps,
  packageXml,
  policies,
  policiesType,
  soapCall,
  zip,
} from '../support/client.js';
import type { Memory, ReachableOrg } from '../support/orgProcess.js';

/** What the process may take, in MiB: a heap that no message fits into twice, and beside it the bytes of a whole deploy. */
const heapLimit = 192;
const memoryLimit = 800;

const MiB = 1024 * 1024;
const oauthType = 'ExtlClntAppOauthSettings';
const headerType = 'ExternalClientApplication';

/** How a deploy ended, or the refusal that its request got. */
interface Ending {
  status: string;
  message: string;
  components: number;
}

const refused = (message: string): Ending => ({ status: 'refused', message, components: 0 });

describe('the local org under hostile input', function () {
  // Some tests are seconds of work, and a busy machine takes many times as long.
  this.timeout(300_000);
  let child: ChildProcess;
  let org: ReachableOrg;
  let errors = '';

  before(async () => {
    child = fork(join(__dirname, '../support/orgProcess.ts'), {
      execArgv: ['--require', 'tsx/cjs', `--max-old-space-size=${heapLimit}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    org = await answer<ReachableOrg>();
  });

  afterEach(async () => {
    const versions = await fetch(`${org.instanceUrl}/services/data`);
    assert.equal(versions.status, 200);
    const list = await soapCall(org, org.accessToken, 'listMetadata', listApps);
    assert.equal(list.status, 200, 'the org goes on serving');
    await list.body?.cancel();
  });

  after(async () => {
    child.send('memory');
    const { maximumMemory } = await answer<Memory>();
    child.kill();
    await once(child, 'exit');
    assert.ok(maximumMemory < memoryLimit, `the org took ${maximumMemory} MiB`);
  });

  /** The process's next message. */
  async function answer<Message>(): Promise<Message> {
    const [message] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`The org ended with ${String(code)}: ${errors.slice(-2000)}`);
      }),
    ])) as [Message];
    return message;
  }

  const soapBody = (content: string): string =>
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata"><e:Header><SessionHeader><sessionId>${org.accessToken}</sessionId></SessionHeader></e:Header><e:Body>${content}</e:Body></e:Envelope>`;

  async function soap(body: string | Buffer | ReadableStream): Promise<string> {
    const reply = await fetch(`${org.instanceUrl}/services/Soap/m/66.0`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: Buffer.isBuffer(body) ? new Uint8Array(body) : body,
      duplex: 'half',
    });
    return reply.text();
  }

  const text = (xml: string, element: string): string =>
    new RegExp(`<${element}>([^<]*)<`).exec(xml)?.[1]?.replaceAll('&apos;', "'") ?? '';

  /** Deploys over SOAP and over REST. */
  const ways: Readonly<Record<string, (archive: Uint8Array) => Promise<Ending>>> = {
    SOAP: async (archive) => {
      const started = await soap(
        soapBody(
          `<deploy><ZipFile>${Buffer.from(archive).toString('base64')}</ZipFile><DeployOptions><rollbackOnError>true</rollbackOnError><singlePackage>true</singlePackage></DeployOptions></deploy>`,
        ),
      );
      if (text(started, 'faultcode') !== '')
        return refused(`${text(started, 'faultcode')} ${text(started, 'faultstring')}`);
      const ended = await soap(
        soapBody(
          `<checkDeployStatus><asyncProcessId>${text(started, 'id')}</asyncProcessId><includeDetails>true</includeDetails></checkDeployStatus>`,
        ),
      );
      return {
        status: text(ended, 'status'),
        message: text(ended, 'errorMessage') || text(ended, 'problem'),
        components: Number(text(ended, 'numberComponentsDeployed')),
      };
    },
    REST: async (archive) => {
      const url = `${org.instanceUrl}/services/data/v66.0/metadata/deployRequest`;
      const headers = { authorization: `Bearer ${org.accessToken}` };
      const body = new FormData();
      body.append('file', new Blob([new Uint8Array(archive)], { type: 'application/zip' }), 'deploy.zip');
      body.append('entity_content', '{"deployOptions":{"rollbackOnError":true,"singlePackage":true}}');
      const started = await fetch(url, { method: 'POST', headers, body });
      if (!started.ok) {
        const [error] = (await started.json()) as { errorCode: string; message: string }[];
        return refused(`${started.status} ${error!.errorCode} ${error!.message}`);
      }
      const { id } = (await started.json()) as { id: string };
      const ended = await fetch(`${url}/${id}?includeDetails=true`, { headers });
      const { deployResult } = (await ended.json()) as {
        deployResult: {
          status: string;
          errorMessage?: string;
          numberComponentsDeployed: number;
          details: { componentFailures: { problem: string }[] };
        };
      };
      return {
        status: deployResult.status,
        message: deployResult.errorMessage ?? deployResult.details.componentFailures[0]?.problem ?? '',
        components: deployResult.numberComponentsDeployed,
      };
    },
  };

  const policiesFile = (xml: string): Uint8Array =>
    zip([{ type: policiesType, fullName: 'portal_defaultPolicy', xml }], '68.0');

  const withManifest = (files: Zippable): Uint8Array =>
    zipSync({ 'package.xml': strToU8(packageXml([], '68.0')), ...files });

  const entities = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;

  /** 3,333 apps with header, OAuth settings and global settings: 9,999 files besides package.xml. */
  function manyApps(): Uint8Array {
    const components = Array.from({ length: 3_333 }, (_, index) => `App_${index}`).flatMap((app) =>
      (
        [
          [headerType, app, `<label>${app}</label>`],
          [oauthType, `${app}_oauth`, `<externalClientApplication>${app}</externalClientApplication>`],
          [globalType, `${app}_global`, `<externalClientApplication>${app}</externalClientApplication>`],
        ] as const
      ).map(([type, fullName, elements]) => ({
        type,
        fullName,
        xml: `<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${elements}</${type}>`,
      })),
    );
    return zip(components, '68.0');
  }

  const centralSignature = Buffer.from([0x50, 0x4b, 1, 2]);

  /** A zip of one file of zeros whose entry says another size than it has. */
  function lyingBomb(): Uint8Array {
    const archive = Buffer.from(zipSync({ zeros: new Uint8Array(50 * MiB) }));
    archive.writeUInt32LE(1000, 22);
    archive.writeUInt32LE(1000, archive.indexOf(centralSignature) + 24);
    return archive;
  }

  /** A zip of so many files of 2 MiB of zeros, which are compressed once: that takes longest. */
  function zerosBomb(count: number): Uint8Array {
    const name = (index: number): string => `f${String(index).padStart(5, '0')}`;
    const one = Buffer.from(zipSync({ [name(0)]: new Uint8Array(2 * MiB) }));
    const central = one.indexOf(centralSignature);
    const end = one.length - 22;
    const repeated = (start: number, stop: number, nameAt: number, offsetAt?: number): Buffer[] =>
      Array.from({ length: count }, (_, index) => {
        const record = Buffer.from(one.subarray(start, stop));
        record.write(name(index), nameAt, 'latin1');
        if (offsetAt !== undefined) record.writeUInt32LE(index * central, offsetAt);
        return record;
      });
    const trailer = Buffer.from(one.subarray(end));
    for (const at of [8, 10]) trailer.writeUInt16LE(count, at);
    trailer.writeUInt32LE(count * (end - central), 12);
    trailer.writeUInt32LE(count * central, 16);
    return Buffer.concat([...repeated(0, central, 30), ...repeated(central, end, 46, 42), trailer]);
  }

  const zipProblem = (problem: string): Ending => ({
    status: 'Failed',
    message: `The zip file cannot be read: ${problem}`,
    components: 0,
  });

  const componentProblem = (problem: string): Ending => ({
    status: 'Failed',
    message: `Error parsing file: ${problem}`,
    components: 0,
  });

  it('handles a deploy of 10,000 files', async () => {
    const ending = await ways['SOAP']!(manyApps());
    assert.deepEqual(ending, { status: 'Succeeded', message: '', components: 9_999 });
  });

  const inputs: readonly [what: string, archive: () => Uint8Array, ending: Ending | RegExp][] = [
    [
      '10,001 files',
      () =>
        withManifest(
          Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f/${index}`, new Uint8Array()])),
        ),
      zipProblem('it holds more than 10000 files'),
    ],
    [
      'a truncated zip',
      () => policiesFile(policies('portal', '')).subarray(0, 300),
      /^Failed: The zip file cannot be read: /,
    ],
    [
      'a zip bomb of one large file',
      () => withManifest({ zeros: new Uint8Array(50 * MiB) }),
      zipProblem('zeros unpacks to more than 2097152 bytes'),
    ],
    ['a zip bomb of many files', () => zerosBomb(101), zipProblem('it unpacks to more than 209715200 bytes')],
    [
      'a zip bomb that lies about its size',
      lyingBomb,
      /^Failed: The zip file cannot be read: too many bytes/,
    ],
    [
      'as much as it takes',
      () => zerosBomb(100),
      { status: 'Failed', message: 'No package.xml found', components: 0 },
    ],
    [
      'a path with ..',
      () => withManifest({ '../../evil': strToU8('x') }),
      /^Failed: The zip file cannot be read: invalid relative path/,
    ],
    [
      'an absolute path',
      () => withManifest({ '/etc/evil': strToU8('x') }),
      /^Failed: The zip file cannot be read: absolute path/,
    ],
    [
      'a component with entities of its own',
      () => policiesFile(policies('portal', '    <label>&b;</label>\n').replace('<Ext', `${entities}<Ext`)),
      componentProblem('DOCTYPE is not allowed'),
    ],
    [
      'a component with an entity that nobody declares',
      () => policiesFile(policies('portal', '    <label>&b;</label>\n')),
      componentProblem('undefined entity.'),
    ],
    [
      'a package.xml with entities of its own',
      () => zipSync({ 'package.xml': strToU8(`${entities}<Package>&b;</Package>`) }),
      { status: 'Failed', message: 'Error parsing file package.xml: DOCTYPE is not allowed', components: 0 },
    ],
    [
      'a component of many elements',
      () => policiesFile(policies('portal', '<a/>'.repeat(400_000))),
      componentProblem('more than 50000 elements'),
    ],
    [
      'a component of many attributes',
      () =>
        policiesFile(
          policies('portal', `<a ${Array.from({ length: 200_000 }, (_, i) => `b${i}=""`).join(' ')}/>`),
        ),
      componentProblem('more than 5000 attributes'),
    ],
    [
      'a component of many levels',
      () => policiesFile(policies('portal', '<a>'.repeat(400_000))),
      componentProblem('more than 32 levels of elements'),
    ],
    [
      'a component of a comment of hyphens',
      () => policiesFile(`${policies('portal', '')}<!--${'- '.repeat(MiB - 1000)}-->`),
      { status: 'Succeeded', message: '', components: 1 },
    ],
    ['38 MB that are no zip', () => randomBytes(38_000_000), /^Failed: The zip file cannot be read: /],
  ];

  for (const [what, archive, expected] of inputs) {
    it(`handles a deploy of ${what} over SOAP and REST`, async () => {
      const bytes = archive();
      for (const [way, deploy] of Object.entries(ways)) {
        const ending = await deploy(bytes);
        if (expected instanceof RegExp) assert.match(`${ending.status}: ${ending.message}`, expected, way);
        else assert.deepEqual(ending, expected, way);
      }
    });
  }

  const tooLarge = (bytes: number): string =>
    `LIMIT_EXCEEDED Maximum size of request reached. Maximum size of request is ${bytes} bytes.`;

  it('refuses messages of 50 MB, with or without a declared length', async () => {
    const zeros = Buffer.alloc(50 * MiB, 0x41);
    const ending = await ways['SOAP']!(zeros);
    assert.deepEqual(ending, refused(`sf:LIMIT_EXCEEDED ${tooLarge(50 * MiB).replace(' ', ': ')}`));
    let sent = 0;
    const stream = new ReadableStream({
      pull(controller) {
        sent += 1;
        if (sent > 60) controller.close();
        else controller.enqueue(new Uint8Array(MiB));
      },
    });
    assert.equal(text(await soap(stream), 'faultcode'), 'sf:LIMIT_EXCEEDED');
    assert.deepEqual(await ways['REST']!(zeros), refused(`413 ${tooLarge(39 * MiB)}`));
  });

  for (const [what, path, method, type] of [
    ['a form', '/services/oauth2/token', 'POST', 'application/x-www-form-urlencoded'],
    ['JSON', '/services/data/v66.0/metadata/deployRequest/0Af', 'PATCH', 'application/json'],
  ] as const) {
    it(`refuses ${what} of 50 MB`, async () => {
      const reply = await fetch(org.instanceUrl + path, {
        method,
        headers: { 'content-type': type, authorization: `Bearer ${org.accessToken}` },
        body: Buffer.alloc(50 * MiB, '[{"a":['),
      });
      const [error] = (await reply.json()) as { errorCode: string; message: string }[];
      assert.equal(`${error!.errorCode} ${error!.message}`, tooLarge(MiB));
    });
  }

  for (const [what, body] of [
    ['49 MB of elements', () => soapBody('<a/>'.repeat((49 * MiB) / 4))],
    ['entities of its own', () => `${entities}${soapBody('<listMetadata>&b;</listMetadata>')}`],
    [
      '49 MB of base64 where none belongs',
      () => soapBody(`<deploy><!--<ZipFile>${'A'.repeat(49 * MiB)}--></deploy>`),
    ],
    ['49 MB of carriage returns', () => soapBody(`<deploy><Zip>${'\r'.repeat(49 * MiB)}</Zip></deploy>`)],
  ] as const) {
    it(`refuses an envelope with ${what}`, async () => {
      assert.equal(text(await soap(body()), 'faultcode'), 'sf:INVALID_SOAP');
    });
  }

  it('accepts a zip whose base64 has line breaks', async () => {
    const lines = Buffer.from(policiesFile(policies('portal', '')))
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n');
    const started = await soap(
      soapBody(
        `<deploy><!-- a ZipFile --><ZipFile xsi:type="xsd:base64Binary" xmlns:xsi="urn:x">${lines}</ZipFile><DeployOptions><singlePackage>true</singlePackage></DeployOptions></deploy>`,
      ),
    );
    const status = `<checkDeployStatus><asyncProcessId>${text(started, 'id')}</asyncProcessId></checkDeployStatus>`;
    assert.equal(text(await soap(soapBody(status)), 'status'), 'Succeeded');
  });
});
