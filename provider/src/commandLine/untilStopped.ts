import { ProviderError } from '../errors.js';
import { endStartedProcesses } from './startedProcesses.js';

/** Somebody ended the command by a signal. */
export class StoppedError extends ProviderError {}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does work that starts processes. At a signal they are ended first, and then the command.
 *
 * @param what the work was to do, for the error's message
 * @throws StoppedError after a signal; what the work throws otherwise
 */
export async function untilStopped<T>(what: string, work: () => Promise<T>): Promise<T> {
  let ending: Promise<never> | undefined;
  let onEnding: (ending: Promise<never>) => void = () => undefined;
  const stopped = new Promise<never>((resolve) => {
    onEnding = resolve;
  });
  const stop = (signal: NodeJS.Signals): void => {
    ending ??= end(what, signal);
    onEnding(ending);
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    // What the work makes of the end of its processes is nothing to report.
    if (ending !== undefined) await ending;
    for (const signal of signals) process.off(signal, stop);
  }
}

async function end(what: string, signal: NodeJS.Signals): Promise<never> {
  await endStartedProcesses();
  throw new StoppedError({
    code: 'ECA8011',
    cause: `stopped by ${signal} before ${what}; the processes that it had started have ended`,
  });
}
