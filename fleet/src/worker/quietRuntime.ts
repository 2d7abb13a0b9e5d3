import { DefaultLogger, Runtime, type LogMetadata } from '@temporalio/worker';

/** What stops a worker in order; SIGHUP comes when its terminal is closed. */
export const shutdownSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Lets Temporal write warnings and errors only, each on a line of its own. Call it before anything else of Temporal's worker. */
export function installQuietRuntime(note: (text: string) => void): void {
  Runtime.install({
    // With the other two of Temporal's default.
    shutdownSignals: [...shutdownSignals, 'SIGQUIT', 'SIGUSR2'],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // The workers of programs have none, as they should.
      if (message.startsWith('No workflows registered')) return;
      note(lineOf(level, message, meta));
    }),
  });
}

/** A line of the log: with the workflow that it is about, such as `stack/acme`, and the error. */
export function lineOf(level: string, message: string, meta: LogMetadata = {}): string {
  const workflow: unknown = meta['workflowId'];
  const error: unknown = meta['error'];
  const about = typeof workflow === 'string' ? ` (${workflow})` : '';
  return `${level}: ${message}${about}${error instanceof Error ? `: ${error.message}` : ''}\n`;
}
