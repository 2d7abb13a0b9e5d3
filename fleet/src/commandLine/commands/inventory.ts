import { Command } from 'commander';
import { InventoryError } from '../../inventory/fault.js';
import { readInventory } from '../../inventory/readInventory.js';
import { textTable } from '../../reports/textTable.js';
import { checkPlan } from '../../rollOut/checkPlan.js';
import type { CommandContext } from '../commandContext.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import { compareWithLast } from '../lastInventory.js';
import { inventoryOf, inventoryOption, jsonOption, settingsOf, settingsOption } from '../sharedOptions.js';

/** `inventory check`: everything that is wrong with an inventory, before anything runs. */
export function inventoryCommand(context: CommandContext): Command {
  return new Command('inventory').description('commands around the inventory').addCommand(
    new Command('check')
      .description('check the inventory, and compare it with that of the last roll-out from this machine')
      .addOption(settingsOption())
      .addOption(inventoryOption())
      .addOption(jsonOption())
      .addHelpText(
        'after',
        exitCodesHelp([
          [exitCodes.ok, 'a roll-out may use it'],
          [exitCodes.found, 'it has faults'],
          [exitCodes.failed, 'wrong arguments or settings'],
        ]),
      )
      .action(async (options: { settings?: string; inventory?: string; json: boolean }) => {
        const settings = await settingsOf(options.settings);
        try {
          const { orgs, stacks } = await readInventory(inventoryOf(options.inventory, settings));
          const { added, left } = await compareWithLast(context, settings, orgs);
          const faults = checkPlan(settings.rollOut.plan, stacks).map((message) => ({
            where: 'the plan',
            message,
          }));
          if (faults.length > 0) throw new InventoryError(faults);
          const stages = [...Map.groupBy(stacks, ({ stage }) => stage)].map(([stage, members]) => ({
            stage,
            stacks: members.length,
            orgs: members.flatMap((member) => member.orgs).length,
          }));
          context.print(
            options.json
              ? `${JSON.stringify({ faults: [], stages, added, left }, undefined, 2)}\n`
              : `${textTable(
                  ['stage', '#stacks', '#orgs'],
                  stages.map((stage) => [stage.stage, String(stage.stacks), String(stage.orgs)]),
                )}\n`,
          );
        } catch (thrown) {
          if (!(thrown instanceof InventoryError)) throw thrown;
          context.print(
            options.json
              ? `${JSON.stringify({ faults: thrown.faults }, undefined, 2)}\n`
              : `${thrown.message}\n`,
          );
          context.exit(exitCodes.found);
        }
      }),
  );
}
