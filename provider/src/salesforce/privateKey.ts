import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../errors.js';

/**
 * Reads the private key of the JWT bearer flow.
 *
 * @param pemOrPath the key in PEM form, also with escaped line breaks, or the path of a file that holds it
 * @param source how messages name the setting
 * @throws ConfigurationError when it cannot be read or is no RSA key; never quotes what was given, which may be a key
 */
export function readPrivateKey(pemOrPath: string, source: string): KeyObject {
  let pem = pemOrPath.trim();
  if (!pem.includes('-----BEGIN')) {
    try {
      pem = readFileSync(pem, 'utf8');
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? ` (${String(thrown.code)})` : '';
      throw new ConfigurationError(
        `${source} is neither a key in PEM form (-----BEGIN ...) nor a file that can be read${code}`,
      );
    }
  }
  // A PEM that came through an environment variable or JSON often has its line breaks escaped.
  pem = pem.replaceAll('\\r', '').replaceAll('\\n', '\n');
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    throw new ConfigurationError(
      `${source} is encrypted with a passphrase: give it unencrypted, as a secret`,
    );
  }
  const key = parseKey(pem);
  if (key === undefined) {
    throw new ConfigurationError(
      `${source} is no private key in PEM form: it begins with -----BEGIN PRIVATE KEY-----`,
    );
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw new ConfigurationError(
      `${source} is of type ${key.asymmetricKeyType ?? 'unknown'}: Salesforce takes RSA keys`,
    );
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < 2048) {
    throw new ConfigurationError(`${source} has ${bits} bits: an RSA key of 2048 bits or more is needed`);
  }
  return key;
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
