import { setTimeout as delay } from 'node:timers/promises';

/** Asks every 20 ms, for 30 s, until the answer is true. */
export async function until(ask: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`not within 30 s: ${ask.toString()}`);
    await delay(20);
  }
}
