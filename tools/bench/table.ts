import { markdownTable } from '../markdownTable.js';
import type { ContenderName, Operation } from './measurement.js';
import type { BenchOptions } from './options.js';
import type { Range } from './orgTimes.js';
import type { Row } from './summary.js';
import type { Target } from './targets.js';

/** How the contenders are called. */
export const contenderLabels: Readonly<Record<ContenderName, string>> = {
  ours: 'this provider',
  native: 'native provider',
  salesforceCli: 'Salesforce CLI',
  obvious: 'obvious provider',
  empty: 'empty provider',
};

const operationLabels: Readonly<Record<Operation, string>> = {
  up: 'up (new)',
  noChange: 'up (no change)',
  previewNew: 'preview (new)',
  previewChanged: 'preview (changed)',
  previewUnchanged: 'preview (no change)',
  refresh: 'refresh',
};

const header = [
  'command',
  'apps',
  '--parallel',
  'contender',
  'time',
  'over the floor',
  '× floor',
  '× this provider',
  'requests',
  'sent / received',
  'state',
  'peak memory',
];

/** The whole report as Markdown. */
export function formatReport(
  rows: readonly Row[],
  targets: readonly Target[],
  { runs, latencyMs, retrieveMs, deployMs, deployComponentMs, seed }: BenchOptions,
  notes: readonly string[],
): string {
  return [
    `Medians of ${runs} run${runs === 1 ? '' : 's'}. The org: ${latencyMs} ms a request, ${shown(retrieveMs)} a retrieve, ` +
      `${shown(deployMs)} a deploy and ${deployComponentMs} ms more for each component; times drawn with the seed ${seed}.`,
    ...notes,
    '',
    formatRows(rows),
    '',
    formatTargets(targets),
    '',
  ].join('\n');
}

/** The measurements as a Markdown table. */
export function formatRows(rows: readonly Row[]): string {
  return markdownTable(
    header,
    rows.map((row) => [
      operationLabels[row.operation],
      String(row.apps),
      row.parallel ?? '',
      contenderLabels[row.contender] + (row.runs === 0 ? ' (not run: its deploys alone)' : ''),
      (row.runs === 0 ? 'at least ' : '') + seconds(row.wallMs),
      row.contender === 'empty' ? '' : optional(row.overFloorMs, seconds),
      row.contender === 'empty' ? '' : optional(row.timesFloor, ratio),
      row.contender === 'ours' ? '' : optional(row.timesOurs, ratio),
      formatRequests(row.requests),
      row.bytesSent + row.bytesReceived === 0 ? '' : `${bytes(row.bytesSent)} / ${bytes(row.bytesReceived)}`,
      optional(row.stateBytes, bytes),
      optional(row.peakMemoryBytes, bytes),
    ]),
  );
}

/** What must hold, as a Markdown table. */
export function formatTargets(targets: readonly Target[]): string {
  return markdownTable(
    ['what must hold', 'limit', 'found', ''],
    targets.map(({ what, limit, found, holds }) => [
      what,
      limit,
      found ?? '',
      holds === undefined ? 'not measured' : holds ? 'holds' : 'does not hold',
    ]),
  );
}

/** The counts of requests by kind; polls are counted together. */
export function formatRequests(requests: Row['requests']): string {
  const { checkRetrieveStatus = 0, checkDeployStatus = 0, ...others } = requests;
  const polls = checkRetrieveStatus + checkDeployStatus;
  return [...Object.entries(others), ...(polls === 0 ? [] : [['polls', polls] as const])]
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
const ratio = (value: number): string => value.toFixed(2);
const bytes = (count: number): string =>
  count >= 1e6 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e3).toFixed(1)} kB`;

const shown = ({ from, to }: Range): string => (from === to ? `${from} ms` : `${from} to ${to} ms`);

function optional(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '' : format(value);
}
