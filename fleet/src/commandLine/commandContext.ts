import type { ExitCode } from './exitCodes.js';

/** The connection of a command to the process that it runs in. */
export interface CommandContext {
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Writes the command's result, to standard output. */
  print(text: string): void;
  /** Writes messages other than the result, to standard error. */
  note(text: string): void;
  /** Whether standard output is a terminal, on which a table may replace the one before. */
  readonly isTerminal: boolean;
  /** Sets the exit code; if it is not called, the command has done its work and nothing needs attention. */
  exit(code: ExitCode): void;
}
