import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync, type Zippable } from 'fflate';
import { pathOf } from '../support/reconcile.js';
import type { Outcome } from './support/readerProcess.js';
import { startTestServer, type Answer, type TestServer } from './support/testServer.js';

const MiB = 1024 * 1024;

/** The heap of the process that reads the answers, in MiB; what reads too much ends it. */
const heapLimit = 512;

/** All memory that it may take: the heap, and the buffers of an answer of 64 MiB beside it. */
const memoryLimit = 1024;

/** Stands in every hostile file; no message may hold it. */
const secret = 's3cr3t';

const type = 'ExtlClntAppOauthConfigurablePolicies';
const path = `unpackaged/${pathOf(type, 'portal_policies')}`;
const app = '<externalClientApplication>portal</externalClientApplication>';

const policies = (content: string, start = ''): string =>
  `${start}<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${app}${content}</${type}>`;

/** The policies with a text that is not UTF-8. */
const withBytes = (...bytes: number[]): Buffer =>
  Buffer.from(policies(`<a>${secret}?</a>`).replace('?', Buffer.from(bytes).toString('latin1')), 'latin1');

/** As many repetitions as have about this length. */
const filled = (unit: string, length: number): string => unit.repeat(Math.floor(length / unit.length));

/** As many numbered ones as have about this length. */
function numbered(write: (index: number) => string, length: number): string {
  const parts: string[] = [];
  for (let rest = length; rest > 0; rest -= parts.at(-1)?.length ?? 0) parts.push(write(parts.length));
  return parts.join('');
}

function soap(...content: string[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"',
    ' xmlns="http://soap.sforce.com/2006/04/metadata"><soapenv:Body><checkRetrieveStatusResponse><result>',
    '<done>true</done><id>09S1</id><status>Succeeded</status><success>true</success>',
    ...content,
    '</result></checkRetrieveStatusResponse></soapenv:Body></soapenv:Envelope>',
  ].join('');
}

