import type { handleUnaryCall } from '@grpc/grpc-js';
import { CheckFailure as CheckFailureMessage } from '@pulumi/pulumi/proto/provider_pb.js';
import type { CheckFailure } from '../lifecycle/checkInputs.js';
import { inNamespace } from '../signIn/namespace.js';
import type { SettingsPlace } from '../signIn/settingAdvice.js';
import { callError } from './callErrors.js';
import type { ConfiguredProvider } from './configuredProvider.js';

/**
 * Makes a handler of a call; what it throws becomes the error of the call.
 *
 * @param secretsOf the names of the properties that are secrets in the state that an error may carry
 */
export type UnaryHandler = <Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
  secretsOf?: (request: Request) => ReadonlySet<string>,
) => handleUnaryCall<Request, Response>;

/** Makes the handlers of the calls of a provider, whose errors name the settings as its user set them. */
export function unaryFor(provider: () => ConfiguredProvider): UnaryHandler {
  return (handle, secretsOf) =>
    ({ request }, callback) => {
      Promise.resolve()
        .then(() => handle(request))
        .then(
          (response) => {
            callback(null, response);
          },
          (thrown: unknown) => {
            callback(callError(thrown, provider().settings, secretsOf?.(request)));
          },
        );
    };
}

/**
 * The failures of a check as the engine takes them.
 *
 * @param settings where the provider's settings come from
 */
export function failureMessages(
  failures: readonly CheckFailure[],
  settings: SettingsPlace,
): CheckFailureMessage[] {
  return failures.map(({ property, reason }) =>
    new CheckFailureMessage().setProperty(property).setReason(inNamespace(reason, settings)),
  );
}
