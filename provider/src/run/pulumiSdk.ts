import { createRequire } from 'node:module';
import type * as grpcModule from '@grpc/grpc-js';

/**
 * A module out of the Pulumi SDK's own dependencies: its clients refuse credentials, and its messages fields, that another copy of a
 * library made.
 */
function requireFromSdk(name: string): unknown {
  return createRequire(require.resolve('@pulumi/pulumi/package.json'))(name);
}

/** The gRPC library of the Pulumi SDK. */
export function sdkGrpc(): typeof grpcModule {
  return requireFromSdk('@grpc/grpc-js') as typeof grpcModule;
}
