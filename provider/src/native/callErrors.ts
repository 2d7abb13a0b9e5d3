import { ErrorResourceInitFailed } from '@pulumi/pulumi/proto/provider_pb.js';
import { Status } from '@pulumi/pulumi/proto/status_pb.js';
import type { Metadata, ServerErrorResponse } from '@grpc/grpc-js';
import { messageOf } from '../errors.js';
import { ChangedOrgError } from '../lifecycle/change.js';
import { sdkGrpc, sdkMessages } from '../run/pulumiSdk.js';
import { inNamespace } from '../signIn/namespace.js';
import type { SettingsPlace } from '../signIn/settingAdvice.js';
import { send } from './propertyBags.js';

/**
 * What a call that failed answers. An error after which the engine has to keep the resource carries its state in the details, as the
 * engine expects it of every provider.
 *
 * @param settings where the provider's settings come from
 * @param secrets the names of the properties that the state holds as secrets
 */
export function callError(
  thrown: unknown,
  settings: SettingsPlace,
  secrets?: ReadonlySet<string>,
): Partial<ServerErrorResponse> {
  const { status } = sdkGrpc();
  const details = inNamespace(messageOf(thrown), settings);
  return {
    code: status.UNKNOWN,
    details,
    ...(thrown instanceof ChangedOrgError ? { metadata: withState(thrown, details, settings, secrets) } : {}),
  };
}

function withState(
  { id, reasons, properties }: ChangedOrgError,
  message: string,
  settings: SettingsPlace,
  secrets?: ReadonlySet<string>,
): Metadata {
  const { Metadata, status } = sdkGrpc();
  const { Any } = sdkMessages();
  const failure = new ErrorResourceInitFailed()
    .setId(id)
    .setReasonsList(reasons.map((reason) => inNamespace(reason, settings)))
    .setProperties(send(properties, secrets));
  const detail = new Any();
  detail.pack(failure.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed');
  const metadata = new Metadata();
  const answer = new Status().setCode(status.UNKNOWN).setMessage(message).setDetailsList([detail]);
  metadata.add('grpc-status-details-bin', Buffer.from(answer.serializeBinary()));
  return metadata;
}
