import type { LocalOrg, RequestKind } from 'salesforce-local-org';
import type { Measurement } from './measurement.js';

/** What an org was asked since it last forgot its requests. */
export function requestsOf(
  org: LocalOrg | undefined,
): Pick<Measurement, 'requests' | 'bytesSent' | 'bytesReceived'> {
  const requests: Partial<Record<RequestKind, number>> = {};
  let bytesSent = 0;
  let bytesReceived = 0;
  for (const { kind, bytesIn, bytesOut } of org?.requests ?? []) {
    requests[kind] = (requests[kind] ?? 0) + 1;
    bytesSent += bytesIn;
    bytesReceived += bytesOut;
  }
  return { requests, bytesSent, bytesReceived };
}
