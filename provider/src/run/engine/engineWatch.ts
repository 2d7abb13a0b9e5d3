import { connect } from 'node:net';
import type { EngineAddress } from './engineAddress.js';
import { isLeaseOver } from './lease.js';

/** How often a provider process checks that its engine is still running, in milliseconds. */
const watchMilliseconds = 1000;

/** Whether the engine still listens. */
async function isEngineAlive({ value: address }: EngineAddress): Promise<boolean> {
  if (address === undefined) {
    return true;
  }
  const separator = address.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = connect(Number(address.slice(separator + 1)), address.slice(0, separator));
    const settle = (alive: boolean) => () => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', settle(true));
    // Only a refused connection proves that the engine is gone; a busy machine is not a reason to stop.
    socket.once('error', (error: NodeJS.ErrnoException) => {
      settle(error.code !== 'ECONNREFUSED')();
    });
    socket.setTimeout(2000, settle(true));
  });
}

/**
 * Ends this process when the engine is gone, or the lease under which it runs is over. Called before every request, because a provider
 * process outlives an engine that was killed, and would keep changing the org with nothing recorded.
 */
export async function endWithoutEngine(engine: EngineAddress): Promise<void> {
  // The lease comes last: nothing may pass between it and the request.
  if (!(await isEngineAlive(engine)) || isLeaseOver()) {
    process.exit(1);
  }
}

/** Ends this process soon after the engine is gone, even while it waits for a response, or for calls that will never come. */
export class EngineWatch {
  #timer: NodeJS.Timeout | undefined;

  /** Starts watching, if an engine started this process. */
  start(engine: EngineAddress): void {
    if (engine.isParent) {
      this.#timer ??= setInterval(() => void endWithoutEngine(engine), watchMilliseconds).unref();
    }
  }
}
