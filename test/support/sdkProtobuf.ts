import { createRequire } from 'node:module';
import type * as emptyModule from 'google-protobuf/google/protobuf/empty_pb';
import type * as structModule from 'google-protobuf/google/protobuf/struct_pb';

/** The Pulumi SDK's own copy of google-protobuf: its messages take no fields that another copy made. */
const requireFromSdk = createRequire(require.resolve('@pulumi/pulumi/package.json'));

/** A bag of properties as it travels. */
export const { Struct } = requireFromSdk('google-protobuf/google/protobuf/struct_pb') as typeof structModule;

/** A message without content. */
export const { Empty } = requireFromSdk('google-protobuf/google/protobuf/empty_pb') as typeof emptyModule;
