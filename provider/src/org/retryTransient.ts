import { setTimeout as sleep } from 'node:timers/promises';
import { timeLeft, withinLimit } from './callLimit.js';
import { SalesforceApiError, TransportError } from './errors.js';
import type { Outlook } from './outlook.js';

/** What is to be expected when the same is asked again, after anything that was thrown. */
export function outlookOf(thrown: unknown): Outlook {
  return thrown instanceof TransportError || thrown instanceof SalesforceApiError ? thrown.outlook : 'final';
}

/** Whether a fault passes: the network's, and the org's answers that are about the moment and not about the request. */
export function isTransient(thrown: unknown): boolean {
  return outlookOf(thrown) === 'passes';
}

/** Whether the org's server failed at a REST request: it may have acted all the same, whatever code it gives. */
export function isServerFailure(thrown: unknown): boolean {
  return thrown instanceof SalesforceApiError && (thrown.statusCode ?? 0) >= 500;
}

/** Whether the org turned a request away unread, because of too many: it has not acted on it. */
export function isThrottled(thrown: unknown): boolean {
  return thrown instanceof SalesforceApiError && /^ERROR_HTTP_(?:420|429)$/.test(thrown.errorCode);
}

/** The longest wait that an org's Retry-After can ask for, in milliseconds; for more the fault is passed on at once. */
const longestRetryAfterMs = 60_000;

/** The shortest and the longest pause before each repeat, in milliseconds; chance decides, so that what failed together is not repeated together. */
const pausesMs = [
  [250, 500],
  [750, 1500],
  [2250, 4000],
] as const;

/** How long the org asks to wait before it is asked again, in milliseconds. */
export function retryAfterOf(thrown: unknown): number {
  return thrown instanceof SalesforceApiError ? (thrown.retryAfterMs ?? 0) : 0;
}

/** Whether a request is worth repeating soon. */
export function isWorthRepeating(thrown: unknown): boolean {
  return isTransient(thrown) && retryAfterOf(thrown) <= longestRetryAfterMs;
}

/**
 * Repeats a request that changes nothing after faults that pass: three more tries within some seconds, or when the org says.
 *
 * @param limitMs the limit of the request with its repeats, in milliseconds
 * @throws the last fault as it is
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
