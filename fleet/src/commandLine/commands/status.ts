import { Command } from 'commander';
import { withClient } from '../../engine/connection.js';
import { textTable } from '../../reports/textTable.js';
import type { CommandContext } from '../commandContext.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import { findRun, listRuns, needsAttention } from '../runs.js';
import {
  jsonOption,
  keysOf,
  markdownOption,
  runName,
  settingsOption,
  watchOption,
} from '../sharedOptions.js';
import { showRun, type ShowOptions } from '../showRun.js';

/** The number of runs that are listed. */
const mostRuns = 20;

/** `status`: how a roll-out or a drift run goes, or a list of them. */
export function statusCommand(context: CommandContext): Command {
  return new Command('status')
    .description('show how a roll-out or a drift run goes; without a name, list the newest')
    .argument('[name]', 'the roll-out or drift run', runName)
    .addOption(settingsOption())
    .addOption(jsonOption())
    .addOption(watchOption())
    .addOption(markdownOption())
    .addHelpText(
      'after',
      exitCodesHelp([
        [exitCodes.ok, 'nothing needs attention'],
        [exitCodes.found, 'something failed or drifted, or it waits for somebody'],
        [exitCodes.failed, 'the status could not be read'],
      ]),
    )
    .action(async (name: string | undefined, options: ShowOptions & { settings?: string }) => {
      await withClient(await keysOf(options.settings), async (client) => {
        if (name !== undefined) {
          await showRun(context, (await findRun(client, name)).handle, options);
          return;
        }
        const runs = await listRuns(client, mostRuns);
        context.print(
          options.json === true
            ? `${JSON.stringify(runs, undefined, 2)}\n`
            : `${textTable(
                ['name', 'operation', 'started (UTC)', 'state'],
                runs.map((run) => [run.name, run.operation, run.startedAt.slice(0, 19), run.state]),
              )}\n`,
        );
        context.exit(runs.some(needsAttention) ? exitCodes.found : exitCodes.ok);
      });
    });
}
