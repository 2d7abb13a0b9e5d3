import { connect } from 'node:net';
import type { EngineAddress } from './engineAddress.js';

/** How often a provider process looks whether its engine is still there, in milliseconds, whatever else it does. */
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
    // Only a refusal proves that nobody listens; a busy machine is no reason to stop.
    socket.once('error', (error: NodeJS.ErrnoException) => {
      settle(error.code !== 'ECONNREFUSED')();
    });
    socket.setTimeout(2000, settle(true));
  });
}

/**
 * Ends this process when the engine is gone: before every request, because a provider process outlives an engine that was
 * killed, and would go on changing the org with nobody to record it.
 */
export async function endWithoutEngine(engine: EngineAddress): Promise<void> {
  if (!(await isEngineAlive(engine))) {
    process.exit(1);
  }
}

/** Ends this process soon after the engine is gone, also while it waits for an answer, or for calls that nobody makes any more. */
export class EngineWatch {
  #timer: NodeJS.Timeout | undefined;

  /** Begins, where an engine started this process. */
  start(engine: EngineAddress): void {
    if (engine.isParent) {
      this.#timer ??= setInterval(() => void endWithoutEngine(engine), watchMilliseconds).unref();
    }
  }
}
