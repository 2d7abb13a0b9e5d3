import type { OnWait, ReconcileRequest } from './request.js';

/** What is done sooner than this needs no progress line, in milliseconds. */
const silentMilliseconds = 3000;

/** The pause between two lines at one resource, in milliseconds; for many resources longer, each line is a request to the engine. */
const pauseMilliseconds = (requests: number): number => Math.max(3000, 50 * requests);

/** Says at the resources of requests what is waited for, once it takes long, and now and then. */
export function progressReporter(requests: readonly ReconcileRequest[]): OnWait {
  let lastReport = -Infinity;
  return (message, elapsed) => {
    const now = performance.now();
    if (elapsed >= silentMilliseconds && now - lastReport >= pauseMilliseconds(requests.length)) {
      lastReport = now;
      for (const { log } of requests) {
        log.progress(`${message} (${Math.round(elapsed / 1000)} s)`);
      }
    }
  };
}