const answer =
  (contentType: string, body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': contentType, ...headers }).end(body);
const xml = (body: string | Buffer): Answer => answer('text/xml; charset=utf-8', body);
const json = (body: string): Answer => answer('application/json', body);
const zipped = (zip: Uint8Array): Answer =>
  xml(soap(`<zipFile>${Buffer.from(zip).toString('base64')}</zipFile>`));
const packed = (files: Zippable): Answer => zipped(zipSync(files, { level: 1 }));
const component = (content: string | Uint8Array): Answer => packed({ [path]: Buffer.from(content) });
/** A harmless component, packed as it is. */
const harmless = (): Buffer => Buffer.from(zipSync({ [path]: Buffer.from(policies('')) }, { level: 0 }));

/** The header of an entry in the zip's directory. */
function directoryOf(zip: Buffer, index = 0): number {
  let at = zip.indexOf('PK\u0001\u0002', 0, 'latin1');
  for (let entry = 0; entry < index; entry += 1) at = zip.indexOf('PK\u0001\u0002', at + 4, 'latin1');
  return at;
}

/** A zip of which one entry's inflated size is written otherwise. */
function sizeChanged(content: Buffer, size: number): Buffer {
  const zip = Buffer.from(zipSync({ [path]: content }, { level: 1 }));
  zip.writeUInt32LE(size, directoryOf(zip) + 24);
  return zip;
}

/** A zip in which two entries have the same place. */
function overlapping(): Buffer {
  const zip = Buffer.from(zipSync({ a: Buffer.from(secret), b: Buffer.from(secret) }));
  zip.writeUInt32LE(0, directoryOf(zip, 1) + 42);
  return zip;
}

/** A case: what the org answers, made when it is asked for, and the error's message, or the number of components. */
type Case = readonly [what: string, answer: () => Answer, end: RegExp | number];

const doctype =
  /portal_policies\.ecaOauthPlcy: The component's XML has a DOCTYPE, which a component must not have/;
const notWellFormed = /portal_policies\.ecaOauthPlcy: The component's XML is not well-formed \(line \d+, col/;
const tooManyBytes = /portal_policies\.ecaOauthPlcy: The component has \d{8} bytes, which exceeds the limit/;
const notUtf8 = /portal_policies\.ecaOauthPlcy: The component is not encoded as UTF-8/;

const components: Case[] = [
  [
    'an external entity',
    () => component(policies('&x;', `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/${secret}">]>`)),
    doctype,
  ],
  [
    'an external DTD',
    () => component(policies('', `<!DOCTYPE a SYSTEM "http://127.0.0.1/${secret}">`)),
    doctype,
  ],
  ['an internal DTD', () => component(policies('', `<!DOCTYPE a [<!ELEMENT ${secret} ANY>]>`)), doctype],
  [
    'a billion laughs',
    () => {
      const entities = Array.from({ length: 10 }, (_, i) => `<!ENTITY x${i + 1} "${filled(`&x${i};`, 40)}">`);
      return component(policies('&x10;', `<!DOCTYPE a [<!ENTITY x0 "${secret}">${entities.join('')}]>`));
    },
    doctype,
  ],
  [
    'an entity that grows quadratically',
    () => {
      const entity = `<!DOCTYPE a [<!ENTITY x "${filled(secret, 500_000)}">]>`;
      return component(policies(filled('&x;', 500_000), entity));
    },
    doctype,
  ],
  ['an entity that nobody defines', () => component(policies(`<a>&${secret};</a>`)), notWellFormed],
  ['a DOCTYPE behind the root', () => component(`${policies('')}<!DOCTYPE a>`), notWellFormed],
  [
    '100,000 levels',
    () => component(policies(`${'<a>'.repeat(100_000)}${secret}${'</a>'.repeat(100_000)}`)),
    /is nested deeper than 32 levels \(line 1/,
  ],
  ['20 MB of text', () => component(policies(`<a>${filled(secret, 20_000_000)}</a>`)), tooManyBytes],
  ['20 MB of elements', () => component(policies(filled(`<${secret}/>`, 20_000_000))), tooManyBytes],
  [
    'a million attributes',
    () => component(policies(`<a${Array.from({ length: 1_000_000 }, (_, i) => ` a${i}=""`).join('')}/>`)),
    tooManyBytes,
  ],
  [
    'more than two million characters',
    () => component(policies(`<a>${filled(secret, 2_000_000)}</a>`)),
    /The component has 20\d{5} characters; the limit is 2000000/,
  ],
  [
    'a name of a million characters with elements inside',
    () => {
      const name = filled(secret, 500_000);
      return component(policies(`<${name}>${filled('<a/>', 900_000)}</${name}>`));
    },
    /has a name of more than 1000 characters/,
  ],
  ['an encoded half of a surrogate pair', () => component(withBytes(0xed, 0xa0, 0x80)), notUtf8],
  ['half a character', () => component(withBytes(0xf0, 0x9f)), notUtf8],
  ['a reference to half of a surrogate pair', () => component(policies('<a>&#xD800;</a>')), notWellFormed],
  ['UTF-16', () => component(Buffer.from(`\uFEFF${policies(secret)}`, 'utf16le')), notUtf8],
  ['UTF-16 without a mark', () => component(Buffer.from(policies(secret), 'utf16le')), notWellFormed],
  ['Latin 1', () => component(Buffer.from(policies(`<a>${secret} é</a>`), 'latin1')), notUtf8],
  ['NUL', () => component(policies(`<a>${secret}\u0000</a>`)), notWellFormed],
  ['a reference to NUL', () => component(policies(`<a>${secret}&#0;</a>`)), notWellFormed],
  [
    'a name that is special to JavaScript',
    () => component(policies(`<__proto__><polluted>${secret}</polluted></__proto__>`)),
    /contains a name or instruction that patching does not support/,
  ],
  [
    'an element that is managed, twice',
    () => component(policies(`<guestJwtTimeout>${secret}</guestJwtTimeout>`.repeat(2))),
    /has 2 elements `guestJwtTimeout`; at most one is allowed/,
  ],
  [
    'two megabytes of elements, in 33 files',
    () => {
      const content = Buffer.from(policies(filled('<a1/>', 1_900_000)));
      return packed(Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`${i}/${path}`, content])));
    },
    /The components have more than 500000 elements/,
  ],
];

