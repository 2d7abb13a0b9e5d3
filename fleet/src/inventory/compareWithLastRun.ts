import type { FleetOrg } from '../contract/stacks.js';
import type { Fault } from './fault.js';
import { stackOf } from './groupStacks.js';

/** An org of an earlier run. */
export interface KnownOrg {
  readonly name: string;
  readonly stack: string;
  readonly address: string;
}

/** What has changed since the last run. */
export interface Comparison {
  readonly added: readonly string[];
  /** Orgs that left the inventory. Their stacks stay as they are until somebody destroys them by name. */
  readonly left: readonly KnownOrg[];
  /** Changes that would leave an org with two stacks, or a stack with another org. */
  readonly faults: readonly Fault[];
}

/** What the next run needs to know of an org. */
export function knownOrg(org: FleetOrg): KnownOrg {
  return { name: org.name, stack: stackOf(org), address: org.address };
}

/** Compares the orgs of an inventory with those of the last run. */
export function compareWithLastRun(last: readonly KnownOrg[], orgs: readonly FleetOrg[]): Comparison {
  const byName = new Map(last.map((known) => [known.name, known]));
  const byAddress = new Map(last.map((known) => [known.address, known]));
  const now = orgs.map(knownOrg);
  const names = new Set(now.map(({ name }) => name));
  const addresses = new Set(now.map(({ address }) => address));
  return {
    added: now
      .filter(({ name, address }) => !byName.has(name) && !byAddress.has(address))
      .map(({ name }) => name),
    left: last.filter(({ name, address }) => !names.has(name) && !addresses.has(address)),
    faults: now.flatMap((org) => faultsOf(org, byName.get(org.name), byAddress.get(org.address))),
  };
}

function faultsOf(org: KnownOrg, sameName: KnownOrg | undefined, sameAddress: KnownOrg | undefined): Fault[] {
  if (sameAddress !== undefined && sameAddress.stack !== org.stack) {
    const before = sameAddress.name === org.name ? '' : ` as ${sameAddress.name}`;
    return [
      {
        where: org.name,
        message:
          `${org.address} was in the stack ${sameAddress.stack}${before} and would now be in ${org.stack}, so two stacks would manage it. ` +
          `Destroy ${sameAddress.stack} first, or keep the name`,
      },
    ];
  }
  if (sameName !== undefined && sameName.address !== org.address) {
    return [
      {
        where: org.name,
        message:
          `was ${sameName.address} and is now ${org.address}, but its stack ${sameName.stack} holds the settings of the other org. ` +
          `Destroy ${sameName.stack} first, or give the new org a new name`,
      },
    ];
  }
  return [];
}
