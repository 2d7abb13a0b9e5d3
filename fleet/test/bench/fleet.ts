/**
 * `npm run bench:fleet -- [orgs] [stacks at a time]`: what a fleet costs. Local orgs, a server and a worker as they are used, and the Pulumi CLI. Prints a
 * table, and ratios that hold on any machine, because both of their sides are measured in the same run. For Linux.
 */
import { cpus, loadavg } from 'node:os';
import { CleanUp, cleanUpOnSignals } from '../../../tools/cleanUp.js';
import { MeasuredFleet, type Cost } from './measuredFleet.js';
import { rollOutNoOps } from './noOpRun.js';

const [orgs = 100, atATime = 2] = process.argv.slice(2).map(Number);
const sample = Math.min(20, orgs);
const shards = { count: 2, orgs: 20 };
const noOps = 300;

const rows: string[][] = [];
const start = performance.now();
const cpuOfOrg = ({ orgs: count, cpu, serverCpu }: Cost): number => (cpu + serverCpu) / count;

/** Measures a way, and says so. */
async function measure(way: string, work: Promise<Cost>): Promise<Cost> {
  const cost = await work;
  const { orgs: count, seconds, serverCpu } = cost;
  rows.push([
    way,
    String(count),
    ((60 * count) / seconds).toFixed(0),
    cpuOfOrg(cost).toFixed(2),
    (serverCpu / count).toFixed(2),
  ]);
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  process.stderr.write(
    `${minutes} min, load ${loadavg()[0]?.toFixed(1) ?? ''}: ${rows.at(-1)?.join(' | ') ?? ''}\n`,
  );
  return cost;
}

const sum = (one: Cost, other: Cost): Cost => ({
  orgs: one.orgs + other.orgs,
  seconds: one.seconds + other.seconds,
  cpu: one.cpu + other.cpu,
  serverCpu: one.serverCpu + other.serverCpu,
});

const cleanUp = new CleanUp();
cleanUpOnSignals(cleanUp);
try {
  const fleet = await MeasuredFleet.start(orgs, shards, atATime, cleanUp);
  await measure('first roll-out', fleet.rollOut('first', 'singles'));
  const full = await measure('full look', fleet.look('full', 'singles'));
  const quick = await measure('quick look', fleet.look('quick', 'singles', true));
  // The other half comes after, in case the machine gets slower or faster meanwhile.
  const half = await fleet.upAlone(0, sample / 2);
  const through = await measure('no change', fleet.rollOut('again', 'singles', sample));
  const alone = await measure(
    'no change, the Pulumi CLI alone',
    fleet.upAlone(sample / 2, sample).then((other) => sum(half, other)),
  );
  const inShards = `in shards of ${shards.orgs}`;
  await measure(`first roll-out, ${inShards}`, fleet.rollOut('shards', 'shards'));
  await measure(`no change, ${inShards}`, fleet.rollOut('shards-again', 'shards'));
  await measure(`full look, ${inShards}`, fleet.look('shards-full', 'shards'));
  const memory = { worker: fleet.peakOfWorker, cli: fleet.peakOfCli };
  await fleet.stopWorker();
  const noOp = await measure(
    'nothing to do: the engine alone',
    rollOutNoOps(fleet.server, noOps, 1, cleanUp).then(({ seconds, serverCpu, workerCpu }) => ({
      orgs: noOps,
      seconds,
      cpu: workerCpu,
      serverCpu,
    })),
  );
  const ratios = [
    {
      name: 'no change through the fleet / the CLI alone',
      value: cpuOfOrg(through) / cpuOfOrg(alone),
      most: 1.25,
    },
    {
      name: 'the engine alone / the CLI without change',
      value: cpuOfOrg(noOp) / cpuOfOrg(alone),
      most: 0.05,
    },
    { name: 'quick look / full look', value: cpuOfOrg(quick) / cpuOfOrg(full), most: 0.1 },
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = ['way', 'orgs', 'orgs a minute', 'CPU-seconds an org', 'of them the server'];
  process.stdout.write(
    [
      `${new Date().toISOString().slice(0, 10)}, ${cpus().length} CPUs, Node.js ${process.versions.node}, ${atATime} stacks at a time, load ${loadavg()[2]?.toFixed(1) ?? ''} over the last 15 minutes`,
      '',
      ...[head, head.map(() => '---'), ...rows].map(line),
      '',
      ...ratios.map(
        ({ name, value, most }) =>
          `${name}: ${value.toFixed(3)}, at most ${most} is allowed: ${value <= most ? 'holds' : 'does not hold'}`,
      ),
      `peak memory: the worker ${memory.worker.toFixed(0)} MB, a Pulumi CLI and what it starts ${memory.cli.toFixed(0)} MB`,
      '',
    ].join('\n'),
  );
  if (ratios.some(({ value, most }) => value > most)) process.exitCode = 1;
} finally {
  await cleanUp.run();
}
