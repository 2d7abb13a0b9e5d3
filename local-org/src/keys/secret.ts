import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new secret: 128 bits, as letters and digits. */
export function newSecret(): string {
  return randomBytes(16).toString('hex');
}

/** Whether a string is the secret, in constant time. */
export function isSecret(sent: string | undefined, secret: string): boolean {
  return sent !== undefined && timingSafeEqual(digest(sent), digest(secret));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
