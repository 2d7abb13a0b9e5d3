import { AsyncLocalStorage } from 'node:async_hooks';

/** When the call that is being made must have ended, by `performance.now()`. */
const ends = new AsyncLocalStorage<number>();

/**
 * Makes a call that has one time limit in all: its requests, their repeats, the pauses between them, and a sign-in that becomes necessary
 * share it. A call within a call does not get more time than the outer one has left.
 */
export function withinLimit<T>(milliseconds: number, call: () => Promise<T>): Promise<T> {
  return ends.run(performance.now() + Math.min(milliseconds, timeLeft()), call);
}

/** The time that is left to the call that is being made, in milliseconds; without end outside of a call. */
export function timeLeft(): number {
  return (ends.getStore() ?? Infinity) - performance.now();
}
