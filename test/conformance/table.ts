import { formatGrid } from '../faults/table.js';
import { markdownTable } from '../../tools/markdownTable.js';
import type { Cell, Outcome } from './cell.js';
import type { ClientRelease } from './client.js';
import type { Operation } from './operation.js';

/** What a table shows: its columns, its rows and every cell. */
export interface Results {
  clients: readonly Pick<ClientRelease, 'name' | 'label'>[];
  operations: readonly Pick<Operation, 'name' | 'label' | 'group'>[];
  cells: readonly Cell[];
}

const marks: Readonly<Record<Outcome['kind'], string>> = {
  passed: 'passed',
  failed: 'FAILED',
  notOffered: '–',
  notInstalled: 'not installed',
};

/** The table for a terminal, with the reasons below it. */
export function formatText(results: Results): string {
  const { head, rows, notes } = tableOf(results, (mark, note) =>
    note === undefined ? mark : `${mark} ${note}`,
  );
  const lines = notes.map((note, index) => `${index + 1}: ${note.replaceAll('\n', '\n   ')}`);
  return [formatGrid([head, ...rows]), ...(lines.length > 0 ? ['', ...lines] : [])].join('\n');
}

/** The table for a page, with the reasons below it. */
export function formatMarkdown(results: Results): string {
  const { head, rows, notes } = tableOf(results, (mark, note) =>
    note === undefined ? mark : `${mark} <sup>${note}</sup>`,
  );
  const lines = notes.map((note, index) => `${index + 1}. ${note.replaceAll(/\s*\n\s*/g, ' ')}`);
  return [markdownTable(head, rows), ...(lines.length > 0 ? ['', ...lines] : [])].join('\n');
}

/** How many cells there are of each kind, in words. */
export function formatTotal({ cells }: Results): string {
  const count = (kind: Outcome['kind']): number =>
    cells.filter(({ outcome }) => outcome.kind === kind).length;
  return (
    `${cells.length} cells: ${count('passed')} passed, ${count('failed')} failed, ` +
    `${count('notOffered')} not offered, ${count('notInstalled')} not installed`
  );
}

function tableOf({ clients, operations, cells }: Results, format: (mark: string, note?: number) => string) {
  const notes: string[] = [];
  const noteOf = (why: string): number => {
    const known = notes.indexOf(why);
    return known >= 0 ? known + 1 : notes.push(why);
  };
  const rows = operations.map((operation) => [
    `${operation.group}: ${operation.label}`,
    ...clients.map((client) => {
      const cell = cells.find((each) => each.client === client.name && each.operation === operation.name);
      if (cell === undefined) return 'NOT CHECKED';
      const { outcome } = cell;
      return outcome.kind === 'passed' ? marks.passed : format(marks[outcome.kind], noteOf(outcome.why));
    }),
  ]);
  return { head: ['', ...clients.map(({ label }) => label)], rows, notes };
}
