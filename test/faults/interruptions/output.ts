import type { RunningProcess } from '../../../tools/pulumiCli/runProcess.js';

/** Resolves when a command has printed something; rejects when it ends without it. */
export async function hasPrinted(command: RunningProcess, pattern: RegExp): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const look = (): void => {
    if (pattern.test(command.output())) resolve(undefined);
  };
  const streams = [command.child.stdout, command.child.stderr];
  for (const stream of streams) stream?.on('data', look);
  try {
    look();
    await beforeEnd(command, promise, `printing ${pattern.source}`);
  } finally {
    for (const stream of streams) stream?.off('data', look);
  }
}

/** Resolves with a promise; rejects when the command ends before. */
export async function beforeEnd(
  command: RunningProcess,
  promise: Promise<undefined>,
  what: string,
): Promise<void> {
  const end = await Promise.race([promise, command.result]);
  if (end !== undefined) throw new Error(`it ended without ${what}:\n${command.output()}`);
}
