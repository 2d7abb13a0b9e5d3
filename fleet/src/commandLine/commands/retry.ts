import { Command, Option } from 'commander';
import { requestNames, type Claim } from '../../contract/runs.js';
import { askAgain } from '../../engine/askAgain.js';
import { withClient } from '../../engine/connection.js';
import { retryInput } from '../../rollOut/retryInput.js';
import type { CommandContext } from '../commandContext.js';
import { recordedStacks } from '../recordedStacks.js';
import { findRollOut, statusOfWorker } from '../runs.js';
import {
  byOption,
  jsonOption,
  keysOf,
  markdownOption,
  runName,
  settingsOption,
  watchOption,
} from '../sharedOptions.js';
import { showRun, type ShowOptions } from '../showRun.js';
import { startRollOut } from './rollOut.js';
import { countStacks } from '../../rollOut/status.js';

interface Options extends ShowOptions {
  settings?: string;
  by: string;
  why: string;
  programOfToday: boolean;
}

/** `retry`: does again what failed in a roll-out that runs, or does what is left of one that has ended. */
export function retryCommand(context: CommandContext): Command {
  return new Command('retry')
    .description('do again what failed in a roll-out; of one that has ended, also what had not begun')
    .argument('<name>', 'the roll-out', runName)
    .addOption(settingsOption())
    .addOption(byOption())
    .addOption(new Option('--why <reason>', 'the reason; it is recorded').default('no reason given'))
    .addOption(
      new Option(
        '--program-of-today',
        'of a roll-out that has ended: take the program as the workers have it now',
      ).default(false),
    )
    .addOption(watchOption())
    .addOption(jsonOption())
    .addOption(markdownOption())
    .action(async (name: string, options: Options) => {
      await withClient(await keysOf(options.settings), async (client) => {
        const { handle, isOpen } = await findRollOut(client, name);
        if (isOpen) {
          if (options.programOfToday)
            throw new Error(
              `${name} has not ended, and keeps its program: end it first with "eca-fleet abort ${name} --urgent"`,
            );
          const before = await statusOfWorker(client, handle);
          if (before !== undefined && !before.waves.some(({ failed, drifted }) => failed + drifted > 0))
            throw new Error(`nothing has failed in ${name}: ${before.message}`);
          const claim: Claim = { by: options.by, why: options.why };
          await handle.signal(requestNames.retry, claim);
          await statusOfWorker(client, handle);
          context.note(`${name}: what failed will be done again\n`);
        } else {
          const result = await askAgain(() => handle.result());
          const left = new Set([...result.failed, ...result.notBegun]);
          if (left.size === 0) throw new Error(`nothing is left to do in ${name}`);
          const stacks = (await recordedStacks(client, handle)).filter(({ stack }) => left.has(stack));
          const input = retryInput(result, { isProgramOfToday: options.programOfToday });
          await startRollOut(client, input, stacks);
          context.note(
            `${name} has begun again with ${countStacks(stacks.length)}: what failed or had not begun.\n`,
          );
        }
        if (options.watch === true || options.markdown !== undefined) await showRun(context, handle, options);
      });
    });
}
