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
import { callPlugin } from './pluginProcess.js';
import { ProviderCallError, toProviderCallError } from './providerCallError.js';
import { nativeProviderUrn, type ProviderProgram } from './providerProgram.js';
import { Struct } from './sdkProtobuf.js';

/** Properties of a resource, as they came. */
export type Bag = Record<string, JavaScriptValue>;

/** Properties of a resource to send: what is undefined is left out. */
type Properties = Readonly<Record<string, unknown>>;

/** The program that a {@link ProviderClient} calls. */
export interface ProviderClientOptions {
  program: ProviderProgram;
  /** The `__provider` text of every call of a dynamic provider. */
  providerText?: string;
  /** Whether a bag that comes back keeps what the provider hides in it; default: it does not. */
  keepsHidden?: boolean;
  /** Milliseconds after which a call is rejected. */
  deadlineMs: number;
  /** What the program printed, for the message of a call without an answer. */
  output?: () => string;
}

/**
 * Calls a provider over gRPC as the engine calls it. The provider text is added to every bag that is sent to a dynamic provider and, as its
 * process adds it, and it is left out of every bag that a successful call returns.
 */
export class ProviderClient {
  readonly #client: ResourceProviderClient;
  readonly #options: ProviderClientOptions;
  #isPreview = false;

  constructor(port: number, options: ProviderClientOptions) {
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.enable_http_proxy': 0,
    });
    this.#options = options;
  }

  /** Closes the connection. */
  close(): void {
    this.#client.close();
  }

  /**
   * Hands over the stack's configuration, secrets in clear: full keys (`salesforce:username`), values as strings.
   *
   * @param name the name of the native provider resource; default: that of the default provider
   */
  async configure(config: Readonly<Record<string, string>>, name?: string): Promise<void> {
    const request = new ConfigureRequest();
    if (this.#options.program === 'native') {
      const args: Record<string, string> = {};
      for (const [key, value] of Object.entries(config)) args[key.replace(/^salesforce:/, '')] = value;
      request.setUrn(nativeProviderUrn(name)).setArgs(this.#struct(args));
    } else {
      request.setArgs(this.#struct(config));
    }
    await this.#call((...rest) => this.#client.configure(request, ...rest));
  }

  async check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }> {
    const request = new CheckRequest().setOlds(this.#struct(olds)).setNews(this.#struct(news));
    if (typeof news['__urn'] === 'string') request.setUrn(news['__urn']);
    const response = await this.#call<CheckResponse>((...rest) => this.#client.check(request, ...rest));
    const inputs: Bag = this.#bag(response.getInputs());
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
    olds: Properties,
    news: Properties,
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

  async create(inputs: Properties): Promise<{ id: string; outs: Bag }> {
    const request = new CreateRequest().setProperties(this.#struct(inputs));
    const response = await this.#call<CreateResponse>((...rest) => this.#client.create(request, ...rest));
    return { id: response.getId(), outs: this.#bag(response.getProperties()) };
  }

  /** An empty `id` says that the resource is gone; `inputs` is undefined when the provider returns none. */
  async read(id: string, props: Properties): Promise<{ id: string; props: Bag; inputs: Bag | undefined }> {
    const request = new ReadRequest().setId(id).setProperties(this.#struct(props));
    const response = await this.#call<ReadResponse>((...rest) => this.#client.read(request, ...rest));
    const inputs = response.getInputs();
    return {
      id: response.getId(),
      props: this.#bag(response.getProperties()),
      inputs: inputs === undefined ? undefined : this.#bag(inputs),
    };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<{ outs: Bag }> {
    const request = new UpdateRequest().setId(id).setOlds(this.#struct(olds)).setNews(this.#struct(news));
    const response = await this.#call<UpdateResponse>((...rest) => this.#client.update(request, ...rest));
    return { outs: this.#bag(response.getProperties()) };
  }

  async delete(id: string, props: Properties): Promise<void> {
    const request = new DeleteRequest().setId(id).setProperties(this.#struct(props));
    await this.#call((...rest) => this.#client.delete(request, ...rest));
  }

  /**
   * In a preview the engine then calls create or update for what check and diff accept, in which the native provider reads the org; the
   * dynamic provider does so in check and diff.
   *
   * @returns why the preview is refused
   */
  async #previewNatively(preview: () => Promise<unknown>): Promise<ProviderCallError | undefined> {
    if (this.#options.program !== 'native' || !this.#isPreview) return undefined;
    try {
      await preview();
      return undefined;
    } catch (error) {
      if (error instanceof ProviderCallError) return error;
      throw error;
    }
  }

  #struct(properties: Properties): StructMessage {
    const { program, providerText } = this.#options;
    const all = program === 'native' ? properties : { __provider: providerText, ...properties };
    const isSent = (name: string): boolean =>
      program === 'dynamic' || !/^__(dryRun|urn|provider)$/.test(name);
    return Struct.fromJavaScript(
      Object.fromEntries(
        Object.entries(all).flatMap(([name, value]) =>
          isSent(name) && value !== undefined ? [[name, value]] : [],
        ),
      ),
    );
  }

  #bag(struct: StructMessage | undefined): Bag {
    const properties = struct?.toJavaScript() ?? {};
    if (this.#options.keepsHidden !== true) {
      delete properties['__provider'];
      delete properties['__signIn'];
    }
    return properties;
  }

  /** @throws ProviderCallError when the provider refuses; Error with the process's output at the deadline. */
  #call<T>(send: Parameters<typeof callPlugin<T>>[0]): Promise<T> {
    return callPlugin(send, this.#options.deadlineMs, (error) => this.#explain(error));
  }

  #explain(error: ServiceError): Error {
    // Only the provider answers with this code; any other means that no answer came.
    if (error.code === status.UNKNOWN) return toProviderCallError(error);
    return new Error(
      `The dynamic provider process gave no answer: ${error.message}. Its output:\n${this.#options.output?.() ?? '(not known)'}`,
      {
        cause: error,
      },
    );
  }
}
