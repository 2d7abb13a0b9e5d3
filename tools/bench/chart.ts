import type { ContenderName } from './measurement.js';
import type { Row } from './summary.js';
import { contenderLabels } from './table.js';

const colors: Readonly<Record<ContenderName, string>> = {
  ours: '#2563eb',
  native: '#7c3aed',
  salesforceCli: '#d97706',
  obvious: '#dc2626',
  empty: '#6b7280',
};

const width = 760;
const left = 210;
const right = 90;
const barHeight = 16;
const groupGap = 14;
const top = 56;

/**
 * Bars of the times of `up` at high `--parallel`, a group for each number of apps, on a logarithmic scale of seconds.
 *
 * @returns an SVG document that needs no script and no font
 */
export function drawChart(rows: readonly Row[]): string {
  const bars = rows.filter(({ operation, parallel }) => operation === 'up' && parallel !== 'default');
  const longest = Math.max(1, ...bars.map(({ wallMs }) => wallMs / 1000));
  const decades = Math.ceil(Math.log10(longest));
  const scale = (value: number): number =>
    (Math.max(0, Math.log10(value)) / Math.max(1, decades)) * (width - left - right);
  const parts: string[] = [];
  let y = top;
  let apps: number | undefined;
  for (const row of bars) {
    if (row.apps !== apps) {
      y += apps === undefined ? 0 : groupGap;
      apps = row.apps;
      parts.push(text(10, y + 12, `${apps} app${apps === 1 ? '' : 's'}`, 'font-weight="bold"'));
    }
    const length = scale(row.wallMs / 1000);
    const isWorkedOut = row.runs === 0;
    parts.push(
      text(left - 8, y + 12, contenderLabels[row.contender], 'text-anchor="end"'),
      `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight - 3}" fill="${colors[row.contender]}"` +
        `${isWorkedOut ? ' fill-opacity="0.45"' : ''}/>`,
      text(left + length + 6, y + 12, `${isWorkedOut ? '≥ ' : ''}${(row.wallMs / 1000).toFixed(1)} s`),
    );
    y += barHeight;
  }
  const height = y + 12;
  const grid = Array.from({ length: decades + 1 }, (_, exponent) => {
    const x = left + scale(10 ** exponent);
    return (
      `<line x1="${x.toFixed(1)}" y1="${top - 8}" x2="${x.toFixed(1)}" y2="${height - 6}" stroke="#d1d5db"/>` +
      text(x, top - 14, `${10 ** exponent} s`, 'text-anchor="middle" fill="#6b7280"')
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
      'font-family="sans-serif" font-size="12" fill="#111827">',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(10, 20, 'Time of pulumi up for new resources (logarithmic)', 'font-size="14"'),
    ...grid,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${attributes === '' ? '' : ` ${attributes}`}>${content}</text>`;
}
