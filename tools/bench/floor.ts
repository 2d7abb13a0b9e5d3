import type { Operation } from './measurement.js';
import type { DrawnTimes } from './orgTimes.js';

/** The components that a resource of the benchmark changes: global OAuth settings and policies. */
const componentsPerApp = 2;

/**
 * The most apps that an operation reads by requests side by side (readMetadata), which take as long as one; more of them are read by a
 * retrieve. What `up` reads so is what it wrote. Apps that nobody has seen yet can only be retrieved.
 */
const readByRequests = { up: 50, refresh: 10, previewChanged: 3 } as const;

/**
 * The sum of the org's own times for an operation at the least: a sign-in and the list of API versions; then a request or a retrieve,
 * which is two requests and its run. `up` takes a retrieve, a deploy of all components, and a verifying request or retrieve. Whoever
 * looks for others' changes before the deploy needs a request more.
 */
export function leastOrgTime(operation: Operation, apps: number, times: DrawnTimes): number {
  const { latencyMs } = times;
  const signIn = 2 * latencyMs;
  const retrieve = (number: number): number => 2 * latencyMs + times.retrieveMs(number);
  switch (operation) {
    case 'up': {
      const deploy = 2 * latencyMs + times.deployMs(0) + times.deployComponentMs * componentsPerApp * apps;
      return signIn + retrieve(0) + deploy + (apps <= readByRequests.up ? latencyMs : retrieve(1));
    }
    case 'previewChanged':
    case 'refresh':
      return signIn + (apps <= readByRequests[operation] ? latencyMs : retrieve(0));
    case 'previewNew':
      return signIn + retrieve(0);
    case 'noChange':
    case 'previewUnchanged':
      return 0;
  }
}

/** What a provider that deploys resource by resource takes at least, because an org runs one deploy at a time. */
export function leastTimeOneByOne(apps: number, times: DrawnTimes): number {
  const deploys = Array.from({ length: apps }, (_, number) => times.deployMs(number));
  return deploys.reduce((sum, deployMs) => sum + deployMs + times.deployComponentMs * componentsPerApp, 0);
}
