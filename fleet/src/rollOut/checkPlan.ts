import type { RollOutPlan } from '../contract/runs.js';
import type { FleetStack } from '../contract/stacks.js';

export const defaultPlan: RollOutPlan = {
  stages: ['dev', 'uat', 'prod'],
  canary: 1,
  percentages: [10, 50, 100],
  budget: 0,
  gates: ['prod'],
};

/** Everything that is wrong with a plan for these stacks, as sentences. */
export function checkPlan(plan: RollOutPlan, stacks: readonly FleetStack[]): string[] {
  return [...faultsOfPlan(plan), ...faultsOfStacks(plan, stacks)];
}

function faultsOfPlan({ stages, canary, percentages, budget, gates }: RollOutPlan): string[] {
  const faults: string[] = [];
  if (stages.length === 0) faults.push('The plan has no stage.');
  const twice = stages.find((stage, index) => stages.indexOf(stage) !== index);
  if (twice !== undefined) faults.push(`The plan names stage ${twice} twice.`);
  if (!isCount(canary)) faults.push(`The canary is a number of orgs, not ${canary}.`);
  if (!isCount(budget)) faults.push(`The failure budget is a number of orgs, not ${budget}.`);
  if (
    percentages.at(-1) !== 100 ||
    percentages.some((percent, index) => !(percent > (percentages[index - 1] ?? 0)))
  ) {
    faults.push(`The percentages rise to 100, such as 10, 50, 100; they are ${percentages.join(', ')}.`);
  }
  for (const gate of gates) {
    if (!stages.includes(gate)) faults.push(`There is a gate before stage ${gate}, which the plan lacks.`);
  }
  return faults;
}

function faultsOfStacks({ stages }: RollOutPlan, stacks: readonly FleetStack[]): string[] {
  const faults: string[] = [];
  for (const [stage, members] of Map.groupBy(stacks, (stack) => stack.stage)) {
    if (!stages.includes(stage)) {
      faults.push(
        `Stage ${stage} of stack ${members[0]?.stack ?? ''} is not in the plan: ${stages.join(', ')}.`,
      );
    }
    const without = members.find(({ wave }) => wave === undefined);
    const withWave = members.find(({ wave }) => wave !== undefined);
    if (without !== undefined && withWave !== undefined) {
      faults.push(
        `In stage ${stage}, stack ${withWave.stack} has a wave and ${without.stack} has none: give one to all or to none.`,
      );
    }
  }
  if (stacks.length === 0) faults.push('There is no stack to work on.');
  return faults;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
