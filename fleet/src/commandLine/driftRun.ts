import { fleetTaskQueue } from '../contract/activities.js';
import { driftAllId, type DriftAllInput } from '../contract/runs.js';
import type { FleetStack } from '../contract/stacks.js';
import { statusName } from '../contract/status.js';
import { readInventory } from '../inventory/readInventory.js';
import { packStacks } from '../rollOut/packedStacks.js';
import { defaultOptions } from '../rollOut/runOptions.js';
import type { FleetSettings } from '../settings/fleetSettings.js';
import { firstStatus } from './firstStatus.js';
import { inventoryOf, programOf, settingsOf } from './sharedOptions.js';

/** The options of the commands that start drift runs. */
export interface DriftRunOptions {
  settings?: string;
  inventory?: string;
  program?: string;
  quick: boolean;
  atATime?: number;
}

/** A drift run over the inventory of this machine. */
export interface DriftRun {
  readonly keys: FleetSettings['keys'];
  readonly stacks: readonly FleetStack[];
  /** How the workflow `driftAll` is started. */
  readonly start: {
    readonly taskQueue: string;
    readonly workflowId: string;
    readonly args: [DriftAllInput, Uint8Array];
    readonly memo: Record<string, unknown>;
  };
}

/**
 * The drift run that some options ask for.
 *
 * @throws Error without settings, an inventory or a program; InventoryError if the inventory has faults
 */
export async function driftRun(name: string, options: DriftRunOptions): Promise<DriftRun> {
  const settings = await settingsOf(options.settings);
  const { stacks } = await readInventory(inventoryOf(options.inventory, settings));
  const input: DriftAllInput = {
    name,
    program: programOf(options.program, settings),
    isQuick: options.quick,
    options: { ...defaultOptions, atATime: options.atATime ?? settings.rollOut.atATime },
  };
  return {
    keys: settings.keys,
    stacks,
    start: {
      taskQueue: fleetTaskQueue,
      workflowId: driftAllId(name),
      args: [input, packStacks(stacks)],
      memo: { [statusName]: firstStatus(input, 'drift') },
    },
  };
}
