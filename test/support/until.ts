import { setTimeout as delay } from 'node:timers/promises';

const intervalMs = 20;

/**
 * Resolves as soon as a condition is true, for tests that must act at a certain moment of a running operation.
 *
 * @param what the condition in words, for the error
 * @param condition asked every 20 ms; what it throws rejects
 * @param deadlineMs milliseconds after which it is given up, default 60,000
 * @throws Error if the condition is not true at the deadline
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 60_000,
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs / 1000} s: ${what}`);
    await delay(intervalMs);
  }
}
