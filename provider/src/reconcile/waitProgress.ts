import type { OnWait, ReconcileRequest } from './request.js';

/** What is done sooner than this needs no progress line, in milliseconds. */
const silentMilliseconds = 3000;

/** The pause between two lines, in milliseconds. In a log that is not interactive each is a line that stays. */
const pauseMilliseconds = 60_000;

/** Says at the first resource of requests that come together what is waited for, once it takes long, and now and then. */
export function progressReporter([first, ...others]: readonly ReconcileRequest[]): OnWait {
  let lastReport = -Infinity;
  return (message, elapsed) => {
    const now = performance.now();
    if (elapsed >= silentMilliseconds && now - lastReport >= pauseMilliseconds) {
      lastReport = now;
      const scope = others.length === 0 ? '' : `, for ${others.length + 1} resources`;
      first?.log.progress(`${message} (${Math.round(elapsed / 1000)} s${scope})`);
    }
  };
}
