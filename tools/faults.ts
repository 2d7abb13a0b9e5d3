/**
 * `npm run faults [-- <part of a name>…]`: every fault and every interruption at every request of the dynamic and of the native
 * provider, against orgs on this machine. Prints the counts of right cells; ends with 1 unless all are right. Parts
 * of names, such as `native`, `deploy`, `for ever` or `CLI killed`, choose cells.
 */
import {
  mayBeNamed,
  nameOf as nameOfInterruption,
  type InterruptionCell,
} from '../test/faults/interruptions/cells.js';
import { runInterruptions } from '../test/faults/interruptions/runMatrix.js';
import { formatInterruptions } from '../test/faults/interruptions/table.js';
import { buildMatrix, nameOf } from '../test/faults/matrix.js';
import type { CellResult } from '../test/faults/runCell.js';
import { runMatrix, storyOf } from '../test/faults/runMatrix.js';
import { formatExclusions, formatTables, formatTotal } from '../test/faults/table.js';
import { providerPrograms, type ProviderProgram } from '../test/support/providerProgram.js';
import { ArgumentsError } from './commandLineArguments.js';

/** How many stacks are at work at once: the Pulumi CLI and its processes keep a machine busy. */
const stacksAtOnce = 3;

/** What became of one of the matrices: its report, and whether every cell that ran is right. */
interface Report {
  cells: number;
  isRight: boolean;
}

/** Prints a table and what belongs below it, with the stories of the wrong cells. */
function print<Cell>(
  title: string,
  results: readonly CellResult<Cell>[],
  nameOfCell: (cell: Cell) => string,
  lines: readonly string[],
  start: number,
): Report {
  const wrong = results.filter(({ faults }) => faults.length > 0);
  const all = [
    '',
    title,
    '',
    ...lines,
    ...wrong.map((result) => `\n${storyOf(nameOfCell(result.cell), result)}`),
    '',
    `${formatTotal(results)}, in ${Math.round((performance.now() - start) / 1000)} s`,
  ];
  process.stdout.write(`${all.join('\n')}\n`);
  return { cells: results.length, isRight: wrong.length === 0 };
}

/** Shows that a cell is done: its story at once when it is wrong. */
function show(name: string, result: CellResult<unknown>, done: number, count: number): void {
  if (result.faults.length > 0) process.stderr.write(`\n${storyOf(name, result)}\n`);
  else if (process.stderr.isTTY) process.stderr.write(`\r${done}/${count}`);
}

async function runFaults(isChosen: (name: string) => boolean): Promise<Report> {
  const start = performance.now();
  const { cells, exclusions } = buildMatrix();
  const chosen = cells.filter((cell) => isChosen(nameOf(cell)));
  if (chosen.length === 0) return { cells: 0, isRight: true };
  const { results, faults } = await runMatrix(chosen, {
    onResult: (result, done) => {
      show(nameOf(result.cell), result, done, chosen.length);
    },
  });
  const report = print(
    'Faults',
    results,
    nameOf,
    [
      formatTables(results, exclusions),
      'Each count: create, update and delete, and read and preview if they send such a request; each with the fault once, twice in a row and always.',
      formatExclusions(exclusions),
      ...faults.map((fault) => `\n✗ ${fault}`),
    ],
    start,
  );
  return { ...report, isRight: report.isRight && faults.length === 0 };
}

async function runAllInterruptions(
  provider: ProviderProgram,
  isChosen: (name: string) => boolean,
): Promise<Report> {
  const start = performance.now();
  const nameOfCell = (cell: InterruptionCell): string => `${provider} · ${nameOfInterruption(cell)}`;
  const { results, runs } = await runInterruptions({
    provider,
    orgs: stacksAtOnce,
    choose: (cells) => cells.filter((cell) => isChosen(nameOfCell(cell))),
    onResult: (result, done, count) => {
      show(nameOfCell(result.cell), result, done, count);
    },
  });
  return print(
    `Interruptions of the ${provider} provider`,
    results,
    nameOfCell,
    [
      formatInterruptions(results, runs),
      '',
      'Each count: create, update and delete. The interruption comes when the request has reached the org, before the org acts;',
      'then the commands of docs/interrupted-runs.md are typed.',
    ],
    start,
  );
}

async function main(parts: readonly string[]): Promise<boolean> {
  const isChosen = (name: string): boolean => parts.every((part) => name.includes(part));
  const reports = [await runFaults(isChosen)];
  for (const provider of providerPrograms.filter((one) => mayBeNamed(parts, one)))
    reports.push(await runAllInterruptions(provider, isChosen));
  if (reports.every(({ cells }) => cells === 0))
    throw new ArgumentsError(`no cell has all of this in its name: ${parts.join(', ')}`);
  return reports.every(({ isRight }) => isRight);
}

main(process.argv.slice(2)).then(
  (isRight) => {
    process.exitCode = isRight ? 0 : 1;
  },
  (error: unknown) => {
    const isUsage = error instanceof ArgumentsError;
    const message =
      error instanceof Error ? (isUsage ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = 1;
  },
);
