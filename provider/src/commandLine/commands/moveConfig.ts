import { Command, Option } from 'commander';
import type { Namespace } from '../../signIn/settingAdvice.js';
import type { CommandContext } from '../commandContext.js';
import { examplesHelp } from '../examplesHelp.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import { cwdOption, inFolder, stackOption } from '../stackOptions.js';

interface MoveConfigOptions {
  stack: string;
  cwd: string;
  back: boolean;
  dryRun: boolean;
}

const help = `
Renames the settings in Pulumi.<stack>.yaml from salesforce: to salesforce-eca:,
the namespace of the native provider. Values stay as they are, encrypted ones
too, and so do comments and the order. Needs neither an org nor the passphrase.
${examplesHelp([
  ['move-config --stack dev --dry-run', 'show what would be renamed'],
  ['move-config --stack dev', 'rename it'],
  ['move-config --stack dev --back', 'rename it back'],
])}${exitCodesHelp([
  [exitCodes.ok, 'renamed, or nothing to rename'],
  [
    exitCodes.failed,
    'nothing was changed: wrong arguments, no such file, a setting with different values in both namespaces',
  ],
])}`;

/** `move-config`: renames the settings of a stack for the native provider. */
export function moveConfigCommand(context: CommandContext): Command {
  return new Command('move-config')
    .description("rename a stack's settings from salesforce: to salesforce-eca:, for the native provider")
    .addOption(stackOption('stack whose configuration file to change').makeOptionMandatory())
    .addOption(cwdOption())
    .addOption(new Option('--back', 'rename from salesforce-eca: to salesforce:').default(false))
    .addOption(new Option('--dry-run', 'show what would be renamed, and change nothing').default(false))
    .addHelpText('after', help)
    .action((options: MoveConfigOptions) =>
      inFolder(options.cwd, async () => {
        context.print(await moveConfig(options));
      }),
    );
}

async function moveConfig({ stack, back, dryRun }: MoveConfigOptions): Promise<string> {
  const [{ findStackFiles, readText, replaceFile }, { moveSettings, settingsIn }] = await Promise.all([
    import('../stackFile.js'),
    import('../movedSettings.js'),
  ]);
  const [from, to]: readonly [Namespace, Namespace] = back
    ? ['salesforce-eca', 'salesforce']
    : ['salesforce', 'salesforce-eca'];
  const files = findStackFiles(stack);
  const { text, moved, inBoth } = moveSettings(files.stack, readText(files.stack), from, to);
  const inProject = settingsIn(files.project, readText(files.project), from);
  if (moved.length > 0 && !dryRun) {
    replaceFile(files.stack, text);
  }
  const count = `${moved.length} ${moved.length === 1 ? 'setting' : 'settings'}`;
  return [
    moved.length === 0
      ? `${files.stack}: no settings to rename`
      : `${files.stack}: ${dryRun ? `would rename ${count}` : `renamed ${count}`}`,
    ...moved.map((name) => `  ${from}:${name} -> ${to}:${name}`),
    ...inBoth.map(
      (name) =>
        `  ${from}:${name} stays: ${to}:${name} has the same value. Remove it with pulumi config rm ${from}:${name}`,
    ),
    ...inProject.map(
      (name) =>
        `Note: ${files.project} sets ${from}:${name} for every stack, and is unchanged: rename it there`,
    ),
    '',
  ].join('\n');
}
