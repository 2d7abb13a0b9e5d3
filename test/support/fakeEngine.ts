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

/** What a dynamic provider process sees of the engine: an address whose log service keeps what it is told. */
export interface FakeEngine {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  readonly logs: readonly EngineLogEntry[];
  /** Closes connections and port at once, as the death of the CLI does. */
  close(): void;
}

/** Starts a fake engine on a free port. */
export async function startFakeEngine(): Promise<FakeEngine> {
  const logs: EngineLogEntry[] = [];
  const server = new Server();
  server.addService(EngineService, {
    log: ({ request }: ServerUnaryCall<LogRequest, EmptyMessage>, callback: sendUnaryData<EmptyMessage>) => {
      logs.push({
        severity: severities[request.getSeverity()],
        message: request.getMessage(),
        urn: request.getUrn(),
        ephemeral: request.getEphemeral(),
      });
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
    close: () => {
      server.forceShutdown();
    },
  };
}
