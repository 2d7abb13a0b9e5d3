import { DefaultLogger, Runtime } from '@temporalio/worker';

/** Lets Temporal write warnings and errors only, each on a line of its own. Call it before anything else of Temporal's worker. */
export function installQuietRuntime(note: (text: string) => void): void {
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      const error: unknown = meta?.['error'];
      note(`${level}: ${message}${error instanceof Error ? `: ${error.message}` : ''}\n`);
    }),
  });
}
