import type { RequestRecord } from '../contract/runs.js';
import type { RollOutStatus, WaveStatus } from '../contract/status.js';
import { oneLine } from '../oneLine.js';
import { cut, paragraph, reportWidth, textTable } from './textTable.js';

const mostMessage = 300;
/** The number of last requests that are shown; the JSON has more. */
const mostRequests = 5;

/** The status of a roll-out or a drift run, for a terminal of 100 columns. */
export function statusText(status: RollOutStatus): string {
  const { name, operation, program, digest, state, message, waves, problems, moreProblems, requests } =
    status;
  const version = digest === undefined ? program : `${program} ${digest.slice(0, 12)}`;
  const parts = [
    cut(`${name}: ${operation} of ${version}`, reportWidth),
    paragraph(stateLine(state, message)),
  ];
  if (waves.length > 0) parts.push('', wavesTable(waves));
  if (problems.length > 0) parts.push('', problemsTable(status));
  if (moreProblems > 0) parts.push(`and ${moreProblems} more`);
  if (requests.length > 0) parts.push('', ...requests.slice(-mostRequests).map(requestLine));
  return `${parts.join('\n')}\n`;
}

function requestLine({ request, stage, budget, by, why, at }: RequestRecord): string {
  const what = [request, stage, budget === undefined ? undefined : `budget ${budget}`].filter(
    (part) => part !== undefined,
  );
  return paragraph(oneLine(`${at.slice(0, 19)} ${what.join(' ')}, asked by ${by}: ${why}`, mostMessage));
}

function stateLine(state: string, message: string): string {
  return oneLine(message === '' ? state : `${state}: ${message}`, mostMessage);
}

function wavesTable(waves: readonly WaveStatus[]): string {
  const count = (value: number): string => (value === 0 ? '-' : String(value));
  return textTable(
    [
      'stage',
      'wave',
      '#orgs',
      '#stacks',
      '#waiting',
      '#running',
      '#unchanged',
      '#changed',
      '#drifted',
      '#failed',
    ],
    waves.map((wave) => [
      wave.stage,
      wave.wave,
      String(wave.orgs),
      String(wave.stacks),
      ...[wave.waiting, wave.running, wave.unchanged, wave.changed, wave.drifted, wave.failed].map(count),
    ]),
  );
}

function problemsTable({ problems }: RollOutStatus): string {
  return problems
    .map(({ stack, stage, status, orgs, message }) => {
      const of = orgs.length > 0 && !(orgs.length === 1 && orgs[0] === stack) ? ` (${orgs.join(', ')})` : '';
      return [
        paragraph(oneLine(`${stage === '' ? '' : `${stage} `}${stack}${of} ${status}`, mostMessage)),
        paragraph(oneLine(message, mostMessage), '  '),
      ].join('\n');
    })
    .join('\n');
}