const largeComponents: Case[] = [
  ['200,000 elements', () => component(policies(filled('<a/>', 800_000))), 1],
  ['150,000 attributes', () => component(policies(`<a${numbered((i) => ` a${i}=""`, 1_900_000)}/>`)), 1],
  [
    '200,000 namespaces',
    () => component(policies(`<a${numbered((i) => ` xmlns:a${i}="u"`, 1_900_000)}/>`)),
    1,
  ],
  ['a text of 1.9 MB', () => component(policies(`<a>${filled(secret, 1_900_000)}</a>`)), 1],
  ['comments of 1.9 MB', () => component(policies(filled('<!---->', 1_900_000))), 1],
  ['CDATA sections of 1.9 MB', () => component(policies(`<a>${filled('<![CDATA[]]>', 1_900_000)}</a>`)), 1],
  ['references of 1.9 MB', () => component(policies(`<a>${filled('&#65;', 1_900_000)}</a>`)), 1],
  [
    'a managed element of 1.9 MB of comments',
    () => component(policies(`<guestJwtTimeout>${filled('<!-- -->', 1_900_000)}</guestJwtTimeout>`)),
    1,
  ],
  [
    'a managed element with 1.9 MB of blanks in its tag',
    () => component(policies(`<guestJwtTimeout${filled(' ', 900_000)}a="${filled(' ', 900_000)}"/>`)),
    1,
  ],
];

const symbolicLink: Zippable = {
  [path]: [Buffer.from(`/etc/${secret}`), { os: 3, attrs: (0o120777 << 16) >>> 0 }],
};

const zips: Case[] = [
  [
    'a bomb',
    () => packed({ a: new Uint8Array(64 * MiB), b: Buffer.from(secret) }),
    /The zip contains 67108870 bytes; the limit is 67108864/,
  ],
  [
    'a bomb that says it is small',
    () => zipped(sizeChanged(Buffer.alloc(96 * MiB), 10)),
    /The size or the checksum of `.+` does not match its content/,
  ],
  [
    'an entry that says it is large',
    () => zipped(sizeChanged(Buffer.from(secret), 4_000_000_000)),
    /The zip contains 4000000000 bytes/,
  ],
  [
    'an entry that says it is larger',
    () => zipped(sizeChanged(Buffer.from(secret), 1000)),
    /The size or the checksum of `.+` does not match its content/,
  ],
  ['entries that overlap', () => zipped(overlapping()), /The entries of the zip overlap/],
  [
    '10,001 entries',
    () =>
      packed(
        Object.fromEntries(
          Array.from({ length: 10_001 }, (_, i) => [`f${i}`, [new Uint8Array(), { level: 0 }]]),
        ),
      ),
    /The zip has 10001 entries; the limit is 10000/,
  ],
  ...['../a', 'a/../../b', '/a', 'C:/a', 'a\\b', 'a/./b', 'a\u0000b', 'a\u009bb', 'a\u2028b'].map(
    (name): Case => [
      `the path ${JSON.stringify(name)}`,
      () => packed({ [name]: Buffer.from(secret) }),
      /path|characters/,
    ],
  ),
  [
    'a path twice',
    () => {
      const zip = Buffer.from(zipSync({ aa: Buffer.from(secret), ab: Buffer.from(secret) }));
      zip.write('aa', directoryOf(zip, 1) + 46);
      return zipped(zip);
    },
    /The zip contains `aa` twice/,
  ],
  ['a symbolic link', () => packed(symbolicLink), notWellFormed],
  [
    'half a zip',
    () => zipped(harmless().subarray(0, 200)),
    /The zip cannot be read: End of central directory/,
  ],
  [
    'no zip',
    () => zipped(Buffer.from(`<html>${secret}</html>`)),
    /The zip cannot be read: End of central directory/,
  ],
];

const largeZips: Case[] = [
  [
    '10,000 components',
    () =>
      zipped(
        zipSync(
          Object.fromEntries(
            Array.from({ length: 10_000 }, (_, i) => [
              i === 0 ? path : path.replace('portal', `p${i}`),
              Buffer.from(policies('').replace('>portal<', i === 0 ? '>portal<' : `>p${i}<`)),
            ]),
          ),
          { level: 0 },
        ),
      ),
    10_000,
  ],
  [
    'an entry `__proto__`',
    () => packed({ [path]: Buffer.from(policies('')), 'a/__proto__': Buffer.from('x') }),
    1,
  ],
  [
    '40 MB that do not compress',
    () => packed({ [path]: Buffer.from(policies('')), noise: [randomBytes(40_000_000), { level: 0 }] }),
    1,
  ],
];

