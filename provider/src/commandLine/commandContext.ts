import type { ExitCode } from './exitCodes.js';

/** The connection of a command to the process that it runs in: input, output and exit code. */
export interface CommandContext {
  /** The version of the package. */
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Writes the command's result, to standard output. */
  print(text: string): void;
  /** Writes messages other than the result, to standard error. */
  note(text: string): void;
  /** If standard error is a terminal, shows the current step until something else is written. */
  progress(text: string): void;
  /** Whether standard output is a terminal that shows colours. */
  readonly hasColours: boolean;
  /** Sets the exit code; if it is not called, the command has done its work and found nothing. */
  exit(code: ExitCode): void;
}
