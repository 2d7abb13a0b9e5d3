import pRetry from 'p-retry';
import { SalesforceApiError, TransportError } from './errors.js';

/** "Too many requests" and "not now" answers, unparsable ones, and a lock that somebody else holds for a moment. */
const passingCode =
  /^(?:ERROR_HTTP_(?:420|429|5\d\d)|MALFORMED_RESPONSE|SERVER_UNAVAILABLE|UNABLE_TO_LOCK_ROW)$/;

/** Whether a fault passes: the network's, and the org's answers that are about the moment and not about the request. */
export function isTransient(thrown: unknown): boolean {
  return thrown instanceof TransportError
    ? ['refused', 'reset', 'timeout', 'truncated', 'dns'].includes(thrown.kind)
    : thrown instanceof SalesforceApiError && passingCode.test(thrown.errorCode);
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
