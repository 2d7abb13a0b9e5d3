/**
 * `npm run bench:local-org`: many orgs with many apps in one process, as a separate command: how long it takes to start, how much
 * memory it uses, and how long requests take with many in progress. Prints a Markdown table.
 */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { componentNamesOf } from '../test/support/localApps.js';
import { median } from './bench/statistics.js';
import { OrgClient, type OrgAddress } from './benchLocalOrg/orgClient.js';
import { appName, componentsOfApp, writeSeed } from './benchLocalOrg/seedFolder.js';
import { repositoryFolder } from './pulumiCli/repository.js';
import { startProcess } from './pulumiCli/runProcess.js';

const usage = `Usage: npm run bench:local-org -- [options]

  --orgs N       orgs in one process (default 100)
  --apps N       apps in each (default 500)
  --in-flight N  requests under way at a time (default 200)
  --rounds N     how often each of them asks for everything (default 5)
  --state        keep the orgs in a folder
  --help         print this text
`;

const names = ['orgs', 'apps', 'in-flight', 'rounds'] as const;
type Sizes = Record<(typeof names)[number], number> & { isKept: boolean };

/** Milliseconds that each piece of work took, by its name. */
type Times = Map<string, number[]>;

function readSizes(): Sizes | undefined {
  const { values } = parseArgs({
    options: {
      orgs: { type: 'string', default: '100' },
      apps: { type: 'string', default: '500' },
      'in-flight': { type: 'string', default: '200' },
      rounds: { type: 'string', default: '5' },
      state: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const bad = names.find((name) => !/^[1-9]\d{0,4}$/.test(values[name]));
  if (bad !== undefined) throw new Error(`--${bad} takes a whole number from 1 on, not '${values[bad]}'.`);
  return {
    orgs: Number(values.orgs),
    apps: Number(values.apps),
    'in-flight': Number(values['in-flight']),
    rounds: Number(values.rounds),
    isKept: values.state,
  };
}

async function timed(times: Times, name: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  const known = times.get(name) ?? [];
  times.set(name, known);
  known.push(performance.now() - start);
}

/** What a client does that manages an app, each beginning at another step so that all kinds are under way together. */
async function askForEverything(client: OrgClient, index: number, sizes: Sizes, times: Times): Promise<void> {
  const app = appName(index % sizes.apps);
  const policies = { ExtlClntAppOauthConfigurablePolicies: [componentNamesOf(app).policies] };
  const steps: [name: string, work: () => Promise<void>][] = [
    ['sign-in by JWT bearer', () => client.token()],
    ['userinfo', () => client.userinfo()],
    ['query', () => client.query()],
    [`list of ${sizes.apps} components`, () => client.list()],
    ['retrieve of one component', () => client.retrieve(policies)],
    ['deploy of one component', () => client.deploy([app], `Changed by ${index}`)],
  ];
  for (let step = 0; step < steps.length; step += 1) {
    const [name, work] = steps[(step + index) % steps.length] ?? ['', () => Promise.resolve()];
    await timed(times, name, work);
  }
}

async function measureMany(clients: readonly OrgClient[], sizes: Sizes): Promise<Times> {
  const times: Times = new Map();
  await Promise.all(
    Array.from({ length: sizes['in-flight'] }, async (_, worker) => {
      const client = clients[worker % clients.length];
      for (let round = 0; client !== undefined && round < sizes.rounds; round += 1) {
        await askForEverything(client, worker + round * sizes['in-flight'], sizes, times);
      }
    }),
  );
  return times;
}

/** The largest pieces of work, one at a time, on an org that nobody else uses. */
async function measureLarge(client: OrgClient, sizes: Sizes): Promise<Times> {
  const times: Times = new Map();
  const everything = [
    'ExternalClientApplication',
    'ExtlClntAppOauthSettings',
    'ExtlClntAppGlobalOauthSettings',
    'ExtlClntAppConfigurablePolicies',
    'ExtlClntAppOauthConfigurablePolicies',
  ].map((type) => [type, ['*']] as const);
  const apps = Array.from({ length: sizes.apps }, (_, index) => appName(index));
  for (let run = 0; run < 5; run += 1) {
    const retrieve = `retrieve of ${sizes.apps * componentsOfApp} components by wildcard`;
    await timed(times, retrieve, () => client.retrieve(Object.fromEntries(everything)));
    await timed(times, `deploy of ${sizes.apps} components`, () => client.deploy(apps, `Run ${run}`));
  }
  return times;
}

/** Memory of a process in MB: the current (`VmRSS`) or maximum one (`VmHWM`); undefined without /proc. */
async function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? undefined : Math.round(Number(kibibytes) / 1024);
}

function rows(times: Times): string[] {
  return [...times].map(([name, values]) => {
    const sorted = values.toSorted((a, b) => a - b);
    const nineteenOf20 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? NaN;
    const columns = [
      name,
      String(values.length),
      median(values).toFixed(1),
      nineteenOf20.toFixed(1),
      (sorted.at(-1) ?? NaN).toFixed(1),
    ];
    return `| ${columns.join(' | ')} |`;
  });
}

const head = [
  '| work | times | median, ms | 95 % within, ms | longest, ms |',
  '| ---- | ----- | ---------- | --------------- | ----------- |',
];

async function bench(sizes: Sizes): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-local-org-'));
  await writeSeed(folder, sizes.apps);
  const orgs = Array.from({ length: sizes.orgs }, (_, index) => ['--org', `org-${index + 1}`]).flat();
  const bin = join(repositoryFolder, 'local-org/bin/salesforce-local-org.js');
  const state = sizes.isKept ? ['--state', join(folder, 'state')] : [];
  const start = performance.now();
  const server = startProcess(process.execPath, [bin, '--json', '--seed', folder, ...state, ...orgs], {
    deadlineMs: 30 * 60_000,
  });
  try {
    const { stdout, pid = 0 } = server.child;
    if (stdout === null) throw new Error('The command has no stdout.');
    const [line] = (await Promise.race([
      once(createInterface(stdout), 'line'),
      server.result.then(({ stderr }) => {
        throw new Error(`The orgs did not start: ${stderr}`);
      }),
    ])) as [string];
    const startMs = performance.now() - start;
    const started = await memoryOf(pid, 'VmRSS');
    const { orgs: addresses } = JSON.parse(line) as { orgs: OrgAddress[] };
    const clients = addresses.map((address) => new OrgClient(address));
    await Promise.all(clients.map((client) => client.prepare()));
    const [first] = clients;
    const large = first === undefined ? new Map<string, number[]>() : await measureLarge(first, sizes);
    const manyStart = performance.now();
    const many = await measureMany(clients, sizes);
    const seconds = (performance.now() - manyStart) / 1000;
    const pieces = [...many.values()].reduce((sum, values) => sum + values.length, 0);
    return [
      `Node.js ${process.version}, ${cpus().length} CPUs, load ${loadavg()[0]?.toFixed(1) ?? ''} at the end.`,
      '',
      `Orgs in one process: ${sizes.orgs}, with ${sizes.apps} apps each (${sizes.orgs * sizes.apps * componentsOfApp} components). ` +
        `Started in ${(startMs / 1000).toFixed(1)} s, ${started ?? 'unknown'} MB then, ${(await memoryOf(pid, 'VmHWM')) ?? 'unknown'} MB at the most.`,
      '',
      'One at a time, on one org:',
      '',
      ...head,
      ...rows(large),
      '',
      `${sizes['in-flight']} under way at a time, over all orgs: ${Math.round(pieces / seconds)} a second, the client on the same CPUs.`,
      '',
      ...head,
      ...rows(many),
    ].join('\n');
  } finally {
    server.signal('SIGTERM');
    await server.result;
    await rm(folder, { recursive: true, force: true });
  }
}

const sizes = readSizes();
if (sizes === undefined) process.stdout.write(usage);
else void bench(sizes).then((report) => process.stdout.write(`${report}\n`));
