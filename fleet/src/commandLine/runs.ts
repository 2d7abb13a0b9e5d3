import { ServiceError, WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { driftAllId, rollOutId, workflowTypes, type RollOutInput } from '../contract/runs.js';
import { statusName, type RollOutResult, type RollOutStatus } from '../contract/status.js';
import { askAgain } from '../engine/askAgain.js';
import { statusOf } from '../reports/statusOf.js';

type RollOutWorkflow = (input: RollOutInput, packed: Uint8Array) => Promise<RollOutResult>;

/** A roll-out or a drift run. */
export interface Run {
  readonly handle: WorkflowHandle;
  readonly status: RollOutStatus;
  /** Whether the engine says that it runs. */
  readonly isOpen: boolean;
}

/**
 * The roll-out, or else the drift run, of a name.
 *
 * @throws Error if there is none
 */
export async function findRun(client: Client, name: string): Promise<Run> {
  for (const id of [rollOutId(name), driftAllId(name)]) {
    try {
      return await readRun(client.workflow.getHandle(id));
    } catch (thrown) {
      if (!(thrown instanceof WorkflowNotFoundError)) throw thrown;
    }
  }
  const scheduled = await lastOfSchedule(client, name);
  if (scheduled !== undefined) return readRun(scheduled);
  throw new Error(`the engine knows no roll-out and no drift run "${name}": "eca-fleet status" lists them`);
}

/** The newest run of a schedule: the engine adds its time to the id. */
async function lastOfSchedule(client: Client, name: string): Promise<WorkflowHandle | undefined> {
  const query = `WorkflowType = '${workflowTypes.driftAll}' AND WorkflowId STARTS_WITH '${driftAllId(name)}-'`;
  for await (const { workflowId, runId, memo } of client.workflow.list({ query })) {
    if (statusOf(memo?.[statusName]).name === name) return client.workflow.getHandle(workflowId, runId);
  }
  return undefined;
}

/** The handle of a roll-out, whose result `retry` needs. */
export async function findRollOut(
  client: Client,
  name: string,
): Promise<{ readonly handle: WorkflowHandle<RollOutWorkflow>; readonly isOpen: boolean }> {
  const handle = client.workflow.getHandle<RollOutWorkflow>(rollOutId(name));
  try {
    const { status } = await askAgain(() => handle.describe());
    return { handle, isOpen: status.name === 'RUNNING' };
  } catch (thrown) {
    if (!(thrown instanceof WorkflowNotFoundError)) throw thrown;
    throw new Error(`the engine knows no roll-out "${name}": "eca-fleet status" lists them`);
  }
}

/** Reads the status that the engine keeps, which needs no worker. */
export async function readRun(handle: WorkflowHandle): Promise<Run> {
  const { status, memo } = await askAgain(() => handle.describe());
  const isOpen = status.name === 'RUNNING';
  const kept = statusOf(memo?.[statusName]);
  if (isOpen || ended.includes(kept.state)) return { handle, status: kept, isOpen };
  // It ended from outside: its own status would still say that it runs.
  const how = `the engine ended it: ${status.name.toLowerCase()}`;
  return { handle, status: { ...kept, state: 'aborted', message: how }, isOpen };
}

/** The status after everything that was asked of a run so far; undefined if no worker responds. */
export async function statusOfWorker(
  client: Client,
  handle: WorkflowHandle,
): Promise<RollOutStatus | undefined> {
  try {
    return statusOf(
      await client.withDeadline(Date.now() + answerLimitMs, () => handle.query<unknown>(statusName)),
    );
  } catch (thrown) {
    if (thrown instanceof ServiceError) return undefined;
    throw thrown;
  }
}

/** The newest runs, those that run first. */
export async function listRuns(client: Client, most: number): Promise<readonly RollOutStatus[]> {
  const runs: RollOutStatus[] = [];
  const types = `WorkflowType IN ('${workflowTypes.rollOut}', '${workflowTypes.driftAll}')`;
  for (const state of [`ExecutionStatus = 'Running'`, `ExecutionStatus != 'Running'`]) {
    for await (const { memo } of client.workflow.list({ query: `${types} AND ${state}` })) {
      if (runs.length >= most) return runs;
      runs.push(statusOf(memo?.[statusName]));
    }
  }
  return runs;
}

/** How long to wait for a worker's answer. */
const answerLimitMs = 10_000;
const ended: readonly RollOutStatus['state'][] = ['done', 'done with failures', 'aborted'];
const needsSomebody: readonly RollOutStatus['state'][] = [
  'waits for approval',
  'waits for a clean look',
  'paused',
  'stopped',
];

/** Whether it goes on by itself. */
export function isMoving({ status, isOpen }: Run): boolean {
  return isOpen && !needsSomebody.includes(status.state);
}

/** Whether somebody should look at it. */
export function needsAttention({ state, problems }: RollOutStatus): boolean {
  return (
    problems.length > 0 ||
    needsSomebody.includes(state) ||
    state === 'done with failures' ||
    state === 'aborted'
  );
}
