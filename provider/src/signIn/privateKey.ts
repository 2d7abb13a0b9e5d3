import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ConfigurationError } from '../errors.js';
import type { OrgContext } from '../org/orgContext.js';
import { readKeyFile } from './keyFile.js';

/**
 * Reads the private key of the JWT bearer flow.
 *
 * @param pemOrPath the key in PEM form, also with escaped line breaks, or the path of a file that contains it
 * @param source how messages name the setting
 * @param warn receives a warning if other users of the machine can read or change the file
 * @throws ConfigurationError when it cannot be read or is not an RSA key; never quotes the value, which may be a key
 */
export function readPrivateKey(pemOrPath: string, source: string, warn: OrgContext['warn']): KeyObject {
  const text = pemOrPath.trim();
  let pem = text.includes('-----BEGIN') ? text : readKeyFile(text, source, warn);
  // A PEM that came through an environment variable or JSON often has its line breaks escaped.
  pem = pem.replaceAll('\\r', '').replaceAll('\\n', '\n');
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    throw new ConfigurationError({
      code: 'ECA1104',
      cause: `${source} is encrypted with a passphrase. Set it unencrypted, as a secret`,
    });
  }
  const key = parseKey(pem);
  if (key === undefined) {
    throw brokenPem(pem, source);
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw new ConfigurationError({
      code: 'ECA1106',
      cause: `${source} is of type ${key.asymmetricKeyType ?? 'unknown'}, but Salesforce requires an RSA key`,
    });
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < 2048) {
    throw new ConfigurationError({
      code: 'ECA1107',
      cause: `${source} has ${bits} bits, but an RSA key needs at least 2048`,
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
        cause: `${source} is not a PEM private key (expected it to start with -----BEGIN PRIVATE KEY-----)`,
      })
    : new ConfigurationError({
        code: 'ECA1102',
        cause: `${source} is a PEM private key whose line breaks ${lineBreaks}. Set it from its file, through standard input`,
      });
}

function whatLineBreaksBecame(content: string): string | undefined {
  if (content.includes('\\')) return String.raw`have become \n`;
  if (/[\r\n]/.test(content)) return undefined;
  return content.includes(' ') ? 'have become spaces' : 'are missing';
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
