import { providerPrograms } from '../support/providerProgram.js';
import { faultKinds } from './faultKinds.js';
import type { Exclusion } from './matrix.js';
import { targets } from './targets.js';
import type { CellResult } from './runCell.js';

/** For each program the counts of right cells by fault and request, and which combinations make no sense. */
export function formatTables(results: readonly CellResult[], exclusions: readonly Exclusion[]): string {
  return providerPrograms
    .map((program) => {
      const own = results.filter(({ cell }) => cell.program === program);
      return own.length === 0 ? [] : [`The ${program} provider`, formatTable(own, exclusions), ''];
    })
    .flat()
    .join('\n');
}

function formatTable(results: readonly CellResult[], exclusions: readonly Exclusion[]): string {
  const rows = faultKinds.map((fault) => [
    fault.name,
    ...targets.map((target) => {
      const own = results.filter(({ cell }) => cell.fault === fault && cell.target === target);
      if (own.length > 0) return formatCount(own);
      const isExcluded = exclusions.some(
        (exclusion) => exclusion.fault === fault && exclusion.target === target,
      );
      return isExcluded ? '–' : '';
    }),
  ]);
  return formatGrid([['', ...targets.map(({ name }) => name)], ...rows]);
}

/** Rows of texts under each other, the first column to the left and the others to the right. */
export function formatGrid(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

/** The combinations that make no sense, with the reason and their number. */
export function formatExclusions(exclusions: readonly Exclusion[]): string {
  const byReason = Map.groupBy(exclusions, ({ fault, reason }) => `${fault.name}: ${reason}`);
  return [
    `${exclusions.length} combinations make no sense (–):`,
    ...[...byReason].map(([reason, own]) => `  ${own.length} × ${reason}`),
  ].join('\n');
}

/** How many of a field's cells are right. */
export function formatCount(results: readonly CellResult<unknown>[]): string {
  return `${results.filter(({ faults }) => faults.length === 0).length}/${results.length}`;
}

/** The sums. */
export function formatTotal(results: readonly CellResult<unknown>[]): string {
  const right = results.filter(({ faults }) => faults.length === 0).length;
  const share = results.length === 0 ? 0 : Math.floor((1000 * right) / results.length) / 10;
  return `${right} of ${results.length} cells are right (${share} %)`;
}
