import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { Command, Option } from 'commander';
import { workflowTypes } from '../../contract/runs.js';
import { withClient } from '../../engine/connection.js';
import type { CommandContext } from '../commandContext.js';
import { driftRun, type DriftRunOptions } from '../driftRun.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import {
  atATimeOption,
  inventoryOption,
  jsonOption,
  markdownOption,
  programOption,
  runName,
  settingsOption,
} from '../sharedOptions.js';
import { showRun, type ShowOptions } from '../showRun.js';
import { countStacks } from '../../rollOut/status.js';

interface Options extends ShowOptions, DriftRunOptions {
  wait: boolean;
}

/** `drift`: looks at every org of the inventory and changes nothing. */
export function driftCommand(context: CommandContext): Command {
  return new Command('drift')
    .description(
      'look at every org of the inventory: does it still have what was rolled out? Changes nothing',
    )
    .argument('[name]', 'a name for this run', runName, 'by-hand')
    .addOption(settingsOption())
    .addOption(inventoryOption())
    .addOption(programOption())
    .addOption(
      new Option(
        '--quick',
        'compare with what the last full look verified; a full look where that finds anything',
      ).default(false),
    )
    .addOption(atATimeOption())
    .addOption(new Option('--no-wait', 'do not wait for the end: "eca-fleet status" shows it'))
    .addOption(jsonOption())
    .addOption(markdownOption())
    .addHelpText(
      'after',
      exitCodesHelp([
        [exitCodes.ok, 'every org has what was rolled out'],
        [exitCodes.found, 'an org has drifted, or could not be looked at'],
        [exitCodes.failed, 'nothing was looked at: wrong arguments, inventory, no server'],
      ]),
    )
    .action(async (name: string, options: Options) => {
      const { keys, stacks, start } = await driftRun(name, options);
      await withClient(keys, async (client) => {
        const handle = await client.workflow.start(workflowTypes.driftAll, start).catch((thrown: unknown) => {
          if (!(thrown instanceof WorkflowExecutionAlreadyStartedError)) throw thrown;
          throw new Error(
            `a drift run "${name}" is running: see "eca-fleet status ${name}", or choose another name`,
          );
        });
        context.note(`${name} has begun: ${countStacks(stacks.length)}.\n`);
        if (options.wait) await showRun(context, handle, { ...options, watch: true });
      });
    });
}
