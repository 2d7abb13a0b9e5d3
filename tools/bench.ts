/**
 * `npm run bench`: this provider, dynamic and native, one written the obvious way and the Salesforce CLI side by side, against orgs on
 * this machine that take realistic times. Writes the results as JSON, as a Markdown table and as a chart.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { CleanUp, cleanUpOnSignals } from './cleanUp.js';
import { measureCell, type Cell } from './bench/cell.js';
import { drawChart } from './bench/chart.js';
import type { ContenderName, Measurement } from './bench/measurement.js';
import { parseOptions, usage, type BenchOptions } from './bench/options.js';
import { summarize } from './bench/summary.js';
import { contenderLabels, formatReport } from './bench/table.js';
import { judge } from './bench/targets.js';
import { salesforceCliScript, salesforceCliVersion } from './clients/salesforceCli.js';
import { ArgumentsError } from './commandLineArguments.js';
import { say } from './pulumiCli/progress.js';
import { pulumiBinFolder } from './pulumiCli/pulumiBinFolder.js';

/** The script of the Salesforce CLI, or why it does not take part. */
async function findSalesforceCli(options: BenchOptions): Promise<{ script?: string; note: string }> {
  if (!options.withSalesforceCli) return { note: 'Without the Salesforce CLI (--no-salesforce-cli).' };
  try {
    return { script: await salesforceCliScript(), note: `Salesforce CLI ${salesforceCliVersion}.` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { note: `Without the Salesforce CLI, which could not be had: ${reason.split('\n').join(' ')}` };
  }
}

function cellsOf(options: BenchOptions, hasSalesforceCli: boolean): Cell[] {
  const cells: Cell[] = [];
  for (let run = 1; run <= options.runs; run += 1) {
    for (const apps of options.apps) {
      for (const [index, parallel] of options.parallel.entries()) {
        const contenders: ContenderName[] = ['ours', 'native', 'empty'];
        if (apps <= options.obviousUpTo) contenders.push('obvious');
        // Once per run, because it has no --parallel.
        if (hasSalesforceCli && index === 0) contenders.push('salesforceCli');
        cells.push({ apps, parallel, run, contenders, times: options });
      }
    }
  }
  return cells;
}

async function measure(
  options: BenchOptions,
  salesforceCli: string | undefined,
  cleanUp: CleanUp,
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  const cells = cellsOf(options, salesforceCli !== undefined);
  const start = performance.now();
  const onMeasurement = (measurement: Measurement): void => {
    measurements.push(measurement);
    const { operation, contender, apps, parallel, wallMs } = measurement;
    const elapsed = Math.round((performance.now() - start) / 1000);
    say(
      `${String(elapsed).padStart(5)} s  ${operation} of ${apps}${parallel === undefined ? '' : `, --parallel ${parallel}`}: ` +
        `${contenderLabels[contender]} ${(wallMs / 1000).toFixed(1)} s`,
    );
  };
  say('Warming up …');
  const none = { from: 0, to: 0 };
  const instant = { latencyMs: 0, retrieveMs: none, deployMs: none, deployComponentMs: 0, seed: 0 };
  const warmUp = cells[0] && { ...cells[0], apps: 1, times: instant };
  if (warmUp !== undefined)
    await measureCell(warmUp, { cleanUp, salesforceCli, onMeasurement: () => undefined, onFailure: say });
  for (const cell of cells)
    await measureCell(cell, { cleanUp, salesforceCli, onMeasurement, onFailure: say });
  return measurements;
}

async function run(options: BenchOptions, cleanUp: CleanUp): Promise<void> {
  await pulumiBinFolder();
  const { script, note } = await findSalesforceCli(options);
  say(note);
  const measurements = await measure(options, script, cleanUp);
  const rows = summarize(measurements);
  const targets = judge(rows);
  const machine = `Measured on ${cpus().length} CPUs with Node.js ${process.versions.node}, ${process.platform} ${process.arch}.`;
  const report = formatReport(rows, targets, options, [machine, note]);
  const json = JSON.stringify({ options, machine, note, rows, targets, measurements }, undefined, 2);
  await mkdir(options.out, { recursive: true });
  await writeFile(join(options.out, 'results.json'), `${json}\n`);
  await writeFile(join(options.out, 'results.md'), report);
  await writeFile(join(options.out, 'chart.svg'), drawChart(rows));
  process.stdout.write(options.json ? `${json}\n` : `\n${report}`);
  say(`Written to ${options.out}: results.json, results.md, chart.svg`);
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const cleanUp = new CleanUp();
  cleanUpOnSignals(cleanUp);
  try {
    await run(options, cleanUp);
  } finally {
    await cleanUp.run();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isUsage = error instanceof ArgumentsError;
  say(error instanceof Error ? (isUsage ? error.message : (error.stack ?? error.message)) : String(error));
  process.exitCode = isUsage ? 2 : 1;
});
