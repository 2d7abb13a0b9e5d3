import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import {
  fleetTaskQueue,
  programTaskQueue,
  type ProgramActivities,
  type WorkerActivities,
} from '../../src/contract/activities.js';
import { temporalProgram } from '../../src/server/temporalProgram.js';
import type { MockedProgram } from './mockedProgram.js';
import { logger } from './quietRuntime.js';

const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
// Made once in a process: it takes seconds.
let bundle: Promise<WorkflowBundle> | undefined;

/** A real server, and workers in this process. */
export class Engine {
  private readonly running = new Map<Worker, Promise<void>>();

  private constructor(
    readonly environment: TestWorkflowEnvironment,
    private readonly workflowBundle: WorkflowBundle,
  ) {}

  static async start(): Promise<Engine> {
    const path = await temporalProgram();
    const environment = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'existing-path', path } },
    });
    return new Engine(environment, await (bundle ??= bundleWorkflowCode({ workflowsPath, logger })));
  }

  get client(): TestWorkflowEnvironment['client'] {
    return this.environment.client;
  }

  /** A worker for the workflows and what needs no program. */
  workflowWorker(activities: WorkerActivities): Promise<Worker> {
    return this.work({ taskQueue: fleetTaskQueue, workflowBundle: this.workflowBundle, activities });
  }

  /** A worker for the program of a digest. */
  programWorker(program: string, digest: string, activities: Partial<ProgramActivities>): Promise<Worker> {
    return this.work({ taskQueue: programTaskQueue(program, digest), activities });
  }

  /** One worker for the workflows, and one for a program, whose digest of today is its own. */
  async workersFor({ program, digest, activities }: MockedProgram): Promise<void> {
    await this.workflowWorker({
      programOfToday: (name) => Promise.resolve({ worker: 'w1', program: name, digest }),
    });
    await this.programWorker(program, digest, activities);
  }

  private async work(options: {
    taskQueue: string;
    workflowBundle?: WorkflowBundle;
    activities: object;
  }): Promise<Worker> {
    const worker = await Worker.create({
      ...options,
      connection: this.environment.nativeConnection,
      maxHeartbeatThrottleInterval: 10,
      shutdownForceTime: 1000,
    });
    this.running.set(worker, worker.run());
    return worker;
  }

  async stopWorker(worker: Worker): Promise<void> {
    // A worker that failed has stopped already; its run says why.
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await this.running.get(worker);
    this.running.delete(worker);
  }

  async stopWorkers(): Promise<void> {
    await Promise.all([...this.running.keys()].map((worker) => this.stopWorker(worker)));
  }

  async stop(): Promise<void> {
    await this.stopWorkers();
    await this.environment.teardown();
  }
}
