import { connect } from 'node:net';
import type { EngineAddress } from './engineAddress.js';
import { isLeaseOver } from './lease.js';
import { lookRepeatedly } from './repeatedLook.js';

/** How often a provider process checks that its engine is still running, in milliseconds. */
const watchMilliseconds = 1000;

/** Whether an address accepts connections, or may do so. Only a refused connection shows that nothing listens there. */
async function acceptsConnections(address: string): Promise<boolean> {
  const separator = address.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = connect(Number(address.slice(separator + 1)), address.slice(0, separator));
    const settle = (accepts: boolean) => () => {
      socket.destroy();
      resolve(accepts);
    };
    socket.once('connect', settle(true));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      settle(error.code !== 'ECONNREFUSED')();
    });
    socket.setTimeout(2000, settle(true));
  });
}

/**
 * Whether the engine still listens. Only repeated refusals show that it is gone: some systems refuse a connection when many are waiting.
 *
 * @param accepts whether an address accepts connections
 */
export async function isEngineAlive(
  { value: address }: Pick<EngineAddress, 'value'>,
  accepts = acceptsConnections,
): Promise<boolean> {
  return (
    address === undefined ||
    (await lookRepeatedly(async () => ((await accepts(address)) ? true : undefined))) === true
  );
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
