import { failureTypes } from '../contract/activities.js';
import type { CommandResult, Operation } from './operation.js';
import { stackFailure, type OutcomeFrame } from './outcome.js';
import { holderOf, isLocked, locksIn } from './stackLock.js';

/**
 * Runs a command that locks the stack. If the lock of an earlier attempt is in the way, it is taken away and the state brought up to date
 * first; anybody else's lock is a failure that passes.
 *
 * @returns the result, and what was done about a lock
 * @throws ApplicationFailure when somebody else holds the stack, or the state cannot be brought up to date
 */
export async function takeStack<T extends CommandResult>(
  operation: Operation,
  frame: OutcomeFrame,
  run: () => Promise<T>,
): Promise<{ result: T; recovered?: string }> {
  const result = await run();
  if (result.code === 0 || !isLocked(result.output)) return { result };
  const recovered = await takeAway(operation, frame, result.output);
  operation.attempt.step = 'bring the state up to date';
  const refreshed = await operation.engine('refresh', '--yes', '--skip-preview', '--clear-pending-creates');
  if (refreshed.code !== 0) {
    throw stackFailure(
      failureTypes.passing,
      `${recovered}, but the refresh failed: ${refreshed.output.slice(-1000)}`,
      frame,
    );
  }
  return { result: await run(), recovered };
}

async function takeAway(operation: Operation, frame: OutcomeFrame, output: string): Promise<string> {
  const earlier = operation.attempt.holders.slice(0, -1);
  const locks = locksIn(output);
  const owners = locks.map((lock) => holderOf(lock, earlier));
  const [lock, owner] = [locks[0], owners[0]];
  if (lock === undefined || owner === undefined || owners.includes(undefined)) {
    const by = locks
      .map(({ user, host, pid, since }) => `${user}@${host} (pid ${pid}) since ${since}`)
      .join(', ');
    throw stackFailure(
      failureTypes.locked,
      `the stack is locked by somebody else${by === '' ? '' : `: ${by}`}. It is tried again later`,
      frame,
    );
  }
  operation.attempt.step = `take away the lock of ${owner.worker}`;
  const cancelled = await operation.pulumi('cancel', '--yes');
  if (cancelled.code !== 0) {
    throw stackFailure(
      failureTypes.passing,
      `the lock of ${owner.worker} could not be taken away: ${cancelled.output}`,
      frame,
    );
  }
  return `took away the lock of ${owner.worker}, pid ${lock.pid}`;
}
