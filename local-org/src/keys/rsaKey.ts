import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A new RSA key of 2048 bits. */
export async function newRsaKey(): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey;
}

/** A private key as PKCS#8 PEM. */
export function privatePem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}
