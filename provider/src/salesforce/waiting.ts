import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from '../errors.js';

/** A wait for the org ran out. The job that was waited for may still be running. */
export class WaitTimeoutError extends ProviderError {}

/** How a wait is watched and limited. */
export interface WaitOptions {
  /** The limit of each phase of the wait, in minutes. */
  timeoutMinutes: number;
  /** Called before every look, with the milliseconds waited so far. */
  beforeLook: (elapsed: number) => void;
  /**
   * What the job is doing, such as waiting in the org's queue: the limit counts from the beginning of each phase, so that a
   * long queue does not use up the time of the work itself.
   */
  phase?: () => string;
  /** What is waited for, for the error's message. */
  subject: string;
}

const firstDelay = 50;
const longestDelay = 5000;

/**
 * The pause before the next look, in milliseconds: a sixteenth of the time already waited. With the time of the request itself, at most
 * a tenth of a job's own time is spent waiting after its end.
 */
export function delayBeforeNextLook(elapsed: number): number {
  return Math.min(Math.max(firstDelay, elapsed / 16), longestDelay);
}

/**
 * Looks again and again until there is something to see.
 *
 * @param look answers `undefined` as long as the wait goes on
 * @throws WaitTimeoutError when the limit of a phase is reached
 */
export async function waitFor<T>(look: () => Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const start = performance.now();
  let phase = options.phase?.();
  let phaseStart = start;
  for (;;) {
    options.beforeLook(performance.now() - start);
    const seen = await look();
    if (seen !== undefined) {
      return seen;
    }
    const now = performance.now();
    const current = options.phase?.();
    if (current !== phase) {
      phase = current;
      phaseStart = now;
    }
    if (now - phaseStart > options.timeoutMinutes * 60_000) {
      throw new WaitTimeoutError(
        `${options.subject} was not done after ${options.timeoutMinutes} minutes${phase === undefined ? '' : ` ${phase}`} ` +
          '(salesforce:timeoutMinutes)',
      );
    }
    await sleep(delayBeforeNextLook(now - start));
  }
}
