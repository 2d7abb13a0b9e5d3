import { ApplicationFailure } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { mkdir } from 'node:fs/promises';
import { failureTypes, type StackOutcome, type StackTask } from '../contract/activities.js';
import { CredentialsError } from '../credentials/askCommand.js';
import { OtherAddressError } from '../credentials/orgCredentials.js';
import {
  ShardTooLargeError,
  stackEnvironment,
  type StackEnvironment,
} from '../credentials/stackEnvironment.js';
import { Attempt } from './attempt.js';
import { failureTypeOf, type FailureType } from './failures.js';
import type { SendHeartbeat } from './heartbeats.js';
import { Operation } from './operation.js';
import { makeOperationFolder, type OperationFolder } from './operationFolder.js';
import { stackFailure } from './outcome.js';
import { sweepHome } from './sweepHome.js';
import type { Watchdog } from './watchdog.js';
import type { ActivitySettings } from './workerSettings.js';

/** What all operations of a worker's program share. */
export interface ProgramContext {
  readonly settings: ActivitySettings;
  readonly folder: string;
  readonly watchdog: Watchdog;
  /** Called in the activity. */
  readonly heartbeats: () => SendHeartbeat;
}

/**
 * Prepares an operation on a stack, does it, and clears up.
 *
 * @throws ApplicationFailure with an outcome in its details; CancelledFailure
 */
export async function withOperation(
  { settings, folder: program, watchdog, heartbeats }: ProgramContext,
  task: StackTask,
  work: (operation: Operation) => Promise<StackOutcome>,
): Promise<StackOutcome> {
  const { stack } = task;
  await mkdir(settings.home, { recursive: true, mode: 0o700 });
  const frame = { stack, worker: settings.identity };
  let folder: OperationFolder | undefined;
  let attempt: Attempt | undefined;
  let environment: StackEnvironment | undefined;
  try {
    folder = await makeOperationFolder(settings.home, program, stack);
    attempt = await Attempt.begin(task, settings.identity, folder.private, heartbeats());
    environment = await stackEnvironment(settings, stack, process.env);
    const result = await work(new Operation({ settings, attempt, watchdog, stack, environment, folder }));
    await sweepHome(settings.home);
    return result;
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    if (attempt?.signal.aborted === true && !attempt.isOver) throw await attempt.cancelled(text);
    if (thrown instanceof ApplicationFailure || thrown instanceof CancelledFailure) throw thrown;
    throw stackFailure(typeOf(thrown, text), text, { ...frame, secrets: environment?.secrets ?? [] });
  } finally {
    attempt?.end();
    await folder?.remove();
  }
}

function typeOf(thrown: unknown, text: string): FailureType {
  if (thrown instanceof OtherAddressError) return failureTypes.otherAddress;
  if (thrown instanceof CredentialsError) return failureTypes.credentials;
  if (thrown instanceof ShardTooLargeError) return failureTypes.refusedByProgram;
  return failureTypeOf(text);
}
