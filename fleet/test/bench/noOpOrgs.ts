/**
 * `npm run bench:no-op-orgs -- [orgs] [workers]`: what the engine itself costs. Rolls out to orgs for which there is nothing to do, with a
 * server as `eca-fleet dev` starts it, and workers as processes of their own. For Linux.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CleanUp, cleanUpOnSignals } from '../../../tools/cleanUp.js';
import { startTestServer } from '../support/testServer.js';
import { rollOutNoOps, type NoOpUse } from './noOpRun.js';

const [orgs = 10_000, workers = 1] = process.argv.slice(2).map(Number);

const milliseconds = (seconds: number, count: number): string =>
  `${((1000 * seconds) / count).toFixed(1)} ms`;

function line({ done, seconds, serverCpu, workerCpu, serverMemory, workerMemory }: NoOpUse): string {
  return [
    `${seconds.toFixed(0)} s: ${done} orgs, ${((60 * done) / seconds).toFixed(0)} a minute`,
    `CPU an org: server ${milliseconds(serverCpu, done)}, workers ${milliseconds(workerCpu, done)}`,
    `memory: server ${serverMemory.toFixed(0)} MB, largest worker ${workerMemory.toFixed(0)} MB`,
    `load ${loadavg()[0]?.toFixed(1) ?? ''}`,
  ].join('; ');
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (file) => {
    // SQLite's journal comes and goes.
    const found = await stat(join(folder, file)).catch(() => undefined);
    return found?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const cleanUp = new CleanUp();
cleanUpOnSignals(cleanUp);
try {
  const folder = await mkdtemp(join(tmpdir(), 'bench-no-op-'));
  cleanUp.add(() => rm(folder, { recursive: true }));
  const server = await startTestServer(folder);
  cleanUp.add(() => server.close());
  const result = await rollOutNoOps(server, orgs, workers, cleanUp, (use) => {
    process.stdout.write(`${line(use)}\n`);
  });
  const { state, runs, rollOutHistory, stackHistory } = result;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  process.stdout.write(
    [
      `${new Date().toISOString().slice(0, 10)}, ${cpus().length} CPUs, Node.js ${process.versions.node}, ${workers} worker processes`,
      `${state}: ${result.done} of ${orgs} orgs, ${stackHistory.workflows} workflows of stacks`,
      line(result),
      `the roll-out: ${runs - 1} times continued as a new run, ${rollOutHistory.events} events, ${megabytes(rollOutHistory.bytes)}`,
      `its stacks: ${(stackHistory.events / orgs).toFixed(1)} events and ${(stackHistory.bytes / orgs / 1000).toFixed(1)} kB each`,
      `the server's database: ${megabytes(await sizeOf(join(folder, 'server')))}`,
      '',
    ].join('\n'),
  );
} finally {
  await cleanUp.run();
}
