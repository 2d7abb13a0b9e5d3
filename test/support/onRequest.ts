import type { LocalOrg, RecordedRequest } from 'salesforce-local-org';

type Listener = (request: RecordedRequest) => void;

const listenersByOrg = new WeakMap<LocalOrg, Set<Listener>>();

/** Runs something whenever an org gets a request, before it acts on it. Returns what ends that. */
export function onRequest(org: LocalOrg, listener: Listener): () => void {
  const listeners = listenersByOrg.get(org) ?? listenTo(org);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function listenTo(org: LocalOrg): Set<Listener> {
  const listeners = new Set<Listener>();
  listenersByOrg.set(org, listeners);
  // The org keeps its requests in this list, and puts each in before it acts.
  const requests = org.requests as RecordedRequest[];
  const push = requests.push.bind(requests);
  requests.push = (...arrived) => {
    const length = push(...arrived);
    for (const listener of [...listeners]) arrived.forEach(listener);
    return length;
  };
  return listeners;
}
