import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import sinon from 'sinon';
import { ConfigurationError } from '../../../../provider/src/errors.js';
import { readPrivateKey } from '../../../../provider/src/signIn/privateKey.js';
import { contextWithoutEngine } from '../../../../provider/src/org/orgContext.js';

const { warn } = contextWithoutEngine();

const source = 'salesforce:privateKey';

describe('readPrivateKey', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = (type: 'pkcs1' | 'pkcs8'): string => privateKey.export({ format: 'pem', type }).toString();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'private-key-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const spellings: [string, string][] = [
    ['PKCS #8', pem('pkcs8')],
    ['PKCS #1', pem('pkcs1')],
    ['white space around it', `\n  ${pem('pkcs8')}\n`],
    ['escaped line breaks', pem('pkcs8').replaceAll('\n', '\\n')],
    ['escaped CRLF line breaks', pem('pkcs8').replaceAll('\n', '\\r\\n')],
    ['CRLF line breaks', pem('pkcs8').replaceAll('\n', '\r\n')],
  ];
  for (const [spelling, text] of spellings) {
    it(`reads a key with ${spelling}`, () => {
      assert(readPrivateKey(text, source, warn).equals(privateKey));
    });
  }

  it('reads a key from a file', () => {
    const path = join(folder, 'server.key');
    writeFileSync(path, pem('pkcs1'));
    assert(readPrivateKey(` ${path}\n`, source, warn).equals(privateKey));
  });

  function assertRefused(text: string, message: string): void {
    assert.throws(
      () => readPrivateKey(text, source, warn),
      (error) => {
        assert(error instanceof ConfigurationError);
        assert.equal(error.message, message);
        const shown = inspect(error, { showHidden: true, depth: 5 });
        const lines = text.split(/\n|\\n/).filter((line) => line.length > 40);
        assert(!lines.some((line) => shown.includes(line)), 'the error quotes the key');
        return true;
      },
    );
  }

  const noKey = `[ECA1105] ${source} is not a PEM private key (expected it to start with -----BEGIN PRIVATE KEY-----)`;

  it('refuses a path that does not exist, without showing what may be a key', () => {
    assertRefused(
      pem('pkcs8').split('\n').slice(1, -2).join('').replaceAll('/', '+'),
      `[ECA1101] ${source} is neither a PEM private key (-----BEGIN ...) nor a readable file (ENAMETOOLONG)`,
    );
    assertRefused(
      join(folder, 'missing-file-with-a-name-longer-than-forty-characters.key'),
      `[ECA1101] ${source} is neither a PEM private key (-----BEGIN ...) nor a readable file (ENOENT)`,
    );
  });

  it('refuses a folder', () => {
    assertRefused(
      folder,
      `[ECA1101] ${source} is neither a PEM private key (-----BEGIN ...) nor a readable file (EISDIR)`,
    );
  });

  it('refuses a file without a key', () => {
    const path = join(folder, 'server.key');
    writeFileSync(path, 'no key');
    assertRefused(path, noKey);
  });

  it('follows links, as a mounted secret of Kubernetes has them', () => {
    mkdirSync(join(folder, '..data'));
    writeFileSync(join(folder, '..data', 'key'), pem('pkcs8'), { mode: 0o600 });
    symlinkSync(join('..data', 'key'), join(folder, 'key'));
    symlinkSync('key', join(folder, 'key.pem'));
    assert(readPrivateKey(join(folder, 'key.pem'), source, warn).equals(privateKey));
  });

  const unreadable = (why: string): string =>
    `[ECA1101] ${source} is neither a PEM private key (-----BEGIN ...) nor a readable file (${why})`;

  it('refuses a FIFO without waiting for a writer, also at the end of a link', () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    symlinkSync('fifo', join(folder, 'link'));
    assertRefused(path, unreadable('it is not a regular file'));
    assertRefused(join(folder, 'link'), unreadable('it is not a regular file'));
  });

  it('refuses a device that never ends', () => {
    assertRefused('/dev/zero', unreadable('it is not a regular file'));
  });

  it('refuses a file that is too large for a key', () => {
    const path = join(folder, 'server.key');
    writeFileSync(path, pem('pkcs8') + ' '.repeat(64 * 1024));
    assertRefused(path, unreadable('it is larger than 64 KiB'));
  });

  it('warns once about a file that others can read or change', () => {
    const log = sinon.stub(console, 'error');
    const paths = [0o600, 0o440, 0o604, 0o602, 0o620].map((mode) => {
      const path = join(folder, `mode-${mode.toString(8)}`);
      writeFileSync(path, pem('pkcs8'));
      chmodSync(path, mode);
      return path;
    });
    try {
      for (const [index, path] of [...paths, ...paths].entries()) {
        readPrivateKey(path, `key ${index % paths.length}`, warn);
      }
    } finally {
      log.restore();
    }
    assert.deepEqual(
      log.args.flat(),
      [2, 3, 4].map(
        (index) =>
          `Warning: [ECA1103] key ${index} is a file that other users of this machine can read or change. Restrict it to its owner (chmod 600)`,
      ),
    );
  });

  for (const [what, broken] of [
    ['have become spaces', pem('pkcs8').trim().replaceAll('\n', ' ')],
    ['have become spaces', pem('pkcs1').replaceAll('\n', '  ')],
    [String.raw`have become \n`, pem('pkcs8').replaceAll('\n', String.raw`\\n`)],
    ['are missing', pem('pkcs8').replaceAll('\n', '')],
  ] as const) {
    it(`reports that line breaks ${what}`, () => {
      assertRefused(
        broken,
        `[ECA1102] ${source} is a PEM private key whose line breaks ${what}. Set it from its file, through standard input`,
      );
    });
  }

  it('refuses a public key', () => {
    assertRefused(publicKey.export({ format: 'pem', type: 'spki' }).toString(), noKey);
  });

  it('refuses a damaged key', () => {
    assertRefused(pem('pkcs8').replace(/[A-Za-z0-9]{30}\n/, '\n'), noKey);
  });

  for (const type of ['pkcs1', 'pkcs8'] as const) {
    it(`refuses a key that is encrypted (${type})`, () => {
      assertRefused(
        privateKey
          .export({ format: 'pem', type, cipher: 'aes-256-cbc', passphrase: 'passphrase' })
          .toString(),
        `[ECA1104] ${source} is encrypted with a passphrase. Set it unencrypted, as a secret`,
      );
    });
  }

  it('refuses a key of another kind', () => {
    const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    assertRefused(key, `[ECA1106] ${source} is of type ed25519, but Salesforce requires an RSA key`);
  });

  it('refuses a short key', () => {
    const key = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    assertRefused(
      key.export({ format: 'pem', type: 'pkcs8' }).toString(),
      `[ECA1107] ${source} has 1024 bits, but an RSA key needs at least 2048`,
    );
  });
});
