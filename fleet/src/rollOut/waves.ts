import type { RollOutPlan } from '../contract/runs.js';
import type { FleetStack } from '../contract/stacks.js';

/** Stacks that are worked on side by side; the next wave waits for its end. */
export interface Wave {
  readonly stage: string;
  /** "canary", "to 50 %", "wave 2". */
  readonly name: string;
  /** Places in the list of stacks. */
  readonly members: readonly number[];
}

/** The waves of all stages in their order. Each stack is in exactly one; the order of the inventory decides who goes first. */
export function wavesOf(stacks: readonly FleetStack[], plan: RollOutPlan): Wave[] {
  return plan.stages.flatMap((stage) => {
    const members = [...stacks.keys()].filter((place) => stacks[place]?.stage === stage);
    const isNumbered = members.some((place) => stacks[place]?.wave !== undefined);
    return isNumbered ? numberedWaves(stage, members, stacks) : growingWaves(stage, members, stacks, plan);
  });
}

function numberedWaves(stage: string, members: readonly number[], stacks: readonly FleetStack[]): Wave[] {
  const byNumber = Map.groupBy(members, (place) => stacks[place]?.wave ?? 0);
  return [...byNumber]
    .sort(([one], [other]) => one - other)
    .map(([number, inWave]) => ({ stage, name: `wave ${number}`, members: inWave }));
}

function growingWaves(
  stage: string,
  members: readonly number[],
  stacks: readonly FleetStack[],
  { canary, percentages }: RollOutPlan,
): Wave[] {
  const orgsOf = (place: number): number => stacks[place]?.orgs.length ?? 0;
  const allOrgs = members.reduce((sum, place) => sum + orgsOf(place), 0);
  const goals = [
    { name: 'canary', orgs: canary },
    ...percentages.map((percent) => ({ name: `to ${percent} %`, orgs: (allOrgs * percent) / 100 })),
  ];
  const waves: Wave[] = [];
  let place = 0;
  let orgs = 0;
  for (const [index, { name, orgs: goal }] of goals.entries()) {
    const first = place;
    const isLast = index === goals.length - 1;
    for (; place < members.length && (isLast || orgs < goal); place++) orgs += orgsOf(members[place] ?? -1);
    if (place > first) waves.push({ stage, name, members: members.slice(first, place) });
  }
  return waves;
}
