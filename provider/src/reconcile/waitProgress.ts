import type { OnWait, ReconcileRequest } from './request.js';

/** A wait shorter than this needs no progress line, in milliseconds. */
const silentMilliseconds = 3000;

/** The pause between two progress lines, in milliseconds. A log that is not interactive keeps each of them. */
const pauseMilliseconds = 60_000;

/**
 * Works while its progress is reported from time to time, at the first resource of the requests that wait together. Pulumi shows the last
 * report until the whole run ends, so the last one says that the wait is over.
 */
export async function withProgress<T>(
  [first, ...others]: readonly ReconcileRequest[],
  work: (onWait: OnWait) => Promise<T>,
): Promise<T> {
  const start = performance.now();
  let lastReport = -Infinity;
  try {
    return await work((message, elapsed) => {
      const now = performance.now();
      if (elapsed >= silentMilliseconds && now - lastReport >= pauseMilliseconds) {
        lastReport = now;
        const scope = others.length === 0 ? '' : `, for ${others.length + 1} resources`;
        first?.log.progress(`${message} (${Math.round(elapsed / 1000)} s${scope})`);
      }
    });
  } finally {
    if (lastReport > -Infinity) {
      first?.log.progress(`waited ${Math.round((performance.now() - start) / 1000)} s for the org`);
    }
  }
}
