import type { FleetOrg, FleetStack } from '../../src/contract/stacks.js';

/** A stack with one org, or with several as a shard. */
export function fleetStack(
  name: string,
  stage: string,
  { orgs = 1, wave }: { orgs?: number; wave?: number } = {},
): FleetStack {
  const inWave = wave === undefined ? {} : { wave };
  return {
    stack: name,
    stage,
    ...inWave,
    orgs: Array.from({ length: orgs }, (_, index): FleetOrg => {
      const org = orgs === 1 ? name : `${name}-${index + 1}`;
      return {
        name: org,
        stage,
        ...inWave,
        credential: `vault/${org}`,
        address: `https://${org}.my.salesforce.com`,
        configuration: {},
        ...(orgs === 1 ? {} : { shard: name }),
      };
    }),
  };
}

/** `count` stacks of one org each: dev-1, dev-2 … */
export function fleetStacks(stage: string, count: number): FleetStack[] {
  return Array.from({ length: count }, (_, index) => fleetStack(`${stage}-${index + 1}`, stage));
}
