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

/** Requests that the provider sends side by side, in the order in which {@link requestKinds} gives them. */
const sideBySide: readonly (readonly [RequestKind, RequestKind])[] = [
  ['token', 'versions'],
  ['query', 'listMetadata'],
];

/** Whether the provider sends two requests side by side. */
export function areSentTogether(one: RequestKind, other: RequestKind): boolean {
  return sideBySide.some((pair) => pair.includes(one) && pair.includes(other) && one !== other);
}

/** As {@link requestKinds}, without the question for the API versions, which goes out beside a sign-in that may be refused. */
export function kindsBesideVersions(org: LocalOrg): RequestKind[] {
  return requestKinds(org).filter((kind) => kind !== 'versions');
}

/** The kinds of the requests since the last `clearRequests`, in the order of arrival; two that go side by side have a fixed order. */
export function requestKinds(org: LocalOrg): RequestKind[] {
  const kinds = org.requests.map(({ kind }) => kind);
  kinds.forEach((kind, index) => {
    const next = kinds[index + 1];
    if (sideBySide.some(([first, second]) => kind === second && next === first)) {
      kinds.splice(index, 2, next!, kind);
    }
  });
  return kinds;
}
