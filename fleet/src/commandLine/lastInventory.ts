import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FleetOrg } from '../contract/stacks.js';
import {
  compareWithLastRun,
  knownOrg,
  type Comparison,
  type KnownOrg,
} from '../inventory/compareWithLastRun.js';
import { InventoryError } from '../inventory/fault.js';
import type { FleetSettings } from '../settings/fleetSettings.js';
import type { CommandContext } from './commandContext.js';

const fileOf = ({ folder }: FleetSettings): string => join(folder, 'last-inventory.json');

/**
 * Compares an inventory with that of the last roll-out from this machine, and tells which orgs have left it.
 *
 * @throws InventoryError if an org would get another stack, or a stack another org
 */
export async function compareWithLast(
  context: CommandContext,
  settings: FleetSettings,
  orgs: readonly FleetOrg[],
): Promise<Comparison> {
  const comparison = compareWithLastRun(await readLast(settings), orgs);
  if (comparison.faults.length > 0) throw new InventoryError(comparison.faults);
  for (const { name, stack } of comparison.left) {
    context.note(
      `${name} has left the inventory. Its stack ${stack} and the settings in the org stay as they are until somebody destroys them.\n`,
    );
  }
  return comparison;
}

/** Remembers an inventory. Orgs that have left it are remembered too: their stacks are still there. */
export async function rememberInventory(
  settings: FleetSettings,
  orgs: readonly FleetOrg[],
  { left }: Comparison,
): Promise<void> {
  await mkdir(settings.folder, { recursive: true, mode: 0o700 });
  const known = [...orgs.map(knownOrg), ...left];
  await writeFile(fileOf(settings), `${JSON.stringify(known, undefined, 1)}\n`, { mode: 0o600 });
}

async function readLast(settings: FleetSettings): Promise<readonly KnownOrg[]> {
  let text: string;
  try {
    text = await readFile(fileOf(settings), 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
    throw thrown;
  }
  const known: unknown = JSON.parse(text);
  if (Array.isArray(known) && known.every(isKnownOrg)) return known;
  throw new Error(`${fileOf(settings)} is not what this release has written: remove it to begin again`);
}

function isKnownOrg(value: unknown): value is KnownOrg {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'stack' in value &&
    'address' in value &&
    [value.name, value.stack, value.address].every((text) => typeof text === 'string')
  );
}
