import { ActivityFailure, proxyActivities, sleep } from '@temporalio/workflow';
import {
  fleetTaskQueue,
  programTaskQueue,
  type ProgramActivities,
  type WorkerActivities,
  type WorkerProgram,
} from '../contract/activities.js';
import { type Timings } from '../contract/runs.js';

/** A worker that has the program, or why there is none. */
export type WorkerSearch = { readonly digest: string } | { readonly objection: string };

/** Looks for a worker with the program: of the given digest, or of the one that a worker has today. */
export async function findWorker(
  program: string,
  wanted: string | undefined,
  timings: Timings,
): Promise<WorkerSearch> {
  if (wanted !== undefined && (await isReady(program, wanted, timings))) return { digest: wanted };
  const today = await programOfToday(program, timings);
  if (wanted === undefined && today?.digest !== undefined) return { digest: today.digest };
  // A worker without this program responds at once.
  if (wanted === undefined) await sleep(timings.workerTimeout);
  return { objection: objectionTo(program, wanted, today) };
}

function objectionTo(program: string, wanted: string | undefined, today: WorkerProgram | undefined): string {
  const missing = `No worker took ${program}${wanted === undefined ? '' : ` with digest ${wanted}`}`;
  if (today === undefined) return `${missing}: no worker answers.`;
  if (today.digest === undefined) return `${missing}: ${today.worker} has no program of this name.`;
  if (today.digest === wanted) return `${missing}: all workers that have it are busy, or gone.`;
  return `${missing}: ${today.worker} has it with digest ${today.digest}.`;
}

async function isReady(program: string, digest: string, { workerTimeout }: Timings): Promise<boolean> {
  const { ready } = proxyActivities<ProgramActivities>({
    taskQueue: programTaskQueue(program, digest),
    ...once(workerTimeout),
  });
  return (await answered(ready())) !== undefined;
}

function programOfToday(program: string, { workerTimeout }: Timings): Promise<WorkerProgram | undefined> {
  const activities = proxyActivities<WorkerActivities>({
    taskQueue: fleetTaskQueue,
    ...once(workerTimeout),
  });
  return answered(activities.programOfToday(program));
}

const once = (timeout: number) => ({
  scheduleToStartTimeout: timeout,
  startToCloseTimeout: timeout,
  retry: { maximumAttempts: 1 },
});

async function answered<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ActivityFailure) return undefined;
    throw error;
  }
}
