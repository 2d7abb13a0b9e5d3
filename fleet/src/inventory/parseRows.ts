import { parse as parseCsv } from 'csv-parse/sync';
import { parseDocument } from 'yaml';
import { InventoryError } from './fault.js';

/** The forms that an inventory may have. */
export const inventoryFormats = ['csv', 'json', 'yaml'] as const;

/** The form of an inventory. */
export type InventoryFormat = (typeof inventoryFormats)[number];

/** An entry as it was read, before anything is checked. */
export interface Row {
  /** Where it is, such as `line 3`. */
  readonly where: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The columns of `configuration` in a CSV file begin with this. */
const configurationPrefix = 'configuration.';

/**
 * Reads the entries of an inventory. Every value is kept as it is written: `007` stays `007`.
 *
 * @throws InventoryError when the text is not of the format
 */
export function parseRows(text: string, format: InventoryFormat): readonly Row[] {
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return format === 'csv' ? csvRows(withoutMark) : entryRows(parseEntries(withoutMark, format));
}

/** A line of a CSV file: cells in quotes may continue on further lines, and the number is the last one's. */
interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

function csvRows(text: string): readonly Row[] {
  const [head, ...records] = csvRecords(text);
  const columns = head?.cells.map((name) => name.trim()) ?? [];
  const twice = columns.filter((name, index) => columns.indexOf(name) !== index);
  const faults = [
    ...twice.map((name) => ({ where: 'line 1', message: `the column "${name}" is there twice` })),
    ...records
      .filter(({ cells }) => cells.length !== columns.length)
      .map(({ cells, line }) => ({
        where: `line ${line}`,
        message: `has ${cells.length} cells, and the first line has ${columns.length}`,
      })),
  ];
  if (faults.length > 0) throw new InventoryError(faults);
  return records.map(({ cells, line }) => ({ where: `line ${line}`, values: fromCells(columns, cells) }));
}

function csvRecords(text: string): readonly CsvRecord[] {
  const firstLine = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  try {
    const records: CsvRecord[] = [];
    parseCsv(text, {
      // Spreadsheets write semicolons in countries where the comma is part of numbers.
      delimiter: firstLine.includes(';') && !firstLine.includes(',') ? ';' : ',',
      relaxColumnCount: true,
      skipEmptyLines: true,
      trim: true,
      onRecord: (cells: string[], { lines }) => {
        records.push({ line: lines, cells });
        return cells;
      },
    });
    return records;
  } catch (thrown) {
    throw notOfFormat('CSV', thrown);
  }
}

/** An empty cell counts as not set. */
function fromCells(columns: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const set = columns.flatMap((name, index) => {
    const cell = cells[index] ?? '';
    return cell === '' ? [] : [[name, cell] as const];
  });
  const configuration = set
    .filter(([name]) => name.startsWith(configurationPrefix))
    .map(([name, cell]) => [name.slice(configurationPrefix.length), cell]);
  return {
    ...Object.fromEntries(set.filter(([name]) => !name.startsWith(configurationPrefix))),
    ...(configuration.length === 0 ? {} : { configuration: Object.fromEntries(configuration) as unknown }),
  };
}

function parseEntries(text: string, format: 'json' | 'yaml'): unknown {
  try {
    if (format === 'json') return JSON.parse(text) as unknown;
    // In this schema every scalar is text.
    const document = parseDocument(text, { schema: 'failsafe' });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as unknown;
  } catch (thrown) {
    throw notOfFormat(format.toUpperCase(), thrown);
  }
}

function notOfFormat(format: string, thrown: unknown): InventoryError {
  const reason = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
  return new InventoryError([{ where: 'the whole file', message: `is not ${format}: ${reason}` }]);
}

/** A list of orgs, or an object with a list `orgs`. */
function entryRows(parsed: unknown): readonly Row[] {
  const entries: unknown = isRecord(parsed) ? parsed['orgs'] : parsed;
  if (!Array.isArray(entries)) {
    throw new InventoryError([
      { where: 'the whole file', message: 'must be a list of orgs, or an object with a list "orgs"' },
    ]);
  }
  const rows = entries.map((entry: unknown, index) => ({ where: `entry ${index + 1}`, values: entry }));
  const faults = rows
    .filter(({ values }) => !isRecord(values))
    .map(({ where }) => ({ where, message: 'must be an object with keys such as name, stage and address' }));
  if (faults.length > 0) throw new InventoryError(faults);
  return rows.flatMap(({ where, values }) => (isRecord(values) ? [{ where, values }] : []));
}

/** Whether a parsed value is an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
