import type { Context } from '@temporalio/activity';
import {
  ActivityCancelledError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
} from '@temporalio/client';
import type { Heartbeat } from '../contract/activities.js';

/** What the server says to a heartbeat. */
export type Answer =
  /** The activity is ours. */
  | 'goOn'
  /** Somebody asked to cancel it, to pause it or to begin it again. */
  | 'cancel'
  /** The server has given it up: it may already run elsewhere. */
  | 'lost';

/** Sends a heartbeat and waits for the server's answer; rejects when there is none within the time. */
export type SendHeartbeat = (details: Heartbeat, timeoutMs: number) => Promise<Answer>;

/**
 * Heartbeats that are answered. Those of `Context.heartbeat` are not: nobody learns whether they arrived, and so when the server will
 * count the worker as lost. That one is sent too, because the worker learns of a cancellation through it.
 */
export function answeredHeartbeats(context: Context): SendHeartbeat {
  const { client, info } = context;
  return async (details, timeoutMs) => {
    context.heartbeat(details);
    try {
      await client.withDeadline(Date.now() + timeoutMs, () =>
        client.activity.heartbeat(info.taskToken, details),
      );
      return 'goOn';
    } catch (thrown) {
      if (thrown instanceof ActivityNotFoundError) return 'lost';
      if (
        [ActivityCancelledError, ActivityPausedError, ActivityResetError].some(
          (kind) => thrown instanceof kind,
        )
      ) {
        return 'cancel';
      }
      throw thrown;
    }
  };
}
