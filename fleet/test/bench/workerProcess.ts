import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A worker as a process of its own. */
export interface WorkerProcess {
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
export async function startWorkerProcess(
  args: readonly string[],
  isReady: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  let said = '';
  const ready = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      if (said.includes(isReady)) resolve();
    });
  });
  const ended = closed.then(() => {
    throw new Error(`the worker ended:\n${said}`);
  });
  // Whoever does not wait for it has stopped it.
  ended.catch(() => undefined);
  await Promise.race([ready, ended]);
  return {
    pid: child.pid ?? 0,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}
