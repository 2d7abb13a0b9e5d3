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
import { ProviderCallError, toProviderCallError } from './providerCallError.js';
import { currentProgram, nativeProviderUrn, scriptOf, type ProviderProgram } from './providerProgram.js';
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
  /** The engine that it works for; default: one of its own. */
  engine?: FakeEngine;
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
  readonly #ownsEngine: boolean;
  readonly #process: RunningProcess;
  readonly #client: ResourceProviderClient;
  readonly #providerText: string;
  readonly #program: ProviderProgram;
  readonly #deadlineMs: number;
  #isPreview = false;

  private constructor(
    project: TemporaryProject,
    engine: FakeEngine,
    process: RunningProcess,
    port: number,
    { program, ...options }: DynamicProviderProcessOptions & { program: ProviderProgram },
  ) {
    this.#project = project;
    this.#engine = engine;
    this.#ownsEngine = options.engine === undefined;
    this.#process = process;
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.enable_http_proxy': 0,
    });
    this.#program = program;
    this.#providerText = options.providerText ?? packageProviderText;
    this.#deadlineMs = options.deadlineMs ?? 20_000;
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
    const request = new ConfigureRequest();
    if (this.#program === 'native') {
      const args: Bag = {};
      for (const [key, value] of Object.entries(config)) args[key.replace(/^salesforce:/, '')] = value;
      request.setUrn(nativeProviderUrn()).setArgs(this.#struct(args));
    } else {
      request.setArgs(this.#struct(config));
    }
    await this.#call((...rest) => this.#client.configure(request, ...rest));
  }

  async check(
    olds: Bag,
    news: Bag,
  ): Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }> {
    const request = new CheckRequest().setOlds(this.#struct(olds)).setNews(this.#struct(news));
    if (typeof news['__urn'] === 'string') request.setUrn(news['__urn']);
    const response = await this.#call<CheckResponse>((...rest) => this.#client.check(request, ...rest));
    const inputs: Bag = bag(response.getInputs());
    const failures = response
      .getFailuresList()
      .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
    this.#isPreview = news['__dryRun'] === true;
    if (failures.length === 0 && olds['externalClientApplication'] === undefined) {
      const refusal = await this.#previewNatively(() => {
        const preview = new CreateRequest().setPreview(true).setUrn(request.getUrn());
        preview.setProperties(this.#struct(inputs));
        return this.#call<CreateResponse>((...rest) => this.#client.create(preview, ...rest));
      });
      if (refusal !== undefined) failures.push({ property: '', reason: refusal.message });
    }
    return { inputs, failures };
  }

  /** `changes` is undefined when the provider does not say. */
  async diff(
    id: string,
    olds: Bag,
    news: Bag,
  ): Promise<{ changes: boolean | undefined; replaces: string[]; deleteBeforeReplace: boolean }> {
    const request = new DiffRequest().setId(id).setOlds(this.#struct(olds)).setNews(this.#struct(news));
    const response = await this.#call<DiffResponse>((...rest) => this.#client.diff(request, ...rest));
    const { DIFF_SOME, DIFF_UNKNOWN } = DiffResponse.DiffChanges;
    const changes = response.getChanges();
    if (changes === DIFF_SOME && response.getReplacesList().length === 0) {
      const refusal = await this.#previewNatively(() => {
        const preview = new UpdateRequest().setPreview(true).setId(id);
        preview.setOlds(this.#struct(olds)).setNews(this.#struct(news));
        return this.#call<UpdateResponse>((...rest) => this.#client.update(preview, ...rest));
      });
      if (refusal !== undefined) throw refusal;
    }
    return {
      changes: changes === DIFF_UNKNOWN ? undefined : changes === DIFF_SOME,
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
    if (this.#ownsEngine) this.#engine.close();
    await endProcess(this.#process);
    await this.#project.remove();
  }

  /**
   * In a preview the engine goes on to create or update what check and diff let through, where the native provider looks at the org; the
   * dynamic provider does so in check and diff.
   *
   * @returns why the preview is refused
   */
  async #previewNatively(preview: () => Promise<unknown>): Promise<ProviderCallError | undefined> {
    if (this.#program !== 'native' || !this.#isPreview) return undefined;
    try {
      await preview();
      return undefined;
    } catch (error) {
      if (error instanceof ProviderCallError) return error;
      throw error;
    }
  }

  #struct(properties: Bag): StructMessage {
    if (this.#program === 'native') {
      return Struct.fromJavaScript(
        Object.fromEntries(
          Object.entries(properties).filter(([name]) => !/^__(dryRun|urn|provider)$/.test(name)),
        ),
      );
    }
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
  delete properties['__signIn'];
  return properties;
}
