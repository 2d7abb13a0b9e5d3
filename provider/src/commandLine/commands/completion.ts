import { Argument, Command } from 'commander';
import type { CommandContext } from '../commandContext.js';
import { completionScript, shells } from '../completionScripts.js';
import type { Shell } from '../completionScripts.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import { helpText } from '../helpText.js';
import { examplesHelp } from '../examplesHelp.js';

const help = `
Works for the command on PATH, not for npx.
${examplesHelp([
  ['completion bash > ~/.local/share/bash-completion/completions/pulumi-salesforce-eca', 'bash'],
  ['completion zsh > "${fpath[1]}/_pulumi-salesforce-eca"', 'zsh'],
  ['completion fish > ~/.config/fish/completions/pulumi-salesforce-eca.fish', 'fish'],
])}${exitCodesHelp([
  [exitCodes.ok, 'printed'],
  [exitCodes.failed, 'wrong arguments'],
])}`;

/** `completion`: prints a script that completes commands, options and values in a shell. */
export function completionCommand(context: CommandContext): Command {
  return new Command('completion')
    .description('print a script that completes commands, options and values in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText('after', helpText(help))
    .action((shell: Shell, _options: unknown, command: Command) => {
      context.print(completionScript(command.parent ?? command, shell));
    });
}
