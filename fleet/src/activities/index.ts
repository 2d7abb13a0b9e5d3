import { ApplicationFailure, Context } from '@temporalio/activity';
import {
  failureTypes,
  type ProgramActivities,
  type StackOutcome,
  type StackTask,
  type WorkerActivities,
  type WorkerProgram,
} from '../contract/activities.js';
import type { Operation as OperationName } from '../contract/stacks.js';
import { drift, providerOf } from './drift.js';
import { answeredHeartbeats, type SendHeartbeat } from './heartbeats.js';
import type { Operation } from './operation.js';
import { destroy, preview } from './otherOperations.js';
import type { OutcomeFrame } from './outcome.js';
import { programDigest } from './programDigest.js';
import { exportedState, quickLook } from './quickLook.js';
import { up } from './up.js';
import { CleanLooks, inventoryDigest } from './verifiedSettings.js';
import { Watchdog } from './watchdog.js';
import { withOperation } from './withOperation.js';
import type { ActivitySettings } from './workerSettings.js';

export { programDigest } from './programDigest.js';
export type { ActivitySettings } from './workerSettings.js';

/** The activities that any worker does. */
export function createWorkerActivities(settings: ActivitySettings): WorkerActivities {
  return {
    async programOfToday(program) {
      const folder = settings.programs[program]?.folder;
      const digest = folder === undefined ? undefined : await programDigest(folder);
      return { worker: settings.identity, program, ...(digest === undefined ? {} : { digest }) };
    },
  };
}

/** The activities of a program, and the end of the process that watches over them. */
export interface OwnedActivities {
  readonly activities: ProgramActivities;
  /** Ends the watchdog; call it when the worker has ended. */
  readonly close: () => void;
}

/**
 * The activities that run a program.
 *
 * @param digest of the program when the worker began to take its tasks
 * @param heartbeats how heartbeats are sent; by default to the server, with its answer
 */
export function createProgramActivities(
  settings: ActivitySettings,
  program: string,
  digest: string,
  heartbeats: () => SendHeartbeat = () => answeredHeartbeats(Context.current()),
): OwnedActivities {
  const folder = settings.programs[program]?.folder ?? '';
  const watchdog = new Watchdog();
  const context = { settings, folder, watchdog, heartbeats };
  const looks = new CleanLooks(settings, program);

  /** The folder may have changed since the worker began: then it is another program. */
  const assertSameProgram = async (task: {
    readonly program: string;
    readonly digest: string;
  }): Promise<void> => {
    const today =
      task.program === program && task.digest === digest ? await programDigest(folder) : undefined;
    if (today === digest) return;
    throw ApplicationFailure.create({
      type: failureTypes.otherProgram,
      message: `${settings.identity} does not have the program ${task.program} with the digest ${task.digest}${today === undefined ? '' : `: its folder has changed to ${today}`}`,
    });
  };
  const activity =
    (work: (operation: Operation, frame: OutcomeFrame, task: StackTask) => Promise<StackOutcome>) =>
    async (task: StackTask): Promise<StackOutcome> => {
      await assertSameProgram(task);
      return withOperation(context, task, (operation) =>
        work(
          operation,
          { stack: task.stack, worker: settings.identity, secrets: operation.environment.secrets },
          task,
        ),
      );
    };
  const byName: Record<OperationName, (task: StackTask) => Promise<StackOutcome>> = {
    up: activity(up),
    preview: activity(preview),
    destroy: activity(destroy),
    drift: activity(async (operation, frame, { stack }) => {
      const outcome = await drift(operation, frame, folder);
      if (outcome.status === 'unchanged') {
        const state = await exportedState(settings, folder, stack.stack);
        if (typeof state !== 'string') {
          const { version } = providerOf(folder);
          const { fingerprint } = state;
          await looks.keep(stack.stack, {
            digest,
            providerVersion: version,
            inventory: inventoryDigest(stack),
            fingerprint,
          });
        }
      }
      return outcome;
    }),
  };
  return {
    activities: {
      ...byName,
      async quickLook(task) {
        await assertSameProgram(task);
        return quickLook(settings, folder, task);
      },
      ready: (): Promise<WorkerProgram> => Promise.resolve({ worker: settings.identity, program, digest }),
    },
    close: () => {
      watchdog.close();
    },
  };
}
