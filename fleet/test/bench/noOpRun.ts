import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { CleanUp } from '../../../tools/cleanUp.js';
import { findRollOut, readRun } from '../../src/commandLine/runs.js';
import { startRollOut } from '../../src/commandLine/commands/rollOut.js';
import { rollOutId, workflowTypes } from '../../src/contract/runs.js';
import { askAgain } from '../../src/engine/askAgain.js';
import { defaultOptions } from '../../src/rollOut/runOptions.js';
import type { DevServer } from '../../src/server/devServer.js';
import { rollOutInput } from '../support/runs.js';
import { fleetStacks } from '../support/stacks.js';
import { until } from '../support/until.js';
import { cpuOf, peakMemoryOf } from './processUse.js';
import { startBenchWorker, type BenchWorker } from './benchWorker.js';

/** What the engine's part of a roll-out costs, in seconds, MB and bytes. */
export interface NoOpUse {
  /** Orgs that are done. */
  readonly done: number;
  readonly seconds: number;
  readonly serverCpu: number;
  readonly workerCpu: number;
  readonly serverMemory: number;
  /** Of the largest worker. */
  readonly workerMemory: number;
}

export interface NoOpResult extends NoOpUse {
  readonly state: string;
  /** Of the workflow of the roll-out: how often it began, at first or as a continuation. */
  readonly runs: number;
  readonly rollOutHistory: HistorySize;
  /** Of the workflows of all stacks. */
  readonly stackHistory: HistorySize & { readonly workflows: number };
}

interface HistorySize {
  readonly events: number;
  readonly bytes: number;
}

const progressMs = 30_000;

/** Rolls out to orgs for which there is nothing to do, with the timings of a real roll-out. */
export async function rollOutNoOps(
  server: DevServer,
  orgs: number,
  workerCount: number,
  cleanUp: CleanUp,
  onProgress: (use: NoOpUse) => void = () => undefined,
): Promise<NoOpResult> {
  const workers: BenchWorker[] = [];
  const stopWorkers = cleanUp.add(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
  });
  const connection = await Connection.connect({ address: server.address });
  try {
    for (let index = 0; index < workerCount; index++) workers.push(await startNoOpWorker(server.address));
    const pids = workers.map(({ pid }) => pid);
    const cpu = (): { serverCpu: number; workerCpu: number } => ({
      serverCpu: cpuOf(server.pid),
      workerCpu: pids.reduce((sum, pid) => sum + cpuOf(pid), 0),
    });
    const before = { ...cpu(), at: performance.now() };
    const use = (done: number): NoOpUse => {
      const now = cpu();
      return {
        done,
        seconds: (performance.now() - before.at) / 1000,
        serverCpu: now.serverCpu - before.serverCpu,
        workerCpu: now.workerCpu - before.workerCpu,
        serverMemory: peakMemoryOf(server.pid),
        workerMemory: Math.max(...pids.map(peakMemoryOf)),
      };
    };
    const client = new Client({ connection });
    const input = rollOutInput({ options: defaultOptions });
    await startRollOut(client, input, fleetStacks('prod', orgs));
    const { handle } = await findRollOut(client, input.name);
    const progress = setInterval(() => {
      // It is asked again soon.
      void readRun(handle).then(
        ({ status }) => {
          onProgress(use(status.waves[0]?.unchanged ?? 0));
        },
        () => undefined,
      );
    }, progressMs);
    const { status } = await Promise.race([
      askAgain(() => handle.result()),
      ...workers.map(({ ended }) => ended),
    ]).finally(() => {
      clearInterval(progress);
    });
    const total = use(status.waves[0]?.unchanged ?? 0);
    // The list is written after the workflows.
    const query = `WorkflowType = '${workflowTypes.stack}' AND ExecutionStatus = 'Completed'`;
    await until(async () => (await client.workflow.count(query)).count >= orgs);
    const rollOuts = await histories(client, `WorkflowId = '${rollOutId(input.name)}'`);
    const { workflows: runs, ...rollOutHistory } = rollOuts;
    const stackHistory = await histories(client, query);
    return { ...total, state: status.state, runs, rollOutHistory, stackHistory };
  } finally {
    await connection.close();
    await stopWorkers();
  }
}

function startNoOpWorker(address: string): Promise<BenchWorker> {
  const file = fileURLToPath(new URL('./noOpWorker.ts', import.meta.url));
  return startBenchWorker(['--import', 'tsx', file, address], 'ready');
}

async function histories(client: Client, query: string): Promise<HistorySize & { workflows: number }> {
  const sum = { workflows: 0, events: 0, bytes: 0 };
  for await (const { historyLength, historySize } of client.workflow.list({ query, pageSize: 1000 })) {
    sum.workflows++;
    sum.events += historyLength;
    sum.bytes += historySize ?? 0;
  }
  return sum;
}
