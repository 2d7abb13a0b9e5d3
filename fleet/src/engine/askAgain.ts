import { isGrpcCancelledError, isGrpcDeadlineError } from '@temporalio/client';

/** A server that gives up this many times has more than a busy moment. */
const mostTimes = 20;

/**
 * Asks the server something that changes nothing, and asks again when a busy server gives up before it has the answer. Temporal's client
 * repeats what fails for other passing reasons, but not that.
 */
export async function askAgain<T>(ask: () => Promise<T>): Promise<T> {
  for (let times = 1; ; times++) {
    try {
      return await ask();
    } catch (thrown) {
      const isBusy = isGrpcDeadlineError(thrown) || isGrpcCancelledError(thrown);
      if (!isBusy || times === mostTimes) throw thrown;
    }
  }
}
