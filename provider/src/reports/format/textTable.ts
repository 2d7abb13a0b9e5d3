import { oneLine } from './plainText.js';

const gap = '  ';

/**
 * The lines of a table for a terminal: aligned columns with two spaces between them and no trailing spaces.
 *
 * @param width how long a line may be: cells of the first column are cut to that; not limited by default
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width = Infinity,
): string[] {
  const all = [head, ...rows].map((row) => row.map(oneLine));
  const widthOf = (column: number): number =>
    all.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0);
  const [first = 0, ...others] = head.map((_, column) => widthOf(column));
  const rest = others.reduce((sum, each) => sum + gap.length + each, 0);
  const widths = [Math.min(first, width - rest), ...others];
  return all.map((row) =>
    row
      .map((cell, column) => cut(cell, widths[column] ?? 0).padEnd(widths[column] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, Math.max(length - 1, 0))}…`;
