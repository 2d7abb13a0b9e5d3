import { createHash } from 'node:crypto';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const suffixAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** Key prefixes of the ids that the org generates. */
export const keyPrefix = {
  organization: '00D',
  user: '005',
  profile: '00e',
  authSession: '0Ak',
  loginHistory: '0Ya',
  deployRequest: '0Af',
  retrieveRequest: '09S',
} as const;

/** The 18-character form of a 15-character id: one suffix character for each five, coding which of them are upper case. */
function withCaseSafeSuffix(id15: string): string {
  let suffix = '';
  for (let chunk = 0; chunk < 3; chunk += 1) {
    let bits = 0;
    for (let bit = 0; bit < 5; bit += 1) {
      if (/[A-Z]/.test(id15.charAt(chunk * 5 + bit))) bits |= 1 << bit;
    }
    suffix += suffixAlphabet.charAt(bits);
  }
  return id15 + suffix;
}

/**
 * An 18-character id that is always the same for the same prefix and key.
 * @param prefix the three-character key prefix
 * @param key what the id identifies
 */
export function salesforceId(prefix: string, key: string): string {
  let number = BigInt(`0x${createHash('sha256').update(key).digest('hex').slice(0, 18)}`);
  let digits = '';
  while (digits.length < 12) {
    digits = base62.charAt(Number(number % 62n)) + digits;
    number /= 62n;
  }
  return withCaseSafeSuffix(prefix + digits);
}

/** The 15-character form of an id. */
export function shortId(id: string): string {
  return id.slice(0, 15);
}
