import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { EncryptionCodec } from '../../src/engine/encryptionCodec.js';
import { readKey, type EncryptionKey } from '../../src/engine/keys.js';

describe('the encryption of payloads', () => {
  let folder = '';
  let [old, current]: EncryptionKey[] = [];
  const newKey = async (name: string): Promise<EncryptionKey> => {
    const file = join(folder, name);
    await writeFile(file, `${randomBytes(32).toString('base64')}\n`);
    return readKey({ file });
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleet-keys-'));
    [old, current] = [await newKey('old'), await newKey('current')];
  });
  after(() => rm(folder, { recursive: true }));

  const payload = defaultPayloadConverter.toPayload({ org: 'acme', minutes: 30 });
  const textOf = (value: object): string => Buffer.from(JSON.stringify(value)).toString();

  it('leaves nothing of a value, and gives it back', async () => {
    const codec = new EncryptionCodec([current!]);
    const [one, two] = await codec.encode([payload, payload]);
    assert.doesNotMatch(textOf(one!), /acme|YWNtZ/);
    assert.equal(Buffer.from(one!.data!).includes('acme'), false);
    assert.notDeepEqual(one!.data, two!.data);
    const [decoded] = await codec.decode([one!]);
    assert.deepEqual(defaultPayloadConverter.fromPayload(decoded!), { org: 'acme', minutes: 30 });
  });

  it('decrypts what an older key has encrypted, and reads what was not encrypted', async () => {
    const encoded = await new EncryptionCodec([old!]).encode([payload]);
    const codec = new EncryptionCodec([current!, old!]);
    for (const kept of [encoded, [payload]]) {
      const [decoded] = await codec.decode(kept);
      assert.deepEqual(defaultPayloadConverter.fromPayload(decoded!), { org: 'acme', minutes: 30 });
    }
  });

  it('names the key that is missing, by its id', async () => {
    const encoded = await new EncryptionCodec([old!]).encode([payload]);
    await assert.rejects(new EncryptionCodec([current!]).decode(encoded), {
      message: `there is no encryption key with the id ${old!.id} in the settings`,
    });
  });

  it('refuses a value that somebody has changed', async () => {
    const codec = new EncryptionCodec([current!]);
    const [encoded] = await codec.encode([payload]);
    encoded!.data![20]! ^= 1;
    await assert.rejects(codec.decode([encoded!]));
  });
});

describe('an encryption key', () => {
  it('is what a command prints', async () => {
    const text = randomBytes(32).toString('base64');
    const source = { command: [process.execPath, '-p', JSON.stringify(text)], cwd: tmpdir() };
    assert.match((await readKey(source)).id, /^[0-9a-f]{16}$/);
  });

  it('is not quoted when it cannot be used', async () => {
    const command = (script: string) => ({ command: [process.execPath, '-e', script], cwd: tmpdir() });
    await assert.rejects(readKey(command('console.log("c2VjcmV0")')), (error: Error) => {
      assert.match(error.message, /must be 32 bytes in base64/);
      assert.doesNotMatch(error.message, /c2VjcmV0/);
      return true;
    });
    await assert.rejects(readKey(command('console.error("c2VjcmV0"); process.exit(3)')), {
      message: `the key from "${process.execPath}" could not be read (3)`,
    });
    await assert.rejects(readKey({ file: join(tmpdir(), 'no-such-key') }), /could not be read \(ENOENT\)/);
  });
});
