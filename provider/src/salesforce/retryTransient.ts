import pRetry from 'p-retry';
import { SalesforceApiError, TransportError } from './errors.js';

const passingCodes = new Set([
  'SERVER_UNAVAILABLE',
  'UNABLE_TO_LOCK_ROW',
  'ERROR_HTTP_420',
  'ERROR_HTTP_429',
  'ERROR_HTTP_502',
  'ERROR_HTTP_503',
  'ERROR_HTTP_504',
]);

/** Whether a fault passes: the network's, and the org's "busy" answers. */
export function isTransient(thrown: unknown): boolean {
  return thrown instanceof TransportError
    ? ['refused', 'reset', 'timeout', 'truncated', 'dns'].includes(thrown.kind)
    : thrown instanceof SalesforceApiError && passingCodes.has(thrown.errorCode);
}

/**
 * Repeats a request that changes nothing after faults that pass: three more tries within some seconds.
 *
 * @throws the last fault as it is
 */
export async function retryTransient<T>(request: () => Promise<T>): Promise<T> {
  return pRetry(request, {
    retries: 3,
    minTimeout: 250,
    maxTimeout: 4000,
    factor: 3,
    randomize: true,
    shouldRetry: ({ error }) => isTransient(error),
  });
}
