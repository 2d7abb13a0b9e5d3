import type { ServiceError } from '@grpc/grpc-js';
import { ErrorResourceInitFailed } from '@pulumi/pulumi/proto/provider_pb';
import { Status } from '@pulumi/pulumi/proto/status_pb';
import type { JavaScriptValue } from 'google-protobuf/google/protobuf/struct_pb';

/** What the engine stores of a create or update that was only half done. */
export interface InitFailure {
  id: string;
  /** Exactly as sent, `__provider` included. */
  properties: Record<string, JavaScriptValue>;
  reasons: readonly string[];
}

/** A call that the provider refused. */
export class ProviderCallError extends Error {
  /**
   * @param message what the provider threw, without gRPC's `2 UNKNOWN: `.
   * @param initFailure present when the provider's error carried an id.
   */
  constructor(
    message: string,
    readonly initFailure: InitFailure | undefined,
  ) {
    super(message);
    this.name = 'ProviderCallError';
  }
}

/** Reads a refused call as the engine does: details out of the trailer `grpc-status-details-bin`. */
export function toProviderCallError(error: ServiceError): ProviderCallError {
  const [trailer] = error.metadata.get('grpc-status-details-bin');
  if (!(trailer instanceof Buffer)) return new ProviderCallError(error.details, undefined);
  const failures = Status.deserializeBinary(trailer)
    .getDetailsList()
    .map((detail) =>
      detail.unpack(
        (bytes) => ErrorResourceInitFailed.deserializeBinary(bytes),
        'pulumirpc.ErrorResourceInitFailed',
      ),
    );
  const failure = failures.find((candidate) => candidate !== null);
  if (failure === undefined) return new ProviderCallError(error.details, undefined);
  return new ProviderCallError(error.details, {
    id: failure.getId(),
    properties: failure.getProperties()?.toJavaScript() ?? {},
    reasons: failure.getReasonsList(),
  });
}
