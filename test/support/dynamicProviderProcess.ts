import { credentials, type ServiceError, status } from '@grpc/grpc-js';
import { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import {
  CheckRequest,
  type CheckResponse,
  ConfigureRequest,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  ReadRequest,
  type ReadResponse,
  UpdateRequest,
  type UpdateResponse,
} from '@pulumi/pulumi/proto/provider_pb';
import type { JavaScriptValue, Struct as StructMessage } from 'google-protobuf/google/protobuf/struct_pb';
import { join } from 'node:path';
import { startProcess, type ProcessResult, type RunningProcess } from '../../tools/pulumiCli/runProcess.js';
import { type EngineLogEntry, type FakeEngine, startFakeEngine } from './fakeEngine.js';
import { callPlugin, endProcess, readPort } from './pluginProcess.js';
import { toProviderCallError } from './providerCallError.js';
import { Struct } from './sdkProtobuf.js';
import {
  createTemporaryProject,
  isolatedEnvironment,
  repositoryNodeModules,
  type TemporaryProject,
} from './temporaryProject.js';

/** The text that stacks hold for ever. */
export const packageProviderText = 'exports.handler = () => require("pulumi-salesforce-eca/provider");';

/** How the engine writes a value that is not known yet, in the bags of a preview. */
export const unknownValue = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Properties of a resource, as they travel: no undefined, no Date. */
export type Bag = Record<string, JavaScriptValue>;

/** What {@link DynamicProviderProcess.start} takes. */
export interface DynamicProviderProcessOptions {
  /** The `__provider` text of every call; default {@link packageProviderText}. */
  providerText?: string;
  /** Name of the project: `req.config.get('key')` reads `<project>:key`. Default `project-under-test`. */
  projectName?: string;
  /** Environment variables for the process; undefined removes one. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which a call is rejected; default 20,000. */
  deadlineMs?: number;
  /** The project to start it in, and the folder of the Node.js to run it with; default: an empty one of its own, with this repository's packages and Node. */
  project?: { readonly folder: string; readonly nodeFolder: string };
}

// A process that a test forgot ends by itself.
const lifetimeMs = 600_000;

/**
 * The Pulumi SDK's own dynamic provider process, started as the engine starts it (project folder, address of an
 * engine, repository's Node), and called over gRPC as the engine calls it. The provider text is added to every bag
 * that is sent and, as the process adds it by itself, left out of every bag that a successful call returns.
 */
export class DynamicProviderProcess {
  readonly #project: TemporaryProject;
  readonly #engine: FakeEngine;
  readonly #process: RunningProcess;
  readonly #client: ResourceProviderClient;
  readonly #providerText: string;
  readonly #deadlineMs: number;

  private constructor(
    project: TemporaryProject,
    engine: FakeEngine,
    process: RunningProcess,
    port: number,
    options: DynamicProviderProcessOptions,
  ) {
    this.#project = project;
    this.#engine = engine;
    this.#process = process;
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.enable_http_proxy': 0,
    });
    this.#providerText = options.providerText ?? packageProviderText;
    this.#deadlineMs = options.deadlineMs ?? 20_000;
  }

  /** Starts the process and waits until it has said its port. */
  static async start(options: DynamicProviderProcessOptions = {}): Promise<DynamicProviderProcess> {
    const { project, nodeFolder } = await projectFor(options);
    const engine = await startFakeEngine();
    const process = startProcess(
      join(nodeFolder, 'node'),
      [join(project.folder, 'node_modules/@pulumi/pulumi/cmd/dynamic-provider'), engine.address],
      {
        cwd: project.folder,
        env: {
          ...isolatedEnvironment([nodeFolder]),
          HOME: project.folder,
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
        options,
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

  /** Resolves when the process has ended, by itself or at {@link dispose}. */
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

  /** Hands over the stack's configuration, secrets in clear: full keys (`salesforce:username`), values as strings. */
  async configure(config: Readonly<Record<string, string>>): Promise<void> {
    const request = new ConfigureRequest().setArgs(this.#struct(config));
    await this.#call((...rest) => this.#client.configure(request, ...rest));
  }

  async check(
    olds: Bag,
    news: Bag,
  ): Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }> {
    const request = new CheckRequest().setOlds(this.#struct(olds)).setNews(this.#struct(news));
    const response = await this.#call<CheckResponse>((...rest) => this.#client.check(request, ...rest));
    return {
      inputs: bag(response.getInputs()),
      failures: response
        .getFailuresList()
        .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
    };
  }

  /** `changes` is undefined when the provider does not say. */
  async diff(
    id: string,
    olds: Bag,
    news: Bag,
  ): Promise<{ changes: boolean | undefined; replaces: string[]; deleteBeforeReplace: boolean }> {
    const request = new DiffRequest().setId(id).setOlds(this.#struct(olds)).setNews(this.#struct(news));
    const response = await this.#call<DiffResponse>((...rest) => this.#client.diff(request, ...rest));
    const changes = response.getChanges();
    return {
      changes:
        changes === DiffResponse.DiffChanges.DIFF_UNKNOWN
          ? undefined
          : changes === DiffResponse.DiffChanges.DIFF_SOME,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(inputs: Bag): Promise<{ id: string; outs: Bag }> {
    const request = new CreateRequest().setProperties(this.#struct(inputs));
    const response = await this.#call<CreateResponse>((...rest) => this.#client.create(request, ...rest));
    return { id: response.getId(), outs: bag(response.getProperties()) };
  }

  /** An empty `id` says that the resource is gone; `inputs` is undefined when the provider returns none. */
  async read(id: string, props: Bag): Promise<{ id: string; props: Bag; inputs: Bag | undefined }> {
    const request = new ReadRequest().setId(id).setProperties(this.#struct(props));
    const response = await this.#call<ReadResponse>((...rest) => this.#client.read(request, ...rest));
    const inputs = response.getInputs();
    return {
      id: response.getId(),
      props: bag(response.getProperties()),
      inputs: inputs === undefined ? undefined : bag(inputs),
    };
  }

  async update(id: string, olds: Bag, news: Bag): Promise<{ outs: Bag }> {
    const request = new UpdateRequest().setId(id).setOlds(this.#struct(olds)).setNews(this.#struct(news));
    const response = await this.#call<UpdateResponse>((...rest) => this.#client.update(request, ...rest));
    return { outs: bag(response.getProperties()) };
  }

  async delete(id: string, props: Bag): Promise<void> {
    const request = new DeleteRequest().setId(id).setProperties(this.#struct(props));
    await this.#call((...rest) => this.#client.delete(request, ...rest));
  }

  /** Ends the process and the engine and removes the folder, unless that was handed over. */
  async dispose(): Promise<void> {
    this.#client.close();
    this.#engine.close();
    await endProcess(this.#process);
    await this.#project.remove();
  }

  #struct(properties: Bag): StructMessage {
    return Struct.fromJavaScript({ __provider: this.#providerText, ...properties });
  }

  /** @throws ProviderCallError when the provider refuses; Error with the process's output at the deadline. */
  #call<T>(send: Parameters<typeof callPlugin<T>>[0]): Promise<T> {
    return callPlugin(send, this.#deadlineMs, (error) => this.#explain(error));
  }

  #explain(error: ServiceError): Error {
    // Only the provider answers with this code; any other means that no answer came.
    if (error.code === status.UNKNOWN) return toProviderCallError(error);
    return new Error(
      `The dynamic provider process gave no answer: ${error.message}. Its output:\n${this.output}`,
      {
        cause: error,
      },
    );
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

function bag(struct: StructMessage | undefined): Bag {
  const properties = struct?.toJavaScript() ?? {};
  delete properties['__provider'];
  return properties;
}
