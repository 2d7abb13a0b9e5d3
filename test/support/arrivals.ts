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

/** A request that the provider sends beside another one, and beside those that the answer to the other one may lead to. */
interface SideBySide {
  first: RequestKind;
  beside: RequestKind;
  /** What may follow `first` before `beside` arrives. */
  followers: readonly RequestKind[];
}

const sideBySide: readonly SideBySide[] = [
  { first: 'token', beside: 'versions', followers: ['userinfo'] },
  { first: 'query', beside: 'listMetadata', followers: ['token', 'userinfo'] },
];

/** Whether the provider sends two requests side by side. */
export function areSentTogether(one: RequestKind, other: RequestKind): boolean {
  return sideBySide.some(
    ({ first, beside }) => (one === first && other === beside) || (one === beside && other === first),
  );
}

/** As {@link requestKinds}, without the question for the API versions, which goes out beside a sign-in that may be refused. */
export function kindsBesideVersions(org: LocalOrg): RequestKind[] {
  return requestKinds(org).filter((kind) => kind !== 'versions');
}

/** The kinds of the requests since the last `clearRequests`, in the order of arrival; what goes side by side has a fixed order. */
export function requestKinds(org: LocalOrg): RequestKind[] {
  return inFixedOrder(org.requests.map(({ kind }) => kind));
}

/** Kinds of requests in the order of arrival, with what goes side by side in a fixed order. */
export function inFixedOrder(arrived: readonly RequestKind[]): RequestKind[] {
  const kinds = [...arrived];
  for (const { first, beside, followers } of sideBySide) {
    let start = kinds.indexOf(first);
    while (start !== -1) {
      const rest = kinds.slice(start + 1);
      const next = rest.findIndex((kind) => !followers.includes(kind));
      // One that follows `first` belongs to that.
      if (kinds[start - 1] === beside && kinds[start - 2] !== first) {
        kinds.splice(start - 1, 2, first, beside);
      } else if (rest[next] === beside) {
        kinds.splice(start + 1 + next, 1);
        kinds.splice(start + 1, 0, beside);
      }
      start = kinds.indexOf(first, start + 1);
    }
  }
  return kinds;
}
