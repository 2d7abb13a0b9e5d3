import { createHash, type webcrypto } from 'node:crypto';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { KeySource } from '../settings/fleetSettings.js';

/** A key of {@link EncryptionCodec}. */
export interface EncryptionKey {
  /** What payloads say they are encrypted with; it does not reveal the key. */
  readonly id: string;
  readonly key: webcrypto.CryptoKey;
}

const keyBytes = 32;
const commandLimitMs = 30_000;

/**
 * Reads a key: 32 bytes, written in base64.
 *
 * @throws Error that says where the key should be, and nothing of what is there
 */
export async function readKey(source: KeySource): Promise<EncryptionKey> {
  const where = 'file' in source ? `the key in ${source.file}` : `the key from "${source.command[0] ?? ''}"`;
  let text: string;
  try {
    text = await readText(source);
  } catch (thrown) {
    // The error of a command would quote its output.
    const code: unknown = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    throw new Error(
      `${where} could not be read (${typeof code === 'string' || typeof code === 'number' ? code : 'no reason given'})`,
    );
  }
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== keyBytes) {
    throw new Error(
      `${where} must be ${keyBytes} bytes in base64, as "openssl rand -base64 ${keyBytes}" prints them`,
    );
  }
  const id = createHash('sha256').update('eca-fleet key id').update(bytes).digest('hex').slice(0, 16);
  return { id, key: await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']) };
}

async function readText(source: KeySource): Promise<string> {
  if ('file' in source) return readFile(source.file, 'utf8');
  const [command = '', ...args] = source.command;
  const { stdout } = await promisify(execFile)(command, args, { cwd: source.cwd, timeout: commandLimitMs });
  return stdout;
}
