import type { Operation } from './measurement.js';
import type { BenchOptions } from './options.js';

/** The times of the org that the floor is made of. */
export type OrgTimes = Pick<BenchOptions, 'latencyMs' | 'retrieveMs' | 'deployMs' | 'deployComponentMs'>;

/** The components that a resource of the benchmark changes: global OAuth settings and policies. */
const componentsPerApp = 2;

/**
 * The sum of the org's own times for an operation at the least: a sign-in and the list of API versions; a retrieve, which is two
 * requests and its run; for `up` a deploy of all components and a verifying retrieve besides. Whoever looks for others' changes
 * before the deploy needs a request more.
 */
export function leastOrgTime(operation: Operation, apps: number, times: OrgTimes): number {
  const signIn = 2 * times.latencyMs;
  const retrieve = 2 * times.latencyMs + times.retrieveMs;
  const deploy = 2 * times.latencyMs + times.deployMs + times.deployComponentMs * componentsPerApp * apps;
  switch (operation) {
    case 'up':
      return signIn + retrieve + deploy + retrieve;
    case 'previewNew':
    case 'previewChanged':
    case 'refresh':
      return signIn + retrieve;
    case 'noChange':
    case 'previewUnchanged':
      return 0;
  }
}

/** What a provider that deploys resource by resource takes at the least, because an org runs one deploy at a time. */
export function leastTimeOneByOne(apps: number, times: OrgTimes): number {
  return apps * (times.deployMs + times.deployComponentMs * componentsPerApp);
}
