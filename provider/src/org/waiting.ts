import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../errorCodes.js';
import { ProviderError } from '../errors.js';
import type { MessageParts } from '../errors.js';
import { textWithCode } from './errors.js';
import { outlookOf, retryAfterOf } from './retryTransient.js';
import { SignInError } from '../signIn/session.js';

/** A wait for the org ran out. The job that was waited for may still be running. */
export class WaitTimeoutError extends ProviderError {
  constructor(
    parts: MessageParts,
    /** Whether the last look at the job failed: then it may have ended as well. */
    readonly lastLookFailed = false,
  ) {
    super(parts);
  }
}

/** How a job of the org is followed. */
export interface FollowOptions {
  /** The limit of each phase of the wait, in minutes. */
  timeoutMinutes: number;
  /** Called before every look, with the milliseconds waited so far. */
  beforeLook: (elapsed: number) => void;
  /**
   * What the job is doing, such as waiting in the org's queue; `undefined` before that was seen. The limit counts from the beginning of
   * each phase, so that a long queue does not use up the time of the work itself.
   */
  phase?: () => string | undefined;
  /** How messages name the org. */
  org: string;
  /** How they name the job. */
  job: string;
  /** The code of the error when the limit is reached. */
  code: ErrorCode;
}

/** In milliseconds, as everything here. */
const firstDelay = 150;
const usualDelay = 400;
const longestDelay = 5000;
/** The shortest pause after a look that failed. */
const delayAfterFailure = 250;

/**
 * The pause before the next look, in milliseconds: at first as long as the job has been waited for, then 400 ms, from 5 seconds on a
 * thirteenth of the time waited. With the time of the request itself, at most a tenth of the job's own time, or half a second where that
 * is more, is spent waiting after its end.
 */
export function delayBeforeNextLook(elapsed: number): number {
  const delay = Math.min(Math.max(firstDelay, elapsed), usualDelay);
  return Math.min(Math.max(delay, elapsed / 13), longestDelay);
}

/**
 * Follows a job of the org that has an id: looks again and again until there is something to see. A failure of a look that passes only
 * delays the next look, so that the limit of the wait is the only one.
 *
 * @param look asks the org once; answers `undefined` as long as the job goes on
 * @throws WaitTimeoutError when the limit of a phase is reached; what a look throws when it does not pass, or when the org asks to wait
 *   longer than the limit allows
 */
export async function followJob<T>(look: () => Promise<T | undefined>, options: FollowOptions): Promise<T> {
  const start = performance.now();
  const limit = options.timeoutMinutes * 60_000;
  let phase = options.phase?.();
  let phaseStart = start;
  for (;;) {
    const lookStart = performance.now();
    options.beforeLook(lookStart - start);
    let failure: Error | undefined;
    try {
      const seen = await look();
      if (seen !== undefined) {
        return seen;
      }
    } catch (thrown) {
      if (!mayBeAskedAgain(thrown)) {
        throw thrown;
      }
      failure = thrown;
    }
    const now = performance.now();
    const current = options.phase?.();
    if (current !== phase) {
      phase = current;
      phaseStart = now;
    }
    // A look that took all the time is followed by another: the limit of one request may be that of the whole wait.
    if (lookStart - phaseStart > limit) {
      throw timeoutError(options, phase, failure);
    }
    const delay = delayBeforeNextLook(now - start);
    if (failure === undefined) {
      await sleep(delay);
      continue;
    }
    const asked = retryAfterOf(failure);
    if (asked > 0 && now + asked - phaseStart > limit) {
      throw failure;
    }
    await sleep(Math.max(delay, delayAfterFailure, asked));
  }
}

/** Also where the session ended meanwhile, and the new sign-in did not get through. */
const mayBeAskedAgain = (thrown: unknown): thrown is Error =>
  ['passes', 'notFound'].includes(outlookOf(thrown)) ||
  (thrown instanceof SignInError && thrown.didNotGetThrough);

function timeoutError(
  { org: subject, job, code, timeoutMinutes }: FollowOptions,
  phase: string | undefined,
  failure: Error | undefined,
): WaitTimeoutError {
  return failure === undefined
    ? new WaitTimeoutError({
        code,
        subject,
        cause:
          `${job} was not done after ${timeoutMinutes} minutes${phase === undefined ? '' : ` ${phase}`} ` +
          '(salesforce:timeoutMinutes)',
      })
    : new WaitTimeoutError(
        {
          code: 'ECA6003',
          subject,
          cause: `${job} was not seen to end within ${timeoutMinutes} minutes (salesforce:timeoutMinutes); the last look at it failed: ${textWithCode(failure)}`,
        },
        true,
      );
}
