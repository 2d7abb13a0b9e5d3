import type { WorkflowHandle } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { fleetTaskQueue } from '../../src/contract/activities.js';
import {
  rollOutId,
  workflowTypes,
  type RollOutInput,
  type RunOptions,
  type Timings,
} from '../../src/contract/runs.js';
import type { FleetStack } from '../../src/contract/stacks.js';
import {
  statusName,
  type RollOutResult,
  type RollOutState,
  type RollOutStatus,
} from '../../src/contract/status.js';
import { defaultPlan } from '../../src/rollOut/checkPlan.js';
import { packStacks } from '../../src/rollOut/packedStacks.js';
import type { Engine } from './engine.js';
import { until } from './until.js';

/** Everything in milliseconds; time-outs that must not occur in a test are long. */
export const testTimings: Timings = {
  heartbeatTimeout: 60_000,
  attemptTimeout: 60_000,
  attempts: 3,
  firstRetryAfter: 1,
  lastRetryAfter: 5,
  askForStackAgainAfter: 20,
  workerTimeout: 60_000,
  quietAfter: 60_000,
  lookIsFreshFor: 60_000,
};

export const testOptions: RunOptions = {
  atATime: 4,
  quickLookOrgs: 3,
  historyEvents: 10_000,
  timings: testTimings,
};

/** Input of a roll-out without gates, in one wave a stage. */
export function rollOutInput(changes: Partial<RollOutInput> = {}): RollOutInput {
  return {
    name: `r-${randomUUID().slice(0, 8)}`,
    operation: 'up',
    program: 'agents',
    digest: 'd1',
    plan: { ...defaultPlan, canary: 0, percentages: [100], gates: [] },
    options: testOptions,
    ...changes,
  };
}

type RollOutWorkflow = (input: RollOutInput, packedStacks: Uint8Array) => Promise<RollOutResult>;
export type RollOutHandle = WorkflowHandle<RollOutWorkflow>;

export function startRollOut(
  engine: Engine,
  stacks: readonly FleetStack[],
  changes: Partial<RollOutInput> = {},
): Promise<RollOutHandle> {
  return startInput(engine, stacks, rollOutInput(changes));
}

export function startInput(
  { client }: Engine,
  stacks: readonly FleetStack[],
  input: RollOutInput,
): Promise<RollOutHandle> {
  return client.workflow.start<RollOutWorkflow>(workflowTypes.rollOut, {
    taskQueue: fleetTaskQueue,
    workflowId: rollOutId(input.name),
    args: [input, packStacks(stacks)],
  });
}

export function statusOf(handle: Pick<WorkflowHandle, 'query'>): Promise<RollOutStatus> {
  return handle.query<RollOutStatus>(statusName);
}

export async function untilState(
  handle: Pick<WorkflowHandle, 'query'>,
  state: RollOutState,
): Promise<RollOutStatus> {
  let status: RollOutStatus | undefined;
  await until(async () => (status = await statusOf(handle)).state === state);
  if (status === undefined) throw new Error('no status');
  return status;
}
