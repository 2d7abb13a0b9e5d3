import type { OnWait, ReconcileRequest } from './request.js';

/** A wait shorter than this needs no progress line, in milliseconds. */
const silentMilliseconds = 3000;

/** The pause between two progress lines, in milliseconds. A log that is not interactive keeps each of them. */
const pauseMilliseconds = 60_000;

/** Reports the progress of a long wait from time to time, at the first resource of the requests that wait together. */
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
