import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import { Command, Option } from 'commander';
import { workflowTypes } from '../../contract/runs.js';
import { withClient } from '../../engine/connection.js';
import { textTable } from '../../reports/textTable.js';
import type { CommandContext } from '../commandContext.js';
import { driftRun, type DriftRunOptions } from '../driftRun.js';
import {
  atATimeOption,
  inventoryOption,
  keysOf,
  programOption,
  runName,
  settingsOption,
} from '../sharedOptions.js';
import { countStacks } from '../../rollOut/status.js';

interface CreateOptions extends DriftRunOptions {
  cron: string;
  timeZone: string;
}

const prefix = 'drift/';

/** `schedule`: drift runs at fixed times. */
export function scheduleCommand(context: CommandContext): Command {
  return new Command('schedule')
    .description('look for drift at fixed times')
    .addCommand(createCommand(context))
    .addCommand(listCommand(context))
    .addCommand(triggerCommand(context))
    .addCommand(removeCommand(context));
}

function createCommand(context: CommandContext): Command {
  return new Command('create')
    .description('create a schedule, or replace it with one for the inventory as it is now')
    .argument('<name>', 'a name for the schedule and its runs', runName)
    .requiredOption('--cron <expression>', 'when: minute, hour, day of the month, month, day of the week')
    .addOption(new Option('--time-zone <zone>', 'of the expression').default('UTC'))
    .addOption(settingsOption())
    .addOption(inventoryOption())
    .addOption(programOption())
    .addOption(new Option('--quick', 'quick looks; add a second schedule with full ones').default(false))
    .addOption(atATimeOption())
    .action(async (name: string, options: CreateOptions) => {
      const { keys, stacks, start } = await driftRun(name, options);
      const schedule = {
        spec: { cronExpressions: [options.cron], timezone: options.timeZone },
        // A run that is not over when the next one is due goes on, and the next one is left out.
        policies: { overlap: ScheduleOverlapPolicy.SKIP },
        action: {
          type: 'startWorkflow' as const,
          workflowType: workflowTypes.driftAll,
          ...start,
        },
      };
      await withClient(keys, async (client) => {
        try {
          await client.schedule.create({ scheduleId: prefix + name, ...schedule });
        } catch (thrown) {
          if (!(thrown instanceof ScheduleAlreadyRunning)) throw thrown;
          await client.schedule.getHandle(prefix + name).update(({ state }) => ({ ...schedule, state }));
        }
        context.print(`${name}: ${countStacks(stacks.length)}, at ${options.cron} (${options.timeZone})\n`);
      });
    });
}

function listCommand(context: CommandContext): Command {
  return new Command('list')
    .description('list the schedules')
    .addOption(settingsOption())
    .action(async (options: { settings?: string }) => {
      await withClient(await keysOf(options.settings), async (client) => {
        const rows: string[][] = [];
        for await (const { scheduleId } of client.schedule.list()) {
          if (!scheduleId.startsWith(prefix)) continue;
          // What the list itself says of a schedule may be old.
          const { info } = await client.schedule.getHandle(scheduleId).describe();
          const next = info.nextActionTimes[0]?.toISOString().slice(0, 19) ?? 'never';
          rows.push([scheduleId.slice(prefix.length), next]);
        }
        context.print(`${textTable(['name', 'next run (UTC)'], rows)}\n`);
      });
    });
}

function triggerCommand(context: CommandContext): Command {
  return new Command('trigger')
    .description('start a run of a schedule now')
    .argument('<name>', 'the schedule')
    .addOption(settingsOption())
    .action(async (name: string, options: { settings?: string }) => {
      await withClient(await keysOf(options.settings), async (client) => {
        await ofKnown(name, client.schedule.getHandle(prefix + name).trigger(ScheduleOverlapPolicy.SKIP));
        context.print(`${name}: a run was asked for; it is skipped if one is under way\n`);
      });
    });
}

function removeCommand(context: CommandContext): Command {
  return new Command('remove')
    .description('remove a schedule; a run that is under way goes on')
    .argument('<name>', 'the schedule')
    .addOption(settingsOption())
    .action(async (name: string, options: { settings?: string }) => {
      await withClient(await keysOf(options.settings), async (client) => {
        await ofKnown(name, client.schedule.getHandle(prefix + name).delete());
        context.print(`${name} is removed\n`);
      });
    });
}

async function ofKnown(name: string, answer: Promise<void>): Promise<void> {
  try {
    await answer;
  } catch (thrown) {
    if (!(thrown instanceof ScheduleNotFoundError)) throw thrown;
    throw new Error(`the engine knows no schedule "${name}": "eca-fleet schedule list" lists them`);
  }
}
