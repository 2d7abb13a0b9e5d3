import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { FleetOrg, FleetStack } from '../contract/stacks.js';
import { redact } from '../credentials/redact.js';
import { runLimited } from '../limitedCommand.js';
import { oneLine } from '../oneLine.js';
import { checkFleet } from './checkFleet.js';
import { checkRow, type CheckedRow } from './checkRow.js';
import { InventoryError } from './fault.js';
import { groupStacks } from './groupStacks.js';
import { inventoryFormats, parseRows, type InventoryFormat } from './parseRows.js';

/** Where an inventory is: a file, or a command that prints JSON and is run without a shell. */
export type InventorySource = { readonly file: string } | { readonly command: readonly string[] };

/** An inventory without faults. */
export interface Inventory {
  readonly orgs: readonly FleetOrg[];
  readonly stacks: readonly FleetStack[];
}

/** Ten thousand orgs have some megabytes. */
const mostBytes = 64 * 1024 * 1024;
const commandTimeoutMs = 120_000;

/**
 * Reads and checks an inventory.
 *
 * @param env the environment of a command
 * @throws InventoryError with every fault
 */
export async function readInventory(
  source: InventorySource,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Inventory> {
  return 'file' in source
    ? parseInventory(await readText(source.file), formatOf(source.file))
    : parseInventory(await printed(source.command, env), 'json');
}

/**
 * Checks the text of an inventory.
 *
 * @throws InventoryError with every fault
 */
export function parseInventory(text: string, format: InventoryFormat): Inventory {
  const results = parseRows(text, format).map((row) => ({ ...checkRow(row), where: row.where }));
  const rows = results.flatMap(({ where, org }): CheckedRow[] => (org === undefined ? [] : [{ where, org }]));
  const faults = [...results.flatMap((result) => result.faults), ...checkFleet(rows)];
  if (results.length === 0) faults.push({ where: 'the whole file', message: 'has no orgs' });
  if (faults.length > 0) throw new InventoryError(faults);
  const orgs = rows.map(({ org }) => org);
  return { orgs, stacks: groupStacks(orgs) };
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > mostBytes) throw new Error(`it is larger than ${mostBytes} bytes`);
    // A file in another encoding would change names without a word.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file));
  } catch (thrown) {
    const reason =
      thrown instanceof TypeError
        ? 'it is not UTF-8'
        : thrown instanceof Error
          ? thrown.message
          : String(thrown);
    throw new InventoryError([{ where: file, message: `cannot be read: ${reason}` }]);
  }
}

function formatOf(file: string): InventoryFormat {
  const extension = extname(file).slice(1).toLowerCase().replace(/^yml$/, 'yaml');
  const format = inventoryFormats.find((name) => name === extension);
  if (format === undefined) {
    throw new InventoryError([{ where: file, message: 'must end with .csv, .json, .yaml or .yml' }]);
  }
  return format;
}

async function printed(command: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout, stderr, failure } = await runLimited({
    command,
    env,
    timeoutMs: commandTimeoutMs,
    mostOutput: mostBytes,
  });
  if (failure !== undefined) {
    throw new InventoryError([
      {
        where: 'the inventory command',
        message: stderr === '' ? failure : `${failure}: ${oneLine(redact(stderr, []), 1000)}`,
      },
    ]);
  }
  return stdout;
}