const tooLong =
  /is not a valid API response \(HTTP 200 and XML\): it is too long apart from its `zipFile`\.$/;
const tooManyMarks = /\(HTTP 200 and (?:XML|JSON)\): it has more than 300000 tags or brackets\.$/;
const noZip = /\(HTTP 200 and XML\): it has no `zipFile`\.$/;
const overLimit = /: the response exceeds its size limit$/;
const zipFile = '<zipFile>UEsFBgAA</zipFile>';

const answers: Case[] = [
  ['60 MB of elements', () => xml(soap(zipFile, filled('<a/>', 60_000_000))), tooLong],
  ['60 MB of nesting', () => xml(soap(filled('<a>', 60_000_000))), tooLong],
  ['60 MB of text', () => xml(soap('<a>', filled(secret, 60_000_000), '</a>')), tooLong],
  ['60 MB of comment', () => xml(soap('<!--', filled(secret, 60_000_000), '-->')), tooLong],
  [
    '60 MB of CDATA',
    () => xml(soap('<zipFile><![CDATA[', filled('A', 60_000_000), ']]></zipFile>')),
    tooLong,
  ],
  [
    'a zip of 60 MB within a comment',
    () => xml(soap('<!-- <zipFile>', filled('A', 60_000_000), '</zipFile>-->')),
    tooLong,
  ],
  ['a zip of references', () => xml(soap('<zipFile>', filled('&#65;', 60_000_000), '</zipFile>')), tooLong],
  [
    '60 MB of CSV',
    () => answer('text/csv', `<zipFile>${filled('A\n', 60_000_000)}</zipFile>`),
    /HTTP 200 and XML\): it is too long apart from its `zipFile`\.$/,
  ],
  [
    '8 MB of CSV',
    () => answer('text/csv', filled('a,b\n', 8_000_000)),
    /HTTP 200 and \d{7} characters of text\): it is neither JSON nor XML\.$/,
  ],
  ['a million elements', () => xml(soap(filled('<a/>', 4_000_000))), tooManyMarks],
  ['a million levels', () => xml(soap(filled('<a>', 3_000_000))), tooManyMarks],
  ['100,000 names', () => xml(soap(numbered((i) => `<a${i}/>`, 800_000))), noZip],
  ['600,000 attributes', () => xml(soap(`<a${numbered((i) => ` a${i}=""`, 7_000_000)}/>`)), noZip],
  ['a comment of 8 MB', () => xml(soap(`<!--${filled(secret, 8_000_000)}-->`)), noZip],
  [
    'a megabyte of blanks in something that is not base64',
    () => xml(soap('<zipFile>AAAA', ' '.repeat(MiB), '%</zipFile>')),
    /its `zipFile` is not base64\.$/,
  ],
  [
    'an external entity',
    () =>
      xml(
        soap('<zipFile>&x;</zipFile>').replace(
          '?>',
          `?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///${secret}">]>`,
        ),
      ),
    /is not a valid API response \(HTTP 200 and XML\)/,
  ],
  [
    'entities within entities',
    () =>
      xml(
        soap('<zipFile>&y;</zipFile>').replace(
          '?>',
          `?><!DOCTYPE a [<!ENTITY x "${secret}"><!ENTITY y "&x;&x;">]>`,
        ),
      ),
    /is not a valid API response \(HTTP 200 and XML\)/,
  ],
  [
    'names that are special to JavaScript',
    () => xml(soap('<__proto__><polluted>1</polluted></__proto__>')),
    noZip,
  ],
  ['UTF-16', () => xml(Buffer.from(soap(zipFile), 'utf16le')), /is not a valid API response/],
  ['more than 64 MB', () => xml(soap(zipFile, ' '.repeat(64 * MiB))), overLimit],
  [
    'a gzip bomb',
    () => answer('text/xml', gzipSync(Buffer.alloc(256 * MiB)), { 'content-encoding': 'gzip' }),
    overLimit,
  ],
];

