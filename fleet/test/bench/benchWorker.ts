import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stopProcess, untilSaid } from '../support/startedProcess.js';

/** A worker of a benchmark, as a process of its own. */
export interface BenchWorker {
  readonly pid: number;
  /** Rejects when it has ended, with what it said. */
  readonly ended: Promise<never>;
  /** Tells it to stop, and waits until it has. */
  stop(): Promise<void>;
}

/**
 * Starts a worker with Node.js.
 *
 * @param isReady what it writes on its standard error when it takes tasks
 */
export async function startBenchWorker(
  args: readonly string[],
  isReady: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<BenchWorker> {
  const child = spawn(process.execPath, [...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  const lastWords = await untilSaid(child, isReady);
  const ended = closed.then(() => {
    throw new Error(`the worker ended:\n${lastWords()}`);
  });
  // Whoever does not wait for it has stopped it.
  ended.catch(() => undefined);
  return { pid: child.pid ?? 0, ended, stop: () => stopProcess(child) };
}
