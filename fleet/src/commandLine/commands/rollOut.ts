import { WorkflowExecutionAlreadyStartedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { Command, Option } from 'commander';
import { fleetTaskQueue } from '../../contract/activities.js';
import { rollOutId, workflowTypes, type RollOutInput, type RollOutPlan } from '../../contract/runs.js';
import type { FleetStack } from '../../contract/stacks.js';
import { statusName } from '../../contract/status.js';
import { withClient } from '../../engine/connection.js';
import { readInventory } from '../../inventory/readInventory.js';
import { checkPlan } from '../../rollOut/checkPlan.js';
import { packStacks } from '../../rollOut/packedStacks.js';
import { defaultOptions } from '../../rollOut/runOptions.js';
import type { CommandContext } from '../commandContext.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import { compareWithLast, rememberInventory } from '../lastInventory.js';
import { firstStatus } from '../firstStatus.js';
import { recordedDigest } from '../recordedDigest.js';
import {
  atATimeOption,
  countFrom,
  inventoryOf,
  inventoryOption,
  jsonOption,
  listOf,
  markdownOption,
  programOf,
  programOption,
  runName,
  settingsOf,
  settingsOption,
  watchOption,
} from '../sharedOptions.js';
import { showRun, type ShowOptions } from '../showRun.js';
import { countStacks } from '../../rollOut/status.js';

interface Options extends ShowOptions {
  settings?: string;
  inventory?: string;
  program?: string;
  operation: RollOutInput['operation'];
  programOfToday: boolean;
  only?: string[];
  stages?: string[];
  canary?: number;
  percentages?: number[];
  budget?: number;
  gates?: string[];
  atATime?: number;
  watch: boolean;
}

/** `roll-out`: one program over the orgs of an inventory, stage by stage and wave by wave. */
export function rollOutCommand(context: CommandContext): Command {
  return new Command('roll-out')
    .description('roll a program out over the orgs of the inventory, stage by stage and wave by wave')
    .argument('<name>', 'a name for this roll-out', runName)
    .addOption(settingsOption())
    .addOption(inventoryOption())
    .addOption(programOption())
    .addOption(
      new Option('--operation <operation>', 'what is done to each stack')
        .choices(['up', 'preview', 'destroy'])
        .default('up'),
    )
    .addOption(
      new Option(
        '--program-of-today',
        'destroy with the program as the workers have it now, not with the one of the last roll-out',
      ).default(false),
    )
    .addOption(new Option('--only <stacks>', 'only these stacks, with commas between them').argParser(listOf))
    .addOption(new Option('--stages <stages>', 'the order of the stages, with commas').argParser(listOf))
    .addOption(
      new Option('--canary <orgs>', 'the number of orgs of each stage that go first').argParser(countFrom(0)),
    )
    .addOption(
      new Option(
        '--percentages <list>',
        'how much of a stage is done after each wave, such as 10,50,100',
      ).argParser((text) => listOf(text).map(countFrom(1))),
    )
    .addOption(
      new Option('--budget <orgs>', 'the number of orgs of a wave that may fail').argParser(countFrom(0)),
    )
    .addOption(new Option('--gates <stages>', 'stages that begin when they are approved').argParser(listOf))
    .addOption(atATimeOption())
    .addOption(watchOption())
    .addOption(jsonOption())
    .addOption(markdownOption())
    .addHelpText(
      'after',
      exitCodesHelp([
        [exitCodes.ok, 'started; with --watch: done without a failure'],
        [exitCodes.found, 'with --watch: something failed, or it waits for somebody'],
        [exitCodes.failed, 'not started: wrong arguments, inventory, no server'],
      ]),
    )
    .action(async (name: string, options: Options) => {
      const settings = await settingsOf(options.settings);
      const inventory = await readInventory(inventoryOf(options.inventory, settings));
      const comparison = await compareWithLast(context, settings, inventory.orgs);
      const plan = planOf(options, settings.rollOut.plan);
      const stacks = chosen(inventory.stacks, options.only);
      const faults = checkPlan(plan, stacks);
      if (faults.length > 0) throw new Error(faults.join('\n'));
      await withClient(settings.keys, async (client) => {
        const program = programOf(options.program, settings);
        const digest =
          options.operation === 'destroy' && !options.programOfToday
            ? await recordedDigest(client, program)
            : undefined;
        const input: RollOutInput = {
          name,
          operation: options.operation,
          program,
          ...(digest === undefined ? {} : { digest }),
          plan,
          options: { ...defaultOptions, atATime: options.atATime ?? settings.rollOut.atATime },
        };
        const handle = await startRollOut(client, input, stacks);
        if (options.operation !== 'preview') await rememberInventory(settings, inventory.orgs, comparison);
        context.note(
          `${name} has begun: ${countStacks(stacks.length)}. Its workflow is ${handle.workflowId}.\n`,
        );
        if (options.watch || options.markdown !== undefined) await showRun(context, handle, options);
      });
    });
}

/**
 * Starts a roll-out.
 *
 * @throws Error if one of this name runs
 */
export async function startRollOut(
  client: Client,
  input: RollOutInput,
  stacks: readonly FleetStack[],
): Promise<WorkflowHandle> {
  try {
    return await client.workflow.start(workflowTypes.rollOut, {
      taskQueue: fleetTaskQueue,
      workflowId: rollOutId(input.name),
      args: [input, packStacks(stacks)],
      memo: { [statusName]: firstStatus(input, input.operation) },
    });
  } catch (thrown) {
    if (!(thrown instanceof WorkflowExecutionAlreadyStartedError)) throw thrown;
    throw new Error(
      `a roll-out "${input.name}" is running: choose another name, or see "eca-fleet status ${input.name}"`,
    );
  }
}

function planOf(options: Options, plan: RollOutPlan): RollOutPlan {
  const stages = options.stages ?? plan.stages;
  return {
    stages,
    canary: options.canary ?? plan.canary,
    percentages: options.percentages ?? plan.percentages,
    budget: options.budget ?? plan.budget,
    // A gate of the settings before a stage that this roll-out leaves out does not matter; one before an unknown stage is a fault.
    gates:
      options.gates ?? plan.gates.filter((stage) => stages.includes(stage) || !plan.stages.includes(stage)),
  };
}

function chosen(stacks: readonly FleetStack[], names: readonly string[] | undefined): readonly FleetStack[] {
  if (names === undefined) return stacks;
  const unknown = names.filter((name) => !stacks.some(({ stack }) => stack === name));
  if (unknown.length > 0) throw new Error(`the inventory has no stack ${unknown.join(', ')}`);
  return stacks.filter(({ stack }) => names.includes(stack));
}
