import type { handleUnaryCall } from '@grpc/grpc-js';
import { CheckFailure as CheckFailureMessage } from '@pulumi/pulumi/proto/provider_pb.js';
import type { CheckFailure } from '../lifecycle/checkInputs.js';
import { inNamespace } from '../signIn/namespace.js';
import { callError } from './callErrors.js';
import { packageName } from './packageSchema.js';

/**
 * The handler of a call; what it throws becomes the error of the call.
 *
 * @param secretsOf the names of the properties that are secrets in the state that an error may carry
 */
export function unary<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
  secretsOf?: (request: Request) => ReadonlySet<string>,
): handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    Promise.resolve()
      .then(() => handle(request))
      .then(
        (response) => {
          callback(null, response);
        },
        (thrown: unknown) => {
          callback(callError(thrown, secretsOf?.(request)));
        },
      );
  };
}

/** The failures of a check as the engine takes them. */
export function failureMessages(failures: readonly CheckFailure[]): CheckFailureMessage[] {
  return failures.map(({ property, reason }) =>
    new CheckFailureMessage().setProperty(property).setReason(inNamespace(reason, packageName)),
  );
}
