import { AsyncLocalStorage } from 'node:async_hooks';

/** The deadline of the current call, by `performance.now()`. */
const ends = new AsyncLocalStorage<number>();

/**
 * Makes a call with one time limit, shared by its requests, their retries, the pauses between them, and any sign-in that becomes necessary. A call within a call does not get more time than the outer one has left.
 */
export function withinLimit<T>(milliseconds: number, call: () => Promise<T>): Promise<T> {
  return ends.run(performance.now() + Math.min(milliseconds, timeLeft()), call);
}

/** The time that the current call has left, in milliseconds: 0 after its end, because timers warn of negative ones; infinite outside of a call. */
export function timeLeft(): number {
  return Math.max(0, (ends.getStore() ?? Infinity) - performance.now());
}
