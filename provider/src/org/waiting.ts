import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../errorCodes.js';
import { ProviderError } from '../errors.js';
import type { MessageParts } from '../errors.js';
import { textWithCode } from './errors.js';
import { outlookOf, retryAfterOf } from './retryTransient.js';
import { SignInError } from '../signIn/session.js';

/** A wait for the org ran out. The job may still be running. */
export class WaitTimeoutError extends ProviderError {
  constructor(
    parts: MessageParts,
    /** Whether the last status request failed: then the job may also have ended. */
    readonly lastLookFailed = false,
  ) {
    super(parts);
  }
}

/** How to follow a job of the org. */
export interface FollowOptions {
  /** The time limit of each phase of the wait, in minutes. */
  timeoutMinutes: number;
  /** Called before every status request, with the milliseconds waited so far. */
  beforeLook: (elapsed: number) => void;
  /**
   * What the job is doing, such as waiting in the org's queue; `undefined` until that is known. The limit counts from the start of
   * each phase, so that a long queue does not use up the time of the job itself.
   */
  phase?: () => string | undefined;
  /** How messages name the org. */
  org: string;
  /** How messages name the job. */
  job: string;
  /** The code of the error when the limit is reached. */
  code: ErrorCode;
}

/** In milliseconds, like all times here. */
const firstDelay = 150;
const usualDelay = 400;
const longestDelay = 5000;
/** The shortest pause after a response: an org that needs long for each should not get one request after the other. */
const shortestPause = 50;
/** The shortest pause after a failed status request. */
const delayAfterFailure = 250;

/**
 * The time from the start of one status request to the start of the next, in milliseconds: at first as long as the wait so far, then 400 ms, and
 * after 6.4 seconds a sixteenth of the time waited. The wait ends at most half a second, or a tenth of the job's own time if that is more,
 * after the job.
 *
 * @param elapsed the wait until the start of the request, in milliseconds
 */
export function timeToNextLook(elapsed: number): number {
  const time = Math.min(Math.max(firstDelay, elapsed), usualDelay);
  return Math.min(Math.max(time, elapsed / 16), longestDelay);
}

/**
 * Follows a job of the org: requests its status until there is a result. A transient failure only delays the next request, so that the limit
 * of the wait is the only one.
 *
 * @param look requests the status once; resolves to `undefined` while the job is not finished
 * @throws WaitTimeoutError when the limit of a phase is reached; the error of a status request when it is not transient, or when the org asks to wait
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
    // After a request that took all the time, one more is sent: the limit of one request may be that of the whole wait.
    if (lookStart - phaseStart > limit) {
      throw timeoutError(options, phase, failure);
    }
    const delay = lookStart + timeToNextLook(lookStart - start) - now;
    if (failure === undefined) {
      await sleep(Math.max(delay, shortestPause));
      continue;
    }
    const asked = retryAfterOf(failure);
    if (asked > 0 && now + asked - phaseStart > limit) {
      throw failure;
    }
    await sleep(Math.max(delay, delayAfterFailure, asked));
  }
}

/** Also if the session has expired and the new sign-in failed for a transient reason. */
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
          `${job} timed out after ${timeoutMinutes} minutes${phase === undefined ? '' : ` ${phase}`} ` +
          '(salesforce:timeoutMinutes)',
      })
    : new WaitTimeoutError(
        {
          code: 'ECA6003',
          subject,
          cause: `${job} did not report its end within ${timeoutMinutes} minutes (salesforce:timeoutMinutes); the last status request failed: ${textWithCode(failure)}`,
        },
        true,
      );
}
