import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ConfigurationError } from '../errors.js';
import type { OrgContext } from '../org/orgContext.js';
import { readKeyFile } from './keyFile.js';

/**
 * Reads the private key of the JWT bearer flow.
 *
 * @param pemOrPath the key in PEM form, also with escaped line breaks, or the path of a file that holds it
 * @param source how messages name the setting
 * @param warn told of a file that other users of the machine can read or change
 * @throws ConfigurationError when it cannot be read or is no RSA key; never quotes what was given, which may be a key
 */
export function readPrivateKey(pemOrPath: string, source: string, warn: OrgContext['warn']): KeyObject {
  const text = pemOrPath.trim();
  let pem = text.includes('-----BEGIN') ? text : readKeyFile(text, source, warn);
  // A PEM that came through an environment variable or JSON often has its line breaks escaped.
  pem = pem.replaceAll('\\r', '').replaceAll('\\n', '\n');
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    throw new ConfigurationError({
      code: 'ECA1104',
      cause: `${source} is encrypted with a passphrase: give it unencrypted, as a secret`,
    });
  }
  const key = parseKey(pem);
  if (key === undefined) {
    throw brokenPem(pem, source);
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw new ConfigurationError({
      code: 'ECA1106',
      cause: `${source} is of type ${key.asymmetricKeyType ?? 'unknown'}: Salesforce takes RSA keys`,
    });
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < 2048) {
    throw new ConfigurationError({
      code: 'ECA1107',
      cause: `${source} has ${bits} bits: an RSA key of 2048 bits or more is needed`,
    });
  }
  return key;
}

function brokenPem(pem: string, source: string): ConfigurationError {
  const content = /-----BEGIN [A-Z ]*PRIVATE KEY-----([^]+?)-----END [A-Z ]*PRIVATE KEY-----/.exec(pem)?.[1];
  const lineBreaks = content === undefined ? undefined : whatLineBreaksBecame(content);
  return lineBreaks === undefined
    ? new ConfigurationError({
        code: 'ECA1105',
        cause: `${source} is no private key in PEM form: it begins with -----BEGIN PRIVATE KEY-----`,
      })
    : new ConfigurationError({
        code: 'ECA1102',
        cause: `${source} is a private key in PEM form whose line breaks ${lineBreaks}: give it as it is in its file, through standard input`,
      });
}

function whatLineBreaksBecame(content: string): string | undefined {
  if (content.includes('\\')) return String.raw`became \n`;
  if (/[\r\n]/.test(content)) return undefined;
  return content.includes(' ') ? 'became spaces' : 'are gone';
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