const damagedAnswers: Case[] = [
  [
    'bytes that are not UTF-8',
    () =>
      xml(
        Buffer.from(
          soap(
            '<messages><problem>\u00ff\u00fe</problem></messages>',
            `<zipFile>${harmless().toString('base64')}</zipFile>`,
          ),
          'latin1',
        ),
      ),
    1,
  ],
];

const deployAnswers: Case[] = [
  ['8 million levels', () => json(filled('[', 8_000_000)), tooManyMarks],
  ['100,000 levels', () => json('['.repeat(100_000) + ']'.repeat(100_000)), /it is not an object\.$/],
  ['2.7 million objects', () => json(`[${filled('{},', 8_000_000)}{}]`), tooManyMarks],
  ['4 million numbers', () => json(`[${filled('1,', 8_000_000)}1]`), /it is not an object\.$/],
  [
    '900,000 names',
    () => json(`{${numbered((i) => `"${i}":0,`, 8_000_000)}"a":0}`),
    /it is not an object\.$/,
  ],
  ['more than 8 MB', () => json(`{"a":"${filled('x', 9_000_000)}"}`), overLimit],
];

function assertOutcome(value: unknown): asserts value is Outcome {
  assert(typeof value === 'object' && value !== null);
  for (const name of ['components', 'isPatched', 'isPolluted', 'maximumMemory']) assert(name in value, name);
}

describe('hostile input ends in an error, and large input in a correct result', function () {
  this.timeout(60_000);
  let server: TestServer;
  let child: ChildProcess | undefined;
  let errors = '';

  before(async () => {
    server = await startTestServer();
  });
  after(async () => {
    child?.kill();
    await server.close();
  });

  afterEach(function () {
    // A process that never came to an end would hold up the next case.
    if (this.currentTest?.state === 'failed') {
      child?.kill('SIGKILL');
      child = undefined;
    }
  });

  function startReader(): ChildProcess {
    const started = fork(join(__dirname, 'support/readerProcess.ts'), [server.url], {
      execArgv: ['--require', 'tsx/cjs', `--max-old-space-size=${heapLimit}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    errors = '';
    started.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    return started;
  }

  /** Has the process read the answer; a new one where the last did not survive. */
  function read(request: 'retrieve' | 'deploy status'): Promise<Outcome> {
    const reader = child?.connected === true ? child : startReader();
    child = reader;
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => {
        reject(new Error(`The process ended with ${String(code)}: ${errors.slice(-2000)}`));
      };
      reader.once('exit', onExit);
      reader.once('message', (outcome) => {
        reader.off('exit', onExit);
        assertOutcome(outcome);
        resolve(outcome);
      });
      reader.send(request);
    });
  }

  const groups: readonly (readonly [string, readonly Case[], string])[] = [
    ['a component with', components, 'PackageZipError|ComponentXmlError'],
    ['a component with', largeComponents, ''],
    ['a zip with', zips, 'PackageZipError|ComponentXmlError'],
    ['a zip with', largeZips, ''],
    ['an answer with', answers, 'SalesforceApiError|TransportError'],
    ['an answer with', damagedAnswers, ''],
    ['a deploy status in JSON with', deployAnswers, 'SalesforceApiError|TransportError'],
  ];
  for (const [input, cases, errorNames] of groups) {
    for (const [what, makeAnswer, end] of cases) {
      it(`${input} ${what}`, async () => {
        server.answer = makeAnswer();
        const request = cases === deployAnswers ? 'deploy status' : 'retrieve';
        const { components: result, isPatched, isPolluted, maximumMemory } = await read(request);
        assert.equal(isPolluted, false);
        assert(maximumMemory < memoryLimit, `${maximumMemory} MiB`);
        if (typeof end === 'number') {
          assert.deepEqual([result, isPatched], [end, true]);
          return;
        }
        assert(typeof result === 'object', 'it ended without an error');
        assert.match(result.name, new RegExp(`^(?:${errorNames})$`));
        assert.match(result.message, end);
        assert(!result.message.includes(secret), result.message);
        assert(result.message.length < 500, result.message);
      });
    }
  }
});
