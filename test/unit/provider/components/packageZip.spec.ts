import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import {
  maximumUncompressedBytes,
  packageXml,
  PackageZipError,
  unzipComponents,
  zipComponents,
} from '../../../../provider/src/components/packageZip.js';

const files = new Map<string, Uint8Array>([
  ['package.xml', Buffer.from('<Package/>')],
  ['extlClntAppOauthPolicies/portal é.ecaOauthPlcy', Buffer.from('a'.repeat(10_000))],
  ['externalClientApps/__proto__', Buffer.from('no prototype')],
]);

function refused(zip: Uint8Array, message: RegExp): Promise<void> {
  return assert.rejects(unzipComponents(Buffer.from(zip)), (error: Error) => {
    assert(error instanceof PackageZipError);
    assert.match(error.message, message);
    return true;
  });
}

describe('zipComponents', () => {
  it('zips files that unzipComponents returns unchanged', async () => {
    assert.deepEqual(
      await unzipComponents(zipComponents(files)),
      new Map([...files].map(([path, content]) => [path, Buffer.from(content)])),
    );
  });

  it('produces the same bytes for any order of the files', () => {
    assert.deepEqual(zipComponents(new Map([...files].reverse())), zipComponents(files));
  });

  it('produces the same bytes in every time zone', () => {
    const source = join(__dirname, '../../../../provider/src/components/packageZip.ts');
    const script = `const { zipComponents } = require(${JSON.stringify(source)});
      const zip = zipComponents(new Map([['a', Buffer.from('b')]]));
      console.log(require('node:crypto').createHash('sha256').update(zip).digest('hex'));`;
    const hashes = ['Pacific/Kiritimati', 'America/Los_Angeles'].map((zone) =>
      execFileSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], {
        env: { ...process.env, TZ: zone },
        encoding: 'utf8',
      }).trim(),
    );
    const here = createHash('sha256')
      .update(zipComponents(new Map([['a', Buffer.from('b')]])))
      .digest('hex');
    assert.deepEqual(hashes, [here, here]);
  });

  for (const path of [
    '../a',
    '/a',
    'C:/a',
    'a\\b',
    'a//b',
    './a',
    'a/..',
    '',
    'a/',
    'a\u0000b',
    '__proto__',
  ]) {
    it(`refuses the path ${JSON.stringify(path)}`, () => {
      assert.throws(() => zipComponents(new Map([[path, new Uint8Array()]])), PackageZipError);
    });
  }
});

describe('unzipComponents', () => {
  const stored = Buffer.from(zipSync({ 'a.txt': Buffer.from('content') }, { level: 0 }));

  it('leaves out entries for folders', async () => {
    const zip = zipSync({ 'folder/': new Uint8Array(), 'folder/a': Buffer.from('1') });
    assert.deepEqual([...(await unzipComponents(Buffer.from(zip))).keys()], ['folder/a']);
  });

  for (const path of ['../a', '/a', 'C:/a', 'a\\b', 'a//b', 'a/./b']) {
    it(`refuses the path ${JSON.stringify(path)}`, async () => {
      await refused(zipSync({ [path]: new Uint8Array() }), /path|file name|characters/);
    });
  }

  it('refuses a path that occurs twice', async () => {
    const twice = Buffer.from(
      zipSync({ 'a.txt': Buffer.from('1'), 'b.txt': Buffer.from('2') }).map((byte) =>
        byte === 0x62 ? 0x61 : byte,
      ),
    );
    await refused(twice, /contains `a.txt` twice/);
  });

  it('refuses content that does not match its checksum', async () => {
    const changed = Buffer.from(stored);
    changed.write('CONTENT', changed.indexOf('content'));
    await refused(changed, /The size or the checksum of `a.txt` does not match/);
  });

  it('refuses a zip bomb before it inflates anything', async () => {
    const zip = zipSync({ a: new Uint8Array(maximumUncompressedBytes), b: new Uint8Array(1) });
    await refused(zip, /contains 67108865 bytes; the limit is 67108864/);
  });

  it('refuses an entry that inflates to more than its declared size', async () => {
    const zip = Buffer.from(zipSync({ a: new Uint8Array(100_000) }));
    const directory = zip.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    zip.writeUInt32LE(10, directory + 24);
    await refused(zip, /The size or the checksum/);
  });

  it('refuses an entry that inflates to less than its declared size', async () => {
    const zip = Buffer.from(zipSync({ a: new Uint8Array(100_000) }));
    const directory = zip.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    zip.writeUInt32LE(100_001, directory + 24);
    await refused(zip, /The size or the checksum of `a` does not match its content/);
  });

  for (const [what, offset, value] of [
    ['is encrypted', 8, 1],
    ['is compressed by another method', 10, 9],
  ] as const) {
    it(`refuses an entry that ${what}`, async () => {
      const zip = Buffer.from(zipSync({ a: new Uint8Array(100_000) }));
      const directory = zip.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
      zip.writeUInt16LE(value, directory + offset);
      await refused(zip, /`a` is encrypted, or compressed with a method other than Deflate/);
    });
  }

  it('reads compressed, stored and empty entries', async () => {
    const files = { a: Buffer.alloc(100_000, 'a'), b: Buffer.from('b'), c: new Uint8Array() };
    for (const level of [0, 6] as const) {
      const read = await unzipComponents(Buffer.from(zipSync(files, { level })));
      assert.deepEqual(Object.fromEntries(read), { ...files, c: Buffer.alloc(0) });
    }
  });

  it('refuses more than ten thousand entries', async () => {
    const zip = zipSync(
      Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`f${index}`, new Uint8Array()])),
      { level: 0 },
    );
    await refused(zip, /has 10001 entries; the limit is 10000/);
  });

  it('refuses a zip that is cut off', async () => {
    await refused(stored.subarray(0, -5), /cannot be read/);
  });

  it('refuses data that is not a zip', async () => {
    await refused(Buffer.from('<html></html>'), /cannot be read/);
  });
});

describe('packageXml', () => {
  it('lists types and members in ASCII order, escaped', () => {
    const types = new Map([
      ['T2', ['*']],
      ['T1', ['b', 'a&b', 'B']],
    ]);
    assert.equal(
      packageXml(types, '66.0'),
      `<?xml version="1.0" encoding="UTF-8"?>
<Package xmlns="http://soap.sforce.com/2006/04/metadata">
    <types>
        <members>B</members>
        <members>a&amp;b</members>
        <members>b</members>
        <name>T1</name>
    </types>
    <types>
        <members>*</members>
        <name>T2</name>
    </types>
    <version>66.0</version>
</Package>
`,
    );
  });
});
