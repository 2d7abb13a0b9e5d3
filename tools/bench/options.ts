import type { Parallelism } from './measurement.js';
import type { OrgTimes, Range } from './orgTimes.js';
import { ArgumentsError, parseArguments } from '../commandLineArguments.js';

/** What one benchmark measures. */
export interface BenchOptions extends OrgTimes {
  /** Numbers of apps. */
  apps: readonly number[];
  /** How often everything is measured; the medians are reported. */
  runs: number;
  parallel: readonly Parallelism[];
  /** The most apps that the obvious provider is measured with: it takes one deploy an app. */
  obviousUpTo: number;
  /** Whether the Salesforce CLI takes part. */
  withSalesforceCli: boolean;
  /** The folder that the results are written to. */
  out: string;
  /** Whether stdout gets the results as JSON instead of the table. */
  json: boolean;
  help: boolean;
}

/** What `--help` prints. */
export const usage = `Usage: npm run bench -- [options]

Measures the provider, dynamic and native, one written the obvious way, and the
Salesforce CLI side by side against an org on this machine, and writes
results.json, results.md and chart.svg. The floor is the sum of the org's own
times and the same command with an empty dynamic provider.

  --full                   1, 10, 50, 200 and 500 apps in 3 runs, the obvious
                           provider with up to 50: hours (default: 1, 10 and 50
                           apps in one run, the obvious provider with up to 10:
                           minutes)
  --apps N,N,…             numbers of apps
  --runs N                 how often everything is measured; medians are
                           reported
  --parallel MODE          default (Pulumi's: 4 × cores), high (more than there
                           are apps), or both (the default)
  --obvious-up-to N        the most apps that the obvious provider is measured
                           with; 0 leaves it out
  --no-salesforce-cli      leave the Salesforce CLI out; it is installed into
                           the cache folder if it is missing (300 MB)
  --latency-ms N           how long the org takes for every request (default 60)
  --retrieve-ms N-N        how long a retrieve runs: a time drawn from this
                           range, or N for all (default 1500-3000)
  --deploy-ms N-N          how long a deploy runs, likewise (default 5000-8000)
  --deploy-component-ms N  how much longer for each component (default 5)
  --seed N                 what the times are drawn with; the same seed draws
                           the same times (default 1)
  --out DIR                folder for the results (default bench-results)
  --json                   print the results as JSON instead of the table
  --help                   print this text
`;

const optionDefinitions = {
  full: { type: 'boolean', default: false },
  apps: { type: 'string' },
  runs: { type: 'string' },
  parallel: { type: 'string', default: 'both' },
  'obvious-up-to': { type: 'string' },
  'no-salesforce-cli': { type: 'boolean', default: false },
  'latency-ms': { type: 'string', default: '60' },
  'retrieve-ms': { type: 'string', default: '1500-3000' },
  'deploy-ms': { type: 'string', default: '5000-8000' },
  'deploy-component-ms': { type: 'string', default: '5' },
  seed: { type: 'string', default: '1' },
  out: { type: 'string', default: 'bench-results' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/**
 * Reads the arguments after the command's name.
 *
 * @throws ArgumentsError
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const values = parseArguments(args, optionDefinitions);
  const isFull = values.full;
  return {
    apps: numbers('apps', values.apps ?? (isFull ? '1,10,50,200,500' : '1,10,50')),
    runs: number('runs', values.runs ?? (isFull ? '3' : '1'), 1),
    parallel: parallelism(values.parallel),
    obviousUpTo: number('obvious-up-to', values['obvious-up-to'] ?? (isFull ? '50' : '10')),
    withSalesforceCli: !values['no-salesforce-cli'],
    latencyMs: number('latency-ms', values['latency-ms']),
    retrieveMs: range('retrieve-ms', values['retrieve-ms']),
    deployMs: range('deploy-ms', values['deploy-ms']),
    deployComponentMs: number('deploy-component-ms', values['deploy-component-ms']),
    seed: number('seed', values.seed),
    out: values.out,
    json: values.json,
    help: values.help,
  };
}

function parallelism(text: string): Parallelism[] {
  if (text === 'both') return ['high', 'default'];
  if (text === 'default' || text === 'high') return [text];
  throw new ArgumentsError(`--parallel takes default, high or both, not '${text}'.`);
}

function numbers(name: string, text: string): number[] {
  const list = text.split(',').map((part) => number(name, part, 1));
  return [...new Set(list)].sort((a, b) => a - b);
}

function range(name: string, text: string): Range {
  const [, from = '', to = from] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? [];
  if (from !== '' && Number(from) <= Number(to)) return { from: Number(from), to: Number(to) };
  throw new ArgumentsError(`--${name} takes milliseconds, such as 2000 or 1500-3000, not '${text}'.`);
}

function number(name: string, text: string, least = 0): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new ArgumentsError(`--${name} takes a whole number from ${least} on, not '${text}'.`);
}
