import { setTimeout as delay } from 'node:timers/promises';

/** Checks every 20 ms, for at most 30 s, until the result is true. */
export async function until(ask: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`not within 30 s: ${ask.toString()}`);
    await delay(20);
  }
}
