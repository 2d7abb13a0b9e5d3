import type { ReconcileJob } from './job.js';

/** What is done sooner than this needs no progress line, in milliseconds. */
const silentMilliseconds = 3000;

/** Says at the resources of jobs what is waited for, once it takes long. */
export function reportWait(jobs: readonly ReconcileJob[], message: string, elapsed: number): void {
  if (elapsed >= silentMilliseconds) {
    const seconds = Math.round(elapsed / 1000);
    for (const { log } of jobs) {
      log.progress(`${message} (${seconds} s)`);
    }
  }
}
