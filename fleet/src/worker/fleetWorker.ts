import { mkdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import {
  createProgramActivities,
  createWorkerActivities,
  programDigest,
  type OwnedActivities,
} from '../activities/index.js';
import { fleetTaskQueue, programTaskQueue } from '../contract/activities.js';
import { dataConverterOf, engineOptions, noAnswer } from '../engine/connection.js';
import type { KeySource, WorkerSettings } from '../settings/fleetSettings.js';
import { shutdownSignals } from './quietRuntime.js';

/** A worker that takes tasks. */
export interface FleetWorker {
  /** The digests of its programs, by name. */
  readonly digests: Readonly<Record<string, string>>;
  /** Takes tasks until it is told to stop; resolves when everything that it had begun has ended. */
  run(): Promise<void>;
  /** Takes no more tasks. Operations that still run after the grace period are interrupted, as by one Ctrl-C. */
  stop(): void;
}

const workflowsPath = fileURLToPath(
  new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url),
);

/**
 * Connects to the engine and prepares to take tasks: workflows, and the activities of each program at its digest, so that a worker with
 * another version of a program never takes its tasks.
 *
 * @param address of a server that the environment does not name
 */
export async function createFleetWorker(
  settings: WorkerSettings,
  keys: readonly KeySource[],
  address?: string,
): Promise<FleetWorker> {
  // Temporal takes its own listener away while it handles a signal; others in the process would then end it at once.
  for (const signal of shutdownSignals) process.on(signal, () => undefined);
  await mkdir(settings.home, { recursive: true, mode: 0o700 });
  // Pulumi does not make the folder of a backend.
  if (settings.backend?.startsWith('file:///') === true) {
    await mkdir(fileURLToPath(settings.backend), { recursive: true, mode: 0o700 });
  }
  const { connectionOptions, namespace } = engineOptions(address);
  const dataConverter = await dataConverterOf(keys);
  const connection = await NativeConnection.connect(connectionOptions).catch((thrown: unknown) => {
    throw noAnswer(thrown, connectionOptions.address);
  });
  const common = {
    connection,
    namespace,
    dataConverter,
    identity: settings.identity,
    shutdownGraceTime: settings.graceMs,
  };
  const workers = [
    await Worker.create({
      ...common,
      taskQueue: fleetTaskQueue,
      workflowsPath,
      activities: createWorkerActivities(settings),
    }),
  ];
  const owned: OwnedActivities[] = [];
  const digests: Record<string, string> = {};
  for (const [program, { folder }] of Object.entries(settings.programs)) {
    const digest = await programDigest(folder);
    digests[program] = digest;
    const activities = createProgramActivities(settings, program, digest);
    owned.push(activities);
    workers.push(
      await Worker.create({
        ...common,
        taskQueue: programTaskQueue(program, digest),
        activities: activities.activities,
        maxConcurrentActivityTaskExecutions: settings.atATime,
      }),
    );
  }
  return {
    digests,
    async run() {
      try {
        await Promise.all(workers.map((worker) => worker.run()));
      } finally {
        for (const { close } of owned) close();
        await connection.close();
      }
    },
    stop() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}
