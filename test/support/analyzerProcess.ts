import { credentials } from '@grpc/grpc-js';
import { AnalyzerClient } from '@pulumi/pulumi/proto/analyzer_grpc_pb';
import {
  AnalyzeRequest,
  type AnalyzeResponse,
  type AnalyzerInfo,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
  ConfigureAnalyzerRequest,
  EnforcementLevel,
  PolicyConfig,
} from '@pulumi/pulumi/proto/analyzer_pb';
import { join } from 'node:path';
import { startProcess, type RunningProcess } from '../../tools/pulumiCli/runProcess.js';
import type { Bag } from './dynamicProviderProcess.js';
import { callPlugin, endProcess, readPort } from './pluginProcess.js';
import { policyType, policyUrn } from './policyProgram.js';
import { Empty, Struct } from './sdkProtobuf.js';
import { isolatedEnvironment, repositoryNodeModules } from './temporaryProject.js';

/** What a policy reports. */
export interface Violation {
  policy: string;
  level: Level;
  message: string;
  /** The resource, if the policy is about the stack; otherwise empty. */
  urn: string;
}

/** What a violation does. */
export type Level = 'advisory' | 'mandatory' | 'disabled';

/** A resource as the engine hands it to the policies. */
export interface AnalyzedResource {
  name: string;
  properties: Bag;
  /** Default: {@link policyType}. */
  type?: string;
}

const levels = {
  advisory: EnforcementLevel.ADVISORY,
  mandatory: EnforcementLevel.MANDATORY,
  disabled: EnforcementLevel.DISABLED,
} as const;

const callDeadlineMs = 20_000;
// A process that a test forgot ends on its own.
const lifetimeMs = 600_000;

/**
 * A policy pack's analyzer server, started as the engine starts it (the SDK's run-policy-pack, in the pack's folder, the address
 * of an engine and the folder as arguments) and called over gRPC as the engine calls it.
 */
export class AnalyzerProcess {
  readonly #process: RunningProcess;
  readonly #client: AnalyzerClient;

  private constructor(process: RunningProcess, port: number) {
    this.#process = process;
    this.#client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.enable_http_proxy': 0,
    });
  }

  /** Starts the pack of a folder and waits until it has said its port. */
  static async start(folder: string): Promise<AnalyzerProcess> {
    const process = startProcess(
      join(repositoryNodeModules, '.bin/node'),
      // Nothing answers at the address: the server itself sends the engine nothing.
      [join(repositoryNodeModules, '@pulumi/pulumi/cmd/run-policy-pack'), '127.0.0.1:1', folder],
      {
        cwd: folder,
        env: isolatedEnvironment([]),
        deadlineMs: lifetimeMs,
      },
    );
    try {
      return new AnalyzerProcess(process, await readPort(process, 'analyzer process'));
    } catch (error) {
      await endProcess(process);
      throw error;
    }
  }

  /** What the pack says of itself and its policies. */
  info(): Promise<AnalyzerInfo> {
    return this.#call((...rest) => this.#client.getAnalyzerInfo(new Empty(), ...rest));
  }

  /** Replaces the whole configuration: a level and settings by policy. The engine fills in defaults before; this does not. */
  async configure(
    policies: Readonly<Record<string, { enforcementLevel: Level; settings?: Bag }>>,
  ): Promise<void> {
    const request = new ConfigureAnalyzerRequest();
    for (const [name, { enforcementLevel, settings }] of Object.entries(policies)) {
      request
        .getPolicyconfigMap()
        .set(
          name,
          new PolicyConfig()
            .setEnforcementlevel(levels[enforcementLevel])
            .setProperties(Struct.fromJavaScript(settings ?? {})),
        );
    }
    await this.#call((...rest) => this.#client.configure(request, ...rest));
  }

  /** Hands over one resource before an operation: its checked inputs, without those that begin with two underscores. */
  async analyze(resource: AnalyzedResource): Promise<Violation[]> {
    const { name, type, properties } = resource;
    const request = new AnalyzeRequest()
      .setType(type ?? policyType)
      .setUrn(policyUrn(name))
      .setName(name)
      .setOptions(new AnalyzerResourceOptions())
      .setProperties(Struct.fromJavaScript(properties));
    return violations(await this.#call((...rest) => this.#client.analyze(request, ...rest)));
  }

  /** Hands over all resources of a stack after an operation: their outputs, or in a preview of creates their inputs. */
  async analyzeStack(resources: readonly AnalyzedResource[]): Promise<Violation[]> {
    const request = new AnalyzeStackRequest().setResourcesList(
      resources.map(({ name, type, properties }) =>
        new AnalyzerResource()
          .setType(type ?? policyType)
          .setUrn(policyUrn(name))
          .setName(name)
          .setOptions(new AnalyzerResourceOptions())
          .setProperties(Struct.fromJavaScript(properties)),
      ),
    );
    return violations(await this.#call((...rest) => this.#client.analyzeStack(request, ...rest)));
  }

  /** Ends the process. */
  async dispose(): Promise<void> {
    this.#client.close();
    await endProcess(this.#process);
  }

  #call<T>(send: Parameters<typeof callPlugin<T>>[0]): Promise<T> {
    return callPlugin(send, callDeadlineMs, (error) => new Error(error.details, { cause: error }));
  }
}

function violations(response: AnalyzeResponse): Violation[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: levelOf(diagnostic.getEnforcementlevel()),
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  }));
}

/** The name of a level of the protocol. */
export function levelOf(value: EnforcementLevel): Level {
  for (const level of ['advisory', 'mandatory', 'disabled'] satisfies Level[]) {
    if (levels[level] === value) return level;
  }
  throw new Error(`unexpected enforcement level ${String(value)}`);
}
