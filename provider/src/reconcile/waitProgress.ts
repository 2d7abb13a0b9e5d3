import type { OnWait, ReconcileJob } from './job.js';

/** What is done sooner than this needs no progress line, in milliseconds. */
const silentMilliseconds = 3000;

/** The pause between two lines at one resource, in milliseconds; for many resources longer, each line is a request to the engine. */
const pauseMilliseconds = (jobs: number): number => Math.max(3000, 50 * jobs);

/** Says at the resources of jobs what is waited for, once it takes long, and now and then. */
export function progressReporter(jobs: readonly ReconcileJob[]): OnWait {
  let lastReport = -Infinity;
  return (message, elapsed) => {
    const now = performance.now();
    if (elapsed >= silentMilliseconds && now - lastReport >= pauseMilliseconds(jobs.length)) {
      lastReport = now;
      for (const { log } of jobs) {
        log.progress(`${message} (${Math.round(elapsed / 1000)} s)`);
      }
    }
  };
}
