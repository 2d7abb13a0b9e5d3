import { runCommandLine } from '../../src/commandLine/runCommandLine.js';

/** How a command ended, and what it wrote. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of `eca-fleet` in this process. */
export async function runCommand(...args: readonly string[]): Promise<CommandResult> {
  let [stdout, stderr] = ['', ''];
  const code = await runCommandLine(args, {
    version: '1.2.3',
    environment: process.env,
    isTerminal: false,
    print: (text) => {
      stdout += text;
    },
    note: (text) => {
      stderr += text;
    },
  });
  return { code, stdout, stderr };
}
