import { Command, CommanderError } from 'commander';
import type { CommandContext } from './commandContext.js';
import { devCommand } from './commands/dev.js';
import { driftCommand } from './commands/drift.js';
import { inventoryCommand } from './commands/inventory.js';
import { requestCommands } from './commands/requests.js';
import { retryCommand } from './commands/retry.js';
import { rollOutCommand } from './commands/rollOut.js';
import { scheduleCommand } from './commands/schedule.js';
import { statusCommand } from './commands/status.js';
import { workerCommand } from './commands/worker.js';
import { exitCodes, type ExitCode } from './exitCodes.js';

const programName = 'eca-fleet';

/**
 * Runs the command that the arguments name.
 *
 * @param args the arguments after the program's name
 * @returns the exit code; a failure is not thrown but written to standard error as one message
 */
export async function runCommandLine(
  args: readonly string[],
  streams: Omit<CommandContext, 'exit'>,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const context: CommandContext = {
    ...streams,
    exit: (code) => {
      exitCode = code;
    },
  };
  const program = new Command(programName)
    .description('Rolls one policy for Salesforce external client apps out over many orgs, on Temporal.')
    .version(streams.version);
  for (const command of [
    devCommand(context),
    workerCommand(context),
    rollOutCommand(context),
    statusCommand(context),
    ...requestCommands(context),
    retryCommand(context),
    driftCommand(context),
    scheduleCommand(context),
    inventoryCommand(context),
  ]) {
    program.addCommand(command);
  }
  prepare(program, programName, streams);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    // Commander has written its message already. Help on request is not a failure; help because no command was given is one.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.failed;
    streams.note(`${programName}: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return exitCodes.failed;
  }
}

function prepare(command: Command, path: string, streams: Pick<CommandContext, 'print' | 'note'>): void {
  command
    .exitOverride()
    .showHelpAfterError(`(see ${path} --help)`)
    .configureOutput({ writeOut: streams.print, writeErr: streams.note });
  for (const child of command.commands) prepare(child, `${path} ${child.name()}`, streams);
}
