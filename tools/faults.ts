/**
 * `npm run faults [-- <part of a name>…]`: every fault at every request of the provider, against orgs on this machine. Prints
 * the counts of right cells; ends with 1 unless all are right. Parts of names, such as `deploy` or `for ever`, choose cells.
 */
import { buildMatrix, nameOf } from './faults/matrix.js';
import { runMatrix, storyOf } from './faults/runMatrix.js';
import { formatExclusions, formatTable, formatTotal } from './faults/table.js';

async function main(parts: readonly string[]): Promise<boolean> {
  const { cells, exclusions } = buildMatrix();
  const chosen = cells.filter((cell) => parts.every((part) => nameOf(cell).includes(part)));
  const start = performance.now();
  const { results, faults } = await runMatrix(chosen, {
    onResult: (result, done) => {
      if (result.faults.length > 0) process.stderr.write(`\n${storyOf(result)}\n`);
      else if (process.stderr.isTTY) process.stderr.write(`\r${done}/${chosen.length}`);
    },
  });
  const wrong = results.filter((result) => result.faults.length > 0);
  const lines = [
    '',
    formatTable(results, exclusions),
    '',
    'Each count: create, update and delete, and read where it sends such a request; each with the fault once, twice in a row and for ever.',
    formatExclusions(exclusions),
    ...wrong.map((result) => `\n${storyOf(result)}`),
    ...faults.map((fault) => `\n✗ ${fault}`),
    '',
    `${formatTotal(results)}, in ${Math.round((performance.now() - start) / 1000)} s`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return wrong.length === 0 && faults.length === 0 && results.length > 0;
}

main(process.argv.slice(2)).then(
  (isRight) => {
    process.exitCode = isRight ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
