import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { EngineService } from '@pulumi/pulumi/proto/engine_grpc_pb';
import { type LogRequest, LogSeverity } from '@pulumi/pulumi/proto/engine_pb';
import type { Empty as EmptyMessage } from 'google-protobuf/google/protobuf/empty_pb';
import { Empty } from './sdkProtobuf.js';

/** What a provider said through the engine's log service. */
export interface EngineLogEntry {
  severity: 'debug' | 'info' | 'warning' | 'error';
  message: string;
  /** URN of the resource it is shown at; empty: the stack. */
  urn: string;
  /** Shown only while the operation runs. */
  ephemeral: boolean;
}

const severities = {
  [LogSeverity.DEBUG]: 'debug',
  [LogSeverity.INFO]: 'info',
  [LogSeverity.WARNING]: 'warning',
  [LogSeverity.ERROR]: 'error',
} as const;

/** The engine for a dynamic provider process: an address whose log service records messages. */
export interface FakeEngine {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  readonly logs: readonly EngineLogEntry[];
  /**
   * The first line that matches, already said or to come: a call's answer can overtake what the provider said before it.
   *
   * @throws Error with all lines when none has come within 10 seconds
   */
  waitForLog(matches: (entry: EngineLogEntry) => boolean): Promise<EngineLogEntry>;
  /** Closes connections and port at once, as the death of the CLI does. */
  close(): void;
}

const logDeadlineMs = 10_000;

/** Starts a fake engine on a free port. */
export async function startFakeEngine(): Promise<FakeEngine> {
  const logs: EngineLogEntry[] = [];
  const listeners = new Set<(entry: EngineLogEntry) => void>();
  const server = new Server();
  server.addService(EngineService, {
    log: ({ request }: ServerUnaryCall<LogRequest, EmptyMessage>, callback: sendUnaryData<EmptyMessage>) => {
      const entry = {
        severity: severities[request.getSeverity()],
        message: request.getMessage(),
        urn: request.getUrn(),
        ephemeral: request.getEphemeral(),
      };
      logs.push(entry);
      for (const listen of listeners) listen(entry);
      callback(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    logs,
    waitForLog: (matches) =>
      new Promise((resolve, reject) => {
        const said = logs.find(matches);
        if (said !== undefined) {
          resolve(said);
          return;
        }
        const settle = (act: () => void): void => {
          clearTimeout(deadline);
          listeners.delete(listen);
          act();
        };
        const listen = (entry: EngineLogEntry): void => {
          if (matches(entry)) {
            settle(() => {
              resolve(entry);
            });
          }
        };
        const deadline = setTimeout(() => {
          settle(() => {
            reject(
              new Error(
                `The engine did not get it within ${logDeadlineMs / 1000} s, but: ${JSON.stringify(logs, null, 2)}`,
              ),
            );
          });
        }, logDeadlineMs);
        listeners.add(listen);
      }),
    close: () => {
      server.forceShutdown();
    },
  };
}
