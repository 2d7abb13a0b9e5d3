import { randomBytes } from 'node:crypto';

/** A new consumer key, in the shape Salesforce gives them: `3MVG9` and 80 more characters. */
export function newConsumerKey(): string {
  return `3MVG9${randomBytes(60).toString('base64url').replace(/-/g, '.')}`;
}

/** A new consumer secret: 64 hexadecimal digits. */
export function newConsumerSecret(): string {
  return randomBytes(32).toString('hex').toUpperCase();
}
