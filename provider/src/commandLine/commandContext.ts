import type { ExitCode } from './exitCodes.js';

/** What a command gets from the process that it runs in, and what it gives back. */
export interface CommandContext {
  /** The version of the package. */
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Writes the command's result, to standard output. */
  print(text: string): void;
  /** Writes what is said beside the result, to standard error. */
  note(text: string): void;
  /** Shows what the command is doing until something else is written, where standard error is a terminal. */
  progress(text: string): void;
  /** Whether standard output is a terminal that shows colours. */
  readonly hasColours: boolean;
  /** Sets the exit code; without it the command has done its work and found nothing. */
  exit(code: ExitCode): void;
}
