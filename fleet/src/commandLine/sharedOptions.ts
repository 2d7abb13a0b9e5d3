import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import type { InventorySource } from '../inventory/readInventory.js';
import { readSettings, type FleetSettings } from '../settings/fleetSettings.js';

const defaultFile = 'fleet.yaml';

/** The settings file, an option of every command. */
export function settingsOption(): Option {
  return new Option(
    '--settings <file>',
    `the settings of this machine (default: ${defaultFile}, if it exists)`,
  );
}

/** The settings in the file that the option names, or else in `fleet.yaml`; without either, those of a machine that has none. */
export async function settingsOf(file: string | undefined): Promise<FleetSettings> {
  const exists = await access(file ?? defaultFile).then(
    () => true,
    () => false,
  );
  if (exists || file !== undefined) return readSettings(file ?? defaultFile);
  throw new Error(`there is no ${defaultFile} in this folder: name the settings with --settings`);
}

/** As {@link settingsOf}, for commands that need nothing but the keys. */
export async function keysOf(file: string | undefined): Promise<FleetSettings['keys']> {
  if (file !== undefined) return (await readSettings(file)).keys;
  return access(defaultFile).then(
    async () => (await readSettings(defaultFile)).keys,
    () => [],
  );
}

export const jsonOption = (): Option => new Option('--json', 'the result as JSON').default(false);

export const markdownOption = (): Option =>
  new Option('--markdown <file>', 'also append a summary as Markdown, such as to $GITHUB_STEP_SUMMARY');

export const inventoryOption = (): Option =>
  new Option('--inventory <file>', 'the inventory: .csv, .json or .yaml (default: as set in the settings)');

export const programOption = (): Option =>
  new Option('--program <name>', 'the program, by its name in the settings of the workers');

export const atATimeOption = (): Option =>
  new Option(
    '--at-a-time <stacks>',
    'the number of stacks at a time, on all workers together; 1,000 at most',
  ).argParser(countFrom(1));

export const watchOption = (): Option =>
  new Option('--watch', 'show every change until it has ended or waits for somebody').default(false);

/** Where the inventory is. */
export function inventoryOf(file: string | undefined, { rollOut }: FleetSettings): InventorySource {
  const source = file === undefined ? rollOut.inventory : { file };
  if (source === undefined)
    throw new Error('no inventory: name one with --inventory, or set rollOut.inventory');
  return source;
}

/** The name of the program. */
export function programOf(name: string | undefined, { rollOut }: FleetSettings): string {
  const program = name ?? rollOut.program;
  if (program === undefined) throw new Error('no program: name one with --program, or set rollOut.program');
  return program;
}

/** Who says so: a claim, not a proof. */
export const byOption = (): Option =>
  new Option('--by <name>', 'who asks for it; it is recorded, not proved').default(userInfo().username);

/** Parses an option that is an integer of at least `least`. */
export function countFrom(least: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(count) || count < least) {
      throw new InvalidArgumentError(`It must be an integer from ${least} on.`);
    }
    return count;
  };
}

/** Parses a comma-separated list. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A name that may be a part of a workflow's id. */
export function runName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text)) {
    throw new InvalidArgumentError('It may have letters, digits, ".", "_" and "-".');
  }
  return text;
}
