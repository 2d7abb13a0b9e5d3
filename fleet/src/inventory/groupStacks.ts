import type { FleetOrg, FleetStack } from '../contract/stacks.js';

/** The stack of an org: its shard's, or its own. */
export function stackOf({ name, shard }: Pick<FleetOrg, 'name' | 'shard'>): string {
  return (shard ?? name).toLowerCase();
}

/** The stacks of an inventory that was checked, in the order of their first orgs. */
export function groupStacks(orgs: readonly FleetOrg[]): readonly FleetStack[] {
  return [...Map.groupBy(orgs, stackOf)].map(([stack, members]) => {
    const [{ stage, wave }] = members as [FleetOrg, ...FleetOrg[]];
    return { stack, stage, ...(wave === undefined ? {} : { wave }), orgs: members };
  });
}
