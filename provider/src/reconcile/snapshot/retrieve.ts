import { ProviderError } from '../../errors.js';
import type { MessageParts } from '../../errors.js';
import { namespaceOf } from '../../components/componentName.js';
import type { ComponentType } from '../../components/componentTypes.js';
import { readComponents } from '../../components/components.js';
import { unzipComponents } from '../../components/packageZip.js';
import type { FileProperties, RetrieveStatus } from '../../org/metadataApi.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { followRetrieve } from './followRetrieve.js';
import { withAdvice } from '../deploy/refusalAdvice.js';
import type { OnWait, ReconcileRequest } from '../request.js';
import { RetrieveMessages } from './retrieveMessages.js';
import { Snapshot } from './snapshot.js';

/** The types that requests need; the global OAuth settings only if a request manages them. */
export function typesFor(requests: readonly Pick<ReconcileRequest, 'fields'>[]): ComponentType[] {
  const managesTokenFormat = requests.some(({ fields }) => fields.includes('isNamedUserJwtEnabled'));
  return [
    'ExternalClientApplication',
    'ExtlClntAppConfigurablePolicies',
    ...(managesTokenFormat ? (['ExtlClntAppGlobalOauthSettings'] as const) : []),
    'ExtlClntAppOauthConfigurablePolicies',
  ];
}

/**
 * Retrieves every component of some types for all apps of the org. It is not documented for these types whether a wildcard includes
 * components of installed packages, so those that requests know by name are added to it.
 */
export async function retrieveAll(
  connection: OrgConnection,
  types: readonly ComponentType[],
  requests: readonly ReconcileRequest[],
  onWait: OnWait,
): Promise<Snapshot> {
  const seenAt = performance.now();
  const members = types.map((type) => {
    const known = requests.flatMap(({ knownNames }) => knownNames?.[type] ?? []);
    const installed = known.filter((name) => namespaceOf(name) !== undefined);
    return [type, ['*', ...new Set(installed)]] as const;
  });
  const { components, messages } = await retrieve(connection, new Map(members), onWait);
  return new Snapshot(components, messages, types, seenAt);
}

/** Retrieves components, all in one job of the org. */
export async function retrieve(
  connection: OrgConnection,
  members: ReadonlyMap<ComponentType, readonly string[]>,
  onWait: OnWait,
): Promise<Snapshot> {
  const { files, fileProperties, messages } = await retrieveFiles(connection, members, onWait);
  return new Snapshot(readComponents(files, fileProperties), new RetrieveMessages(messages));
}

/** What a retrieve returned. */
export interface RetrievedFiles {
  /** By path, relative to the folder `unpackaged/`. */
  files: ReadonlyMap<string, Uint8Array>;
  fileProperties: readonly FileProperties[];
  /** The org's messages, for example about a type that it does not support. */
  messages: readonly string[];
}

/** The org ran a retrieve and reported that it failed. */
export class RetrieveFailedError extends ProviderError {}

/**
 * Retrieves the files of any types, all in one job of the org.
 *
 * @throws RetrieveFailedError when the job failed; ProviderError, SalesforceApiError, TransportError
 */
export async function retrieveFiles(
  connection: OrgConnection,
  members: ReadonlyMap<string, readonly string[]>,
  onWait: OnWait,
): Promise<RetrievedFiles> {
  const result = await followRetrieve(connection, members, onWait);
  if (!result.success) {
    throw new RetrieveFailedError({
      ...failureOf(result),
      subject: `org ${connection.label} (${connection.organizationId})`,
    });
  }
  const { fileProperties, messages } = result;
  return { files: await unzipComponents(result.zip), fileProperties, messages };
}

/** The org may leave out the code, the message or both. */
function failureOf({
  id,
  errorStatusCode,
  errorMessage,
}: Extract<RetrieveStatus, { success: false }>): MessageParts {
  const words = [errorStatusCode, errorMessage].filter((text) => text !== undefined).join(' ');
  const failed = `retrieve ${id} failed`;
  return words === ''
    ? { code: 'ECA5002', cause: `${failed}, and the org gave no reason`, advice: 'Repeat the command' }
    : withAdvice(words, `${failed}: ${words}`);
}
