import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import { sdkGrpc } from '../run/pulumiSdk.js';
import { providerService } from './providerService.js';

/** As large as the Pulumi SDKs allow a message to be, in bytes. */
const largestMessage = 400 * 1024 * 1024;

/** A provider that takes calls. */
export interface RunningServer {
  readonly port: number;
  /** Ends it at once, with the calls that are under way. */
  readonly stop: () => void;
}

/** Starts the provider on a free port of this machine, which only this machine reaches. */
export async function startServer(): Promise<RunningServer> {
  const { Server, ServerCredentials } = sdkGrpc();
  const server = new Server({
    'grpc.max_receive_message_length': largestMessage,
    'grpc.max_send_message_length': largestMessage,
  });
  server.addService(ResourceProviderService, providerService());
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) {
        resolve({
          port,
          stop: () => {
            server.forceShutdown();
          },
        });
      } else {
        reject(error);
      }
    });
  });
}
