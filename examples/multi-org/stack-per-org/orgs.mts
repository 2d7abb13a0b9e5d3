/**
 * `npm run orgs -- preview|up|destroy [stack…]`: does it for many orgs, one stack each (default: every stack of the project), some at a
 * time, and prints a table. An org that fails does not stop the others. Exit code: 0 when all went well, 1 when one did not, 2 for
 * arguments that make no sense.
 */
import { LocalWorkspace, Stack, type EngineEvent } from '@pulumi/pulumi/automation/index.js';

/** More at a time need more memory: each has its own Pulumi CLI, program and provider. */
const atATime = 4;
/** Pulumi works on a few resources at a time by default, and the provider deploys those together: so many make it one deploy an org. */
const parallel = Number(process.env['PULUMI_PARALLEL'] ?? 100);
const operations = ['preview', 'up', 'destroy'] as const;
type Operation = (typeof operations)[number];

interface Row {
  stack: string;
  result: string;
  /** How many resources were, or would be, changed; why it failed. */
  details: string;
  seconds: string;
}

let isInterrupted = false;
// Ctrl+C reaches the Pulumi CLIs too: they finish what they have begun and record it.
process.on('SIGINT', () => {
  isInterrupted = true;
});

function parseArguments(): { operation: Operation; names: string[] } {
  const [name, ...names] = process.argv.slice(2);
  const operation = operations.find((candidate) => candidate === name);
  if (operation === undefined || names.some((stack) => stack.startsWith('-'))) {
    console.error('Usage: npm run orgs -- preview|up|destroy [stack…]');
    process.exit(2);
  }
  return { operation, names };
}

/** The programs are those of this folder: a provider process is started where its program is. */
const workspace = await LocalWorkspace.create({ workDir: import.meta.dirname });
// Which stack is selected stays as it is: every command names its own.
workspace.selectStack = () => Promise.resolve();

async function workOn(stackName: string, operation: Operation): Promise<Row> {
  const start = performance.now();
  const row = (result: 'done' | 'failed' | 'not begun', details: string): Row => ({
    stack: stackName,
    result,
    details: details.replace(/\s+/g, ' '),
    seconds: ((performance.now() - start) / 1000).toFixed(1),
  });
  if (isInterrupted) return row('not begun', 'interrupted before');
  const errors = new Set<string>();
  const onEvent = ({ diagnosticEvent: diagnostic }: EngineEvent): void => {
    if (diagnostic?.severity === 'error') errors.add(diagnostic.message.trim());
  };
  try {
    const stack = await Stack.select(stackName, workspace);
    const changes = await run(stack, operation, onEvent);
    return row('done', changes);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return row('failed', [...errors].join('; ') || (/error: (.*)/.exec(message)?.[1] ?? message));
  }
}

async function run(
  stack: Stack,
  operation: Operation,
  onEvent: (event: EngineEvent) => void,
): Promise<string> {
  if (operation === 'preview') return describe((await stack.preview({ onEvent, parallel })).changeSummary);
  const { summary } = await stack[operation]({ onEvent, parallel });
  return describe(summary.resourceChanges ?? {});
}

function describe(changes: Partial<Record<string, number>>): string {
  return Object.entries(changes)
    .map(([kind, count]) => `${count ?? 0} ${kind}`)
    .join(', ');
}

/** Runs `work` for each name, `atATime` of them side by side; the results are in the order of the names. */
async function forEach(names: readonly string[], work: (name: string) => Promise<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  const waiting = [...names.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, name] = next;
      const row = await work(name);
      rows[index] = row;
      console.error(`${name}: ${row.result} (${row.seconds} s)`);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return rows;
}

function printTable(rows: readonly Row[]): void {
  const lines: Row[] = [
    { stack: 'stack', result: 'result', seconds: 'seconds', details: 'details' },
    ...rows,
  ];
  const widthOf = (column: keyof Row): number => Math.max(...lines.map((line) => line[column].length));
  const [stack, result, seconds] = [widthOf('stack'), widthOf('result'), widthOf('seconds')];
  console.log();
  for (const line of lines) {
    const cells = [line.stack.padEnd(stack), line.result.padEnd(result), line.seconds.padStart(seconds)];
    console.log([...cells, line.details].join('  '));
  }
}

const { operation, names } = parseArguments();
const stacks = names.length > 0 ? names : (await workspace.listStacks()).map(({ name }) => name);
if (stacks.length === 0) {
  console.error('The project has no stack: make one with pulumi stack init <org>.');
  process.exit(2);
}
const rows = await forEach(stacks, (name) => workOn(name, operation));
printTable(rows);
const bad = rows.filter(({ result }) => result !== 'done').length;
console.log(`\n${rows.length} orgs: ${rows.length - bad} done, ${bad} failed or not begun`);
process.exitCode = bad === 0 ? 0 : 1;
