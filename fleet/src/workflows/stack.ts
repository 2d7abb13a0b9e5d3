import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  TimeoutFailure,
  isCancellation,
  proxyActivities,
  type ActivityOptions,
} from '@temporalio/workflow';
import {
  programTaskQueue,
  nonRetryableFailures,
  type Heartbeat,
  type ProgramActivities,
  type StackOutcome,
  type StackTask,
} from '../contract/activities.js';
import { type Timings } from '../contract/runs.js';

/** One operation on one stack. Its id is the stack's lock, so that no two of them run at a time. */
export async function stack(task: StackTask, timings: Timings): Promise<StackOutcome> {
  try {
    const activities = proxyActivities<ProgramActivities>(programActivityOptions(task, timings));
    return await activities[task.operation](task);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return failedOutcome(task.stack.stack, error);
  }
}

/** Activities of a program go to workers that have just this program; what may pass is tried again, within bounds. */
export function programActivityOptions(
  { program, digest }: Pick<StackTask, 'program' | 'digest'>,
  timings: Timings,
): ActivityOptions {
  return {
    taskQueue: programTaskQueue(program, digest),
    startToCloseTimeout: timings.attemptTimeout,
    heartbeatTimeout: timings.heartbeatTimeout,
    retry: {
      initialInterval: timings.firstRetryAfter,
      backoffCoefficient: 2,
      maximumInterval: timings.lastRetryAfter,
      maximumAttempts: timings.attempts,
      nonRetryableErrorTypes: [...nonRetryableFailures],
    },
    // The Pulumi CLI ends what it has begun before the stack is free.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  };
}

function failedOutcome(name: string, error: unknown): StackOutcome {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const details: unknown = cause.details?.[0];
    return {
      ...(isOutcome(details) ? details : { stack: name, orgs: [] }),
      status: 'failed',
      message: cause.message,
      failure: cause.type ?? cause.name,
    };
  }
  if (cause instanceof TimeoutFailure) {
    const beat: unknown = cause.lastHeartbeatDetails;
    return {
      stack: name,
      status: 'failed',
      orgs: [],
      message: `No worker came to an end with the stack: ${String(cause.timeoutType)} time-out in each attempt.`,
      failure: cause.name,
      ...(isHeartbeat(beat) ? { holders: beat.holders } : {}),
    };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { stack: name, status: 'failed', orgs: [], message, failure: 'Unexpected' };
}

function isOutcome(value: unknown): value is StackOutcome {
  return typeof value === 'object' && value !== null && 'orgs' in value && Array.isArray(value.orgs);
}

function isHeartbeat(value: unknown): value is Heartbeat {
  return typeof value === 'object' && value !== null && 'holders' in value && Array.isArray(value.holders);
}
