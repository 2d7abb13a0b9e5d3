import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { Command, Option } from 'commander';
import { driftAllId, fleetTaskQueue, statusName, workflowTypes } from '../../contract.js';
import { withClient } from '../../engine/connection.js';
import { readInventory } from '../../inventory/readInventory.js';
import { packStacks } from '../../rollOut/packedStacks.js';
import type { CommandContext } from '../commandContext.js';
import { driftInput } from '../driftInput.js';
import { firstStatus } from '../firstStatus.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import {
  countFrom,
  inventoryOf,
  inventoryOption,
  jsonOption,
  markdownOption,
  programOf,
  runName,
  settingsOf,
  settingsOption,
} from '../sharedOptions.js';
import { showRun, type ShowOptions } from '../showRun.js';

interface Options extends ShowOptions {
  settings?: string;
  inventory?: string;
  program?: string;
  quick: boolean;
  atATime?: number;
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
    .addOption(new Option('--program <name>', 'the program, by its name in the settings of the workers'))
    .addOption(
      new Option(
        '--quick',
        'compare with what the last full look verified; a full look where that finds anything',
      ).default(false),
    )
    .addOption(
      new Option('--at-a-time <stacks>', 'so many stacks at a time, on all workers together').argParser(
        countFrom(1),
      ),
    )
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
      const settings = await settingsOf(options.settings);
      const { stacks } = await readInventory(inventoryOf(options.inventory, settings));
      const input = driftInput({
        name,
        program: programOf(options.program, settings),
        isQuick: options.quick,
        atATime: options.atATime ?? settings.rollOut.atATime,
      });
      await withClient(settings.keys, async (client) => {
        const handle = await client.workflow
          .start(workflowTypes.driftAll, {
            taskQueue: fleetTaskQueue,
            workflowId: driftAllId(name),
            args: [input, packStacks(stacks)],
            memo: { [statusName]: firstStatus(input, 'drift') },
          })
          .catch((thrown: unknown) => {
            if (!(thrown instanceof WorkflowExecutionAlreadyStartedError)) throw thrown;
            throw new Error(
              `a drift run "${name}" is running: see "eca-fleet status ${name}", or choose another name`,
            );
          });
        context.note(`${name} has begun: ${stacks.length} stacks.\n`);
        if (options.wait) await showRun(context, handle, { ...options, watch: true });
      });
    });
}
