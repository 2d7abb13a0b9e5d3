/**
 * `npm run conformance`: clients that nobody here wrote work with an org on this machine. Prints a table of client × operation; ends with
 * 1 when a cell failed, with 0 when all passed or say why there is nothing to pass.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CleanUp, cleanUpOnSignals } from './cleanUp.js';
import { reasonOf, type Cell } from '../test/conformance/cell.js';
import { checkClient } from '../test/conformance/checkClient.js';
import { operations } from '../test/conformance/operations.js';
import { parseOptions, usage, type ConformanceOptions } from '../test/conformance/options.js';
import { releases } from '../test/conformance/releases.js';
import { formatMarkdown, formatText, formatTotal, type Results } from '../test/conformance/table.js';
import { ArgumentsError } from './commandLineArguments.js';
import { say } from './pulumiCli/progress.js';

async function run(options: ConformanceOptions, cleanUp: CleanUp): Promise<boolean> {
  const clients = releases.filter(({ name }) => options.clients.includes(name));
  const cells: Cell[] = [];
  for (const release of clients) {
    say(`${release.label} …`);
    const onCell = ({ operation, outcome }: Cell): void => {
      const why = outcome.kind === 'passed' ? '' : `: ${outcome.why}`;
      say(`  ${operation}: ${outcome.kind}${why.replaceAll('\n', '\n    ')}`);
    };
    cells.push(...(await checkClient({ release, operations, cleanUp, onCell })));
  }
  const results: Results = { clients, operations, cells };
  const text = `${formatText(results)}\n\n${formatTotal(results)}\n`;
  const json = `${JSON.stringify(asJson(results), undefined, 2)}\n`;
  if (options.out !== undefined) {
    await mkdir(options.out, { recursive: true });
    await writeFile(join(options.out, 'conformance.json'), json);
    await writeFile(join(options.out, 'conformance.md'), `${formatMarkdown(results)}\n`);
  }
  process.stdout.write(options.json ? json : `\n${text}`);
  return cells.every(({ outcome }) => outcome.kind !== 'failed');
}

function asJson({ clients, operations, cells }: Results): object {
  return {
    clients: clients.map(({ name, label }) => ({ name, label })),
    operations: operations.map(({ name, group, label }) => ({ name, group, label })),
    cells: cells.map(({ client, operation, outcome }) => ({ client, operation, ...outcome })),
  };
}

async function main(args: readonly string[]): Promise<number> {
  const names = releases.map(({ name }) => name);
  const options = parseOptions(args, names);
  if (options.help) {
    process.stdout.write(usage(names));
    return 0;
  }
  const cleanUp = new CleanUp();
  cleanUpOnSignals(cleanUp);
  try {
    return (await run(options, cleanUp)) ? 0 : 1;
  } finally {
    await cleanUp.run();
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isUsage = error instanceof ArgumentsError;
    say(isUsage ? `${error.message} See --help.` : reasonOf(error));
    process.exitCode = isUsage ? 2 : 1;
  },
);
