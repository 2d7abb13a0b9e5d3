import type { LocalOrg, RecordedRequest, RequestKind } from 'salesforce-local-org';

type Listener = (request: RecordedRequest) => void;

const listenersOf = new WeakMap<readonly RecordedRequest[], Set<Listener>>();

/**
 * Runs something once, when an org gets a request and before it acts on it: a test can change the org, or end the engine, at
 * that very moment.
 *
 * @param nth which request of the kind from now on, default the first
 */
export function onArrival(org: LocalOrg, kind: RequestKind, action: () => void, nth = 1): void {
  const listeners = listenersOf.get(org.requests) ?? listenTo(org);
  let count = 0;
  const listen: Listener = (request) => {
    if (request.kind === kind) {
      count += 1;
    }
    if (count === nth) {
      listeners.delete(listen);
      action();
    }
  };
  listeners.add(listen);
}

/** The org keeps its requests in one list for ever, and puts each in before it acts. */
function listenTo(org: LocalOrg): Set<Listener> {
  const listeners = new Set<Listener>();
  const requests = org.requests as RecordedRequest[];
  const push = requests.push.bind(requests);
  requests.push = (...arrived) => {
    const length = push(...arrived);
    for (const request of arrived) for (const listen of [...listeners]) listen(request);
    return length;
  };
  listenersOf.set(requests, listeners);
  return listeners;
}

/** The kinds of the requests since the last `clearRequests`, in the order of arrival. */
export function requestKinds(org: LocalOrg): RequestKind[] {
  return org.requests.map(({ kind }) => kind);
}
