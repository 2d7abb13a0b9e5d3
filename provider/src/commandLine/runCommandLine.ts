import { Command, CommanderError } from 'commander';
import type { CommandContext } from './commandContext.js';
import { auditCommand } from './commands/audit.js';
import { doctorCommand } from './commands/doctor.js';
import { driftCommand } from './commands/drift.js';
import { exportCommand } from './commands/export.js';
import { moveConfigCommand } from './commands/moveConfig.js';
import { tokenCommand } from './commands/token.js';
import { completionCommand } from './commands/completion.js';
import { examplesHelp, programName } from './examplesHelp.js';
import { describeFailure } from './describeFailure.js';
import { helpText } from './helpText.js';
import { exitCodes } from './exitCodes.js';
import type { ExitCode } from './exitCodes.js';

/**
 * Runs the command that the arguments name.
 *
 * @param args the arguments after the program's name
 * @param version the version of the package
 * @returns the exit code; a failure is not thrown but written to standard error as one message
 */
export async function runCommandLine(
  args: readonly string[],
  version: string,
  streams: Omit<CommandContext, 'exit' | 'version'>,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const context: CommandContext = {
    ...streams,
    version,
    exit: (code) => {
      exitCode = code;
    },
  };
  const program = new Command(programName)
    .description(
      'Commands around the Pulumi resource for JWT-based access-token settings of Salesforce external client apps.',
    )
    .version(version)
    .addHelpText(
      'after',
      helpText(
        '\nPages: docs/ in the package. docs/troubleshooting.md has an entry for the code of each message.',
      ),
    )
    .addCommand(driftCommand(context))
    .addCommand(exportCommand(context))
    .addCommand(auditCommand(context))
    .addCommand(doctorCommand(context))
    .addCommand(tokenCommand(context))
    .addCommand(moveConfigCommand(context))
    .addCommand(completionCommand(context))
    .addHelpText(
      'after',
      helpText(
        examplesHelp([
          ['drift --stack dev', 'does the org still have what the program declares?'],
          ['audit --require-jwt --max-minutes 60', 'which apps do not meet a policy?'],
          ['export --out exported', 'write a program from an org'],
          ['audit --help', 'the options and examples of a command'],
        ]),
      ),
    );
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError(
        `(see ${[programName, command === program ? '' : command.name()].join(' ').trim()} --help)`,
      )
      .configureOutput({ writeOut: streams.print, writeErr: streams.note });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      // Its message is already written. Help on request is not a failure; help because no command was given is one.
      return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.failed;
    }
    const failure = describeFailure(thrown);
    streams.note(`${programName}: ${failure}${failure.endsWith('?') || failure.includes('\n') ? '' : '.'}\n`);
    return exitCodes.failed;
  }
}
