import { faultKinds } from './faultKinds.js';
import { targets, type Exclusion } from './matrix.js';
import type { CellResult } from './runCell.js';

/** The counts of right cells by fault and request, and which combinations make no sense. */
export function formatTable(results: readonly CellResult[], exclusions: readonly Exclusion[]): string {
  const rows = faultKinds.map((fault) => [
    fault.name,
    ...targets.map((target) => {
      const own = results.filter(({ cell }) => cell.fault === fault && cell.target === target);
      if (own.length > 0) return `${own.filter(({ faults }) => faults.length === 0).length}/${own.length}`;
      const isExcluded = exclusions.some(
        (exclusion) => exclusion.fault === fault && exclusion.target === target,
      );
      return isExcluded ? '–' : '';
    }),
  ]);
  const header = ['', ...targets.map(({ name }) => name)];
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [header, ...rows].map(line).join('\n');
}

/** The combinations that make no sense, with the reason and their number. */
export function formatExclusions(exclusions: readonly Exclusion[]): string {
  const byReason = Map.groupBy(exclusions, ({ fault, reason }) => `${fault.name}: ${reason}`);
  return [
    `${exclusions.length} combinations make no sense (–):`,
    ...[...byReason].map(([reason, own]) => `  ${own.length} × ${reason}`),
  ].join('\n');
}

/** The sums. */
export function formatTotal(results: readonly CellResult[]): string {
  const right = results.filter(({ faults }) => faults.length === 0).length;
  const share = results.length === 0 ? 0 : Math.floor((1000 * right) / results.length) / 10;
  return `${right} of ${results.length} cells are right (${share} %)`;
}
