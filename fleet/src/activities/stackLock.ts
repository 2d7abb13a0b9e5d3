import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Holder } from '../contract/activities.js';

/** A lock of a state backend, as the Pulumi CLI shows it. */
export interface StackLock {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, in whole seconds. */
  readonly since: string;
}

/** The locks that a refusal names; none if the refusal has another reason. */
export function locksIn(output: string): readonly StackLock[] {
  if (!output.includes('currently locked by')) return [];
  return [...output.matchAll(/created by (.+)@(\S+) \(pid (\d+)\) at (\S+)/g)].map(
    ([, user = '', host = '', pid, since = '']) => ({ user, host, pid: Number(pid), since }),
  );
}

/** Whether a refusal says that somebody holds the stack. Pulumi Cloud says it in other words and names no lock. */
export const isLocked = (output: string): boolean =>
  /currently locked by|Another update is currently in progress|\[409\] Conflict/.test(output);

/**
 * The attempt that left a lock behind: on its host, since it began, and on this machine only if the process has ended. Any other lock is
 * somebody else's, and so is none of the fleet's business.
 *
 * @param earlier all attempts before this one
 */
export function holderOf(
  lock: StackLock,
  earlier: readonly Holder[],
  isRunning: (pid: number) => boolean = isPulumiRunning,
): Holder | undefined {
  // A lock tells whole seconds.
  const since = Date.parse(lock.since) + 1000;
  const holder = earlier.find(({ host, startedAt }) => host === lock.host && since > Date.parse(startedAt));
  return holder === undefined || (lock.host === hostname() && isRunning(lock.pid)) ? undefined : holder;
}

function isPulumiRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
  try {
    // In a container another process soon has the same id, and nothing may reap one that has ended.
    return /^\d+ \(pulumi\) [^Z]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
