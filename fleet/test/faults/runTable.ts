import { runRow } from './faultRow.js';
import { faultTable } from './faultTable.js';

// `npm run fleet-faults [-- <part of a name>…]`: every fault, or those whose names have all parts. Ends with 1 unless all rows are right.
const parts = process.argv.slice(2);
const rows = faultTable.filter(({ name }) => parts.every((part) => name.includes(part)));
if (rows.length === 0) {
  process.stderr.write(`no row has all of this in its name: ${parts.join(', ')}\n`);
  process.exit(1);
}

const start = performance.now();
let right = 0;
for (const row of rows) {
  try {
    const { seconds, notes } = await runRow(row);
    right++;
    process.stdout.write(
      `✓ ${row.name} (${seconds.toFixed(0)} s)\n${notes.map((note) => `  ${note}\n`).join('')}`,
    );
  } catch (thrown) {
    const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    process.stdout.write(`✗ ${row.name}\n  ${reason.replaceAll('\n', '\n  ')}\n`);
  }
}
const seconds = Math.round((performance.now() - start) / 1000);
process.stdout.write(`${right} of ${rows.length} rows are right, in ${seconds} s\n`);
process.exitCode = right === rows.length ? 0 : 1;
