import { execFileSync } from 'node:child_process';
import { Engine } from '../support/engine.js';
import { MockedProgram } from '../support/mockedProgram.js';
import { rollOutInput, startInput, testOptions } from '../support/runs.js';
import { fleetStacks } from '../support/stacks.js';

// What the engine itself costs: `npm run bench:no-op-orgs [orgs]` rolls out to orgs for which there is nothing to do.
const count = Number(process.argv[2] ?? 10_000);

/** CPU-seconds and memory of the server, the only child of this process that lasts. */
function serverUse(): { cpu: number; memory: number } {
  const rows = execFileSync('ps', ['-o', 'cputimes=,rss=,comm=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  });
  const [cpu = 0, memory = 0] = (/.*temporal/.exec(rows)?.[0] ?? '').trim().split(/\s+/).map(Number);
  return { cpu, memory: memory / 1024 };
}
const ownCpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const engine = await Engine.start();
try {
  const program = new MockedProgram();
  program.isSilent = true;
  await engine.workersFor(program);
  const before = { own: ownCpu(), server: serverUse().cpu, at: performance.now() };
  const options = { ...testOptions, atATime: 50 };
  const handle = await startInput(engine, fleetStacks('prod', count), rollOutInput({ options }));
  const first = await handle.describe();
  const { status } = await handle.result();
  const seconds = (performance.now() - before.at) / 1000;
  const own = ownCpu() - before.own;
  const server = serverUse();
  const last = await handle.describe();
  process.stdout.write(
    [
      `${status.state}: ${String(status.waves[0]?.unchanged)} of ${count} orgs, each once: ${String(new Set(program.done).size === program.done.length)}`,
      `wall time: ${seconds.toFixed(0)} s, ${((count / seconds) * 60).toFixed(0)} orgs per minute`,
      `CPU of worker and client: ${own.toFixed(1)} s, ${((1000 * own) / count).toFixed(1)} ms an org`,
      `CPU of the server: ${(server.cpu - before.server).toFixed(1)} s, ${((1000 * (server.cpu - before.server)) / count).toFixed(1)} ms an org`,
      `memory: worker ${Math.round(process.memoryUsage.rss() / 1e6)} MB, server ${Math.round(server.memory)} MB`,
      `continued as a new run: ${String(first.runId !== last.runId)}; events of the last run: ${last.historyLength}`,
      '',
    ].join('\n'),
  );
} finally {
  await engine.stop();
}
