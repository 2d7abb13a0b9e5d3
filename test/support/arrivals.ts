import type { LocalOrg, RequestKind } from 'salesforce-local-org';

/**
 * Runs something once, when an org gets a request and before it acts on it: a test can change the org, or end the engine, at
 * that very moment.
 *
 * @param nth which request of the kind from now on, default the first
 */
export function onArrival(org: LocalOrg, kind: RequestKind, action: () => void, nth = 1): void {
  let count = 0;
  const stop = org.onRequest((request) => {
    if (request.kind === kind) {
      count += 1;
    }
    if (count === nth) {
      stop();
      action();
    }
  });
}

/** The kinds of the requests since the last `clearRequests`, in the order of arrival. */
export function requestKinds(org: LocalOrg): RequestKind[] {
  return org.requests.map(({ kind }) => kind);
}
