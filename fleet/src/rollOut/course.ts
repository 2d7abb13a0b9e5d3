import type { DriftAllInput, RollOutInput } from '../contract/runs.js';
import type { FleetStack, Operation } from '../contract/stacks.js';
import { wavesOf } from './waves.js';

/** A wave that works on its members, or a gate: an approval and a full look at what the stage before it got. */
export interface Step {
  readonly kind: 'wave' | 'gate';
  /** Of a gate: the stage that it lets begin. */
  readonly stage: string;
  readonly name: string;
  /** Places in the list of stacks. Of a gate: those that it looks at. */
  readonly members: readonly number[];
}

/** All that is decided before a run begins. It follows from the input alone. */
export interface Course {
  readonly operation: Operation;
  readonly stacks: readonly FleetStack[];
  readonly steps: readonly Step[];
  /** The place of each stack's wave among the steps, by the places of the stacks. */
  readonly stepOf: readonly number[];
  /** Of each wave, in orgs. */
  readonly budget: number;
  /** How long a clean look before a gate counts, in milliseconds. */
  readonly lookIsFreshFor: number;
}

/** The steps of a roll-out. A preview changes nothing and needs no gate; after a destroy there is nothing to look at. */
export function rollOutCourse(
  { operation, plan, options }: Pick<RollOutInput, 'operation' | 'plan' | 'options'>,
  stacks: readonly FleetStack[],
): Course {
  const waves = wavesOf(stacks, plan);
  const gates = operation === 'preview' ? [] : plan.gates;
  const steps: Step[] = [];
  let before: number[] = [];
  for (const stage of plan.stages) {
    const ofStage = waves.filter((wave) => wave.stage === stage);
    if (ofStage.length === 0) continue;
    if (gates.includes(stage)) {
      steps.push({ kind: 'gate', stage, name: 'gate', members: operation === 'up' ? before : [] });
    }
    steps.push(...ofStage.map((wave): Step => ({ kind: 'wave', ...wave })));
    before = ofStage.flatMap(({ members }) => members);
  }
  return {
    operation,
    stacks,
    steps,
    stepOf: stepsOfStacks(steps),
    budget: plan.budget,
    lookIsFreshFor: options.timings.lookIsFreshFor,
  };
}

/** A look at all stacks: one wave that nothing stops. */
export function driftCourse(
  { options }: Pick<DriftAllInput, 'options'>,
  stacks: readonly FleetStack[],
): Course {
  const members = [...stacks.keys()];
  return {
    operation: 'drift',
    stacks,
    steps: [{ kind: 'wave', stage: 'all', name: 'look', members }],
    stepOf: members.map(() => 0),
    budget: Number.MAX_SAFE_INTEGER,
    lookIsFreshFor: options.timings.lookIsFreshFor,
  };
}

function stepsOfStacks(steps: readonly Step[]): number[] {
  const stepOf: number[] = [];
  for (const [index, { kind, members }] of steps.entries())
    if (kind === 'wave') for (const place of members) stepOf[place] = index;
  return stepOf;
}
