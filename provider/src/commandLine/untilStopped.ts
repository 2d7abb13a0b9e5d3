import { ProviderError } from '../errors.js';
import { endStartedProcesses } from './startedProcesses.js';

/** A signal ended the command. */
export class StoppedError extends ProviderError {}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that starts processes. On a signal, those processes are ended first, and then the command.
 *
 * @param what what the work should have achieved, for the error's message
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
    // Errors of the work that come from ending its processes are not reported.
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
