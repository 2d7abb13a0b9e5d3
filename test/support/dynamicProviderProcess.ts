import { join } from 'node:path';
import { startProcess, type ProcessResult, type RunningProcess } from '../../tools/pulumiCli/runProcess.js';
import { type EngineLogEntry, type FakeEngine, startFakeEngine } from './fakeEngine.js';
import { endProcess, readPort } from './pluginProcess.js';
import { ProviderClient } from './providerClient.js';
import { currentProgram, scriptOf, type ProviderProgram } from './providerProgram.js';
import {
  createTemporaryProject,
  isolatedEnvironment,
  repositoryNodeModules,
  type TemporaryProject,
} from './temporaryProject.js';

/** The text that is in every stack, permanently. */
export const packageProviderText = 'exports.handler = () => require("pulumi-salesforce-eca/provider");';

/** How the engine writes a value that is not known yet, in the bags of a preview. */
export const unknownValue = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

export type { Bag } from './providerClient.js';

/** What {@link DynamicProviderProcess.start} takes. */
export interface DynamicProviderProcessOptions {
  /** The program that serves the resource, called as the engine calls it; default: {@link currentProgram}. */
  program?: ProviderProgram;
  /** The `__provider` text of every call; default {@link packageProviderText}. */
  providerText?: string;
  /** Name of the project: `req.config.get('key')` reads `<project>:key`. Default `project-under-test`. */
  projectName?: string;
  /** Environment variables for the process; undefined removes one. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which a call is rejected; default 20,000. */
  deadlineMs?: number;
  /** The engine that it works for; default: a new one. */
  engine?: FakeEngine;
  /** The project to start it in, and the folder of the Node.js to run it with; default: a new empty project, with this repository's packages and Node. */
  project?: { readonly folder: string; readonly nodeFolder: string };
}

// A process that a test forgot ends on its own.
const lifetimeMs = 600_000;

/**
 * The process of a provider program, by default the Pulumi SDK's own dynamic provider process: started as the engine starts it (project
 * folder, address of an engine, repository's Node), and called as the engine calls it.
 */
export class DynamicProviderProcess extends ProviderClient {
  readonly #project: TemporaryProject;
  readonly #engine: FakeEngine;
  readonly #ownsEngine: boolean;
  readonly #process: RunningProcess;

  private constructor(
    project: TemporaryProject,
    engine: FakeEngine,
    process: RunningProcess,
    port: number,
    { program, ...options }: DynamicProviderProcessOptions & { program: ProviderProgram },
  ) {
    super(port, {
      program,
      providerText: options.providerText ?? packageProviderText,
      deadlineMs: options.deadlineMs ?? 20_000,
      output: () => process.output(),
    });
    this.#project = project;
    this.#engine = engine;
    this.#ownsEngine = options.engine === undefined;
    this.#process = process;
  }

  /** Starts the process and waits until it has said its port. */
  static async start(options: DynamicProviderProcessOptions = {}): Promise<DynamicProviderProcess> {
    const { program = currentProgram() } = options;
    const { project, nodeFolder } = await projectFor(options);
    const engine = options.engine ?? (await startFakeEngine());
    const process = startProcess(
      join(nodeFolder, 'node'),
      [scriptOf(program, project.folder), engine.address],
      {
        cwd: project.folder,
        env: {
          ...isolatedEnvironment([nodeFolder]),
          HOME: project.folder,
          // What the processes of a run share would stay behind when one of them is killed.
          TMPDIR: project.folder,
          PULUMI_NODEJS_PROJECT: options.projectName ?? 'project-under-test',
          ...options.env,
        },
        deadlineMs: lifetimeMs,
      },
    );
    try {
      return new DynamicProviderProcess(
        project,
        engine,
        process,
        await readPort(process, 'dynamic provider process'),
        { ...options, program },
      );
    } catch (error) {
      engine.close();
      await endProcess(process);
      await project.remove();
      throw error;
    }
  }

  /** The project folder, which is the working directory of the process. */
  get folder(): string {
    return this.#project.folder;
  }

  /** What the provider said through the engine's log service, in order. */
  get logs(): readonly EngineLogEntry[] {
    return this.#engine.logs;
  }

  /** The first line with this text that the provider says, or has said, through the engine's log service. */
  waitForLog(text: string): Promise<EngineLogEntry> {
    return this.#engine.waitForLog(({ message }) => message.includes(text));
  }

  /** What the process printed, its port in the first line. */
  get output(): string {
    return this.#process.output();
  }

  /** Resolves when the process has ended, on its own or at {@link dispose}. */
  get ended(): Promise<ProcessResult> {
    return this.#process.result;
  }

  /** Closes the engine's port, as the death of the CLI does. */
  closeEngine(): void {
    this.#engine.close();
  }

  /** Asks the process and its children to end, as an engine does that has finished. */
  interrupt(): void {
    this.#process.signal('SIGINT');
  }

  /** Ends the process and the engine and removes the folder, unless that was handed over. */
  async dispose(): Promise<void> {
    this.close();
    if (this.#ownsEngine) this.#engine.close();
    await endProcess(this.#process);
    await this.#project.remove();
  }
}

async function projectFor({
  project,
}: DynamicProviderProcessOptions): Promise<{ project: TemporaryProject; nodeFolder: string }> {
  return project === undefined
    ? { project: await createTemporaryProject(), nodeFolder: join(repositoryNodeModules, '.bin') }
    : {
        project: { folder: project.folder, remove: () => Promise.resolve() },
        nodeFolder: project.nodeFolder,
      };
}
