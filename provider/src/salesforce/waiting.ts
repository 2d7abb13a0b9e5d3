import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from '../errors.js';

/** A wait for the org ran out. The job that was waited for may still be running. */
export class WaitTimeoutError extends ProviderError {}

/** How a wait is watched and ended. */
export interface WaitOptions {
  /** The limit of the whole wait, in minutes. */
  timeoutMinutes: number;
  /** Called before every look, with the milliseconds waited so far; what it throws ends the wait. */
  beforeLook?: (elapsed: number) => Promise<void> | void;
  /** What is waited for, for the error's message. */
  subject: string;
}

const firstDelay = 50;
const longestDelay = 5000;

/**
 * The pause before the next look, in milliseconds: a tenth of the time already waited, so that at most that share of a
 * job's own time is spent waiting after its end.
 */
export function delayBeforeNextLook(elapsed: number): number {
  return Math.min(Math.max(firstDelay, elapsed / 10), longestDelay);
}

/**
 * Looks again and again until there is something to see.
 *
 * @param look answers `undefined` as long as the wait goes on
 * @throws WaitTimeoutError when the limit is reached
 */
export async function waitFor<T>(look: () => Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const start = performance.now();
  for (;;) {
    const elapsed = performance.now() - start;
    await options.beforeLook?.(elapsed);
    const seen = await look();
    if (seen !== undefined) {
      return seen;
    }
    if (performance.now() - start > options.timeoutMinutes * 60_000) {
      throw new WaitTimeoutError(
        `${options.subject} was not done after ${options.timeoutMinutes} minutes (salesforce:timeoutMinutes)`,
      );
    }
    await sleep(delayBeforeNextLook(performance.now() - start));
  }
}
