import { Metadata, type CallOptions, type ServiceError } from '@grpc/grpc-js';
import type { RunningProcess } from '../../tools/pulumiCli/runProcess.js';

const startDeadlineMs = 30_000;

/**
 * The port that a plugin process says in its first line, as the engine waits for it.
 *
 * @param what the process, for messages
 * @throws Error with the process's output when it ends before, or says none within 30 seconds
 */
export async function readPort(process: RunningProcess, what: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(deadline);
      reject(new Error(`The ${what} ${reason}. Its output:\n${process.output()}`));
    };
    const deadline = setTimeout(() => {
      fail(`said no port within ${startDeadlineMs / 1000} s`);
    }, startDeadlineMs);
    let printed = '';
    process.child.stdout?.on('data', (text: string) => {
      printed += text;
      const port = /^(\d+)\r?\n/.exec(printed)?.[1];
      if (port === undefined) return;
      clearTimeout(deadline);
      resolve(Number(port));
    });
    process.result.then(
      () => {
        fail('ended before it said its port');
      },
      (error: unknown) => {
        fail(`could not be started: ${String(error)}`);
      },
    );
  });
}

/**
 * Calls a plugin.
 *
 * @param send a method of its client, without the request
 * @param toError makes the error of a call that failed
 */
export function callPlugin<T>(
  send: (
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: T) => void,
  ) => unknown,
  deadlineMs: number,
  toError: (error: ServiceError) => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    send(new Metadata(), { deadline: Date.now() + deadlineMs }, (error, response) => {
      if (error === null) resolve(response);
      else reject(toError(error));
    });
  });
}

/** Ends a plugin process and waits until it is gone. */
export async function endProcess(process: RunningProcess): Promise<void> {
  process.signal('SIGKILL');
  await process.result.catch(() => undefined);
}
