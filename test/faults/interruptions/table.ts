import type { CellResult } from '../runCell.js';
import { formatCount, formatGrid } from '../table.js';
import { columnsOf, type InterruptionCell, type RecordedRuns } from './cells.js';
import { interruptionKinds } from './interruptionKinds.js';

/** The counts of right cells by interruption and request. */
export function formatInterruptions(
  results: readonly CellResult<InterruptionCell>[],
  runs: RecordedRuns,
): string {
  const columns = [
    ...new Set(Object.values(runs).flatMap((kinds) => columnsOf(kinds).map(({ name }) => name))),
  ];
  const rows = interruptionKinds.map((interruption) => [
    interruption.name,
    ...columns.map((name) => {
      const own = results.filter(
        ({ cell }) => cell.interruption === interruption && cell.column.name === name,
      );
      return own.length === 0 ? '' : formatCount(own);
    }),
  ]);
  return formatGrid([['', ...columns], ...rows]);
}
