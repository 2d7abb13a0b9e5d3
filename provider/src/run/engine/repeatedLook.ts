import { setTimeout as sleep } from 'node:timers/promises';

const mostLooks = 5;

/** How long to wait before the next look, in milliseconds. */
const pauseMilliseconds = 100;

/**
 * Looks up to five times for what a busy system may not show at once: it builds the list of its sockets while that changes, and may
 * refuse a single connection.
 *
 * @param look returns `undefined`, or throws, if it found nothing
 * @returns what the first successful look found; `undefined` if none did
 */
export async function lookRepeatedly<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let looks = 1; ; looks += 1) {
    const found = await look().catch(() => undefined);
    if (found !== undefined || looks === mostLooks) {
      return found;
    }
    await sleep(pauseMilliseconds);
  }
}
