import { setTimeout as sleep } from 'node:timers/promises';
import { timeLeft, withinLimit } from './callLimit.js';
import { SalesforceApiError, TransportError } from './errors.js';
import type { Outlook } from './outlook.js';

/** What to expect if the same request is sent again after this error. */
export function outlookOf(thrown: unknown): Outlook {
  return thrown instanceof TransportError || thrown instanceof SalesforceApiError ? thrown.outlook : 'final';
}

/** Whether a failure is transient: a network failure, or a response of the org that is not about the request itself. */
export function isTransient(thrown: unknown): boolean {
  return outlookOf(thrown) === 'passes';
}

/** Whether the org's server failed at a REST request. It may still have acted on it, whatever code it returns. */
export function isServerFailure(thrown: unknown): boolean {
  return thrown instanceof SalesforceApiError && (thrown.statusCode ?? 0) >= 500;
}

/** Whether the org rejected a request because there were too many. It has not acted on it. */
export function isThrottled(thrown: unknown): boolean {
  return thrown instanceof SalesforceApiError && /^ERROR_HTTP_(?:420|429)$/.test(thrown.errorCode);
}

/** The longest Retry-After that is honoured, in milliseconds. For a longer one the error is passed on at once. */
const longestRetryAfterMs = 60_000;

/** The shortest and the longest pause before each retry, in milliseconds. The pause is random, so that requests that failed together are not retried together. */
const pausesMs = [
  [250, 500],
  [750, 1500],
  [2250, 4000],
] as const;

/** How long the org asks to wait before a retry, in milliseconds. */
export function retryAfterOf(thrown: unknown): number {
  return thrown instanceof SalesforceApiError ? (thrown.retryAfterMs ?? 0) : 0;
}

/** Whether a request is worth repeating soon. */
export function isWorthRepeating(thrown: unknown): boolean {
  return isTransient(thrown) && retryAfterOf(thrown) <= longestRetryAfterMs;
}

/**
 * Retries a request that changes nothing after transient failures: three more attempts within a few seconds, or when the org allows it.
 *
 * @param limitMs the time limit of the request including retries, in milliseconds
 * @throws the last error unchanged
 */
export async function retryTransient<T>(request: () => Promise<T>, limitMs: number): Promise<T> {
  return withinLimit(limitMs, async () => {
    for (const [shortest, longest] of pausesMs) {
      try {
        return await request();
      } catch (thrown) {
        const usual = shortest + Math.random() * (longest - shortest);
        const wait = Math.max(usual, retryAfterOf(thrown));
        if (!isWorthRepeating(thrown) || timeLeft() <= wait) throw thrown;
        await sleep(wait);
      }
    }
    return request();
  });
}
