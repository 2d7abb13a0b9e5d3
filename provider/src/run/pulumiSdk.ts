import { createRequire } from 'node:module';
import type * as grpcModule from '@grpc/grpc-js';
import type { Any } from 'google-protobuf/google/protobuf/any_pb';
import type { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import type { Struct } from 'google-protobuf/google/protobuf/struct_pb';

/**
 * Loads a module from the Pulumi SDK's own dependencies: the SDK's clients reject credentials, and its messages reject fields, from another
 * copy of a library.
 */
function requireFromSdk(name: string): unknown {
  return createRequire(require.resolve('@pulumi/pulumi/package.json'))(name);
}

/** The gRPC library of the Pulumi SDK. */
export function sdkGrpc(): typeof grpcModule {
  return requireFromSdk('@grpc/grpc-js') as typeof grpcModule;
}

/** Google's messages that those of the Pulumi SDK are made of. */
export interface SdkMessages {
  readonly Any: typeof Any;
  readonly Empty: typeof Empty;
  readonly Struct: typeof Struct;
}

/** The messages of the Pulumi SDK's own copy of google-protobuf. */
export function sdkMessages(): SdkMessages {
  const from = (name: string): unknown => requireFromSdk(`google-protobuf/google/protobuf/${name}_pb`);
  const { Any } = from('any') as Pick<SdkMessages, 'Any'>;
  const { Empty } = from('empty') as Pick<SdkMessages, 'Empty'>;
  const { Struct } = from('struct') as Pick<SdkMessages, 'Struct'>;
  return { Any, Empty, Struct };
}
