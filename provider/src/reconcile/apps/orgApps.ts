import { reasonOf } from '../../errors.js';
import type { SessionTimeouts } from '../../policy/tokenLifetime.js';
import { readComponents } from '../../components/components.js';
import { namespaceOf } from '../../components/componentName.js';
import { componentTypeNames } from '../../components/componentTypes.js';
import type { ComponentType } from '../../components/componentTypes.js';
import type { FileProperties } from '../../org/metadataApi.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { listComponents } from '../snapshot/listComponents.js';
import type { OnWait } from '../request.js';
import { ownNamespaceFor } from '../plan/installedApp.js';
import { RetrieveFailedError, retrieveFiles } from '../snapshot/retrieve.js';
import type { RetrievedFiles } from '../snapshot/retrieve.js';
import { RetrieveMessages } from '../snapshot/retrieveMessages.js';
import { readSessionTimeouts, sessionSettingsMembers } from './sessionTimeouts.js';
import { describeApps } from './describeApps.js';
import type { OrgApp } from './orgApp.js';

/** The external client apps of an org. */
export interface OrgApps {
  /** Sorted by name. */
  apps: OrgApp[];
  /** What `UserSession` means in the org. */
  sessionTimeouts: SessionTimeouts;
}

/**
 * Reads every external client app of an org, and the session settings that their tokens follow, in one retrieve.
 *
 * It is not documented for these types whether the wildcard of a retrieve includes components of installed packages, so their names are
 * listed first (two requests for any number of apps) and added to the wildcard. If the retrieve fails in the org, it is repeated without
 * the session settings, which not every user may read.
 *
 * @throws ProviderError, SalesforceApiError, TransportError
 */
export async function readOrgApps(
  connection: OrgConnection,
  onWait: OnWait = () => undefined,
): Promise<OrgApps> {
  const listed = await listComponents(connection, componentTypeNames);
  const members = membersOf(listed);
  let retrieved: RetrievedFiles;
  let sessionTimeouts: SessionTimeouts;
  try {
    retrieved = await retrieveFiles(connection, new Map([...members, ...sessionSettingsMembers]), onWait);
    sessionTimeouts = await readSessionTimeouts(retrieved, connection);
  } catch (thrown) {
    if (!(thrown instanceof RetrieveFailedError)) {
      throw thrown;
    }
    retrieved = await retrieveFiles(connection, members, onWait);
    sessionTimeouts = {
      orgMinutes: undefined,
      profileMinutes: undefined,
      unknownReason: `the org did not return them: ${reasonOf(thrown)}`,
    };
  }
  const components = readComponents(retrieved.files, retrieved.fileProperties);
  const shown = { components, messages: new RetrieveMessages(retrieved.messages), listed };
  const headers = components.filter(({ type }) => type === 'ExternalClientApplication');
  const org = {
    apiVersion: connection.apiVersion,
    ownNamespace: await ownNamespaceFor(headers, connection),
    sessionTimeouts,
  };
  return { apps: describeApps(shown, org), sessionTimeouts };
}

function membersOf(listed: readonly FileProperties[]): Map<ComponentType, readonly string[]> {
  return new Map(
    componentTypeNames.map((type) => {
      const installed = listed
        .filter((file) => file.type === type && namespaceOf(file.fullName) !== undefined)
        .map(({ fullName }) => fullName);
      return [type, ['*', ...installed]];
    }),
  );
}
