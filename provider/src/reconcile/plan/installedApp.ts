import { namespaceOf } from '../../components/componentName.js';
import { componentText } from '../../components/components.js';
import type { Component } from '../../components/components.js';
import type { OrgConnection } from '../../org/orgConnection.js';

const isManaged = (header: Component): boolean => componentText(header, 'distributionState') === 'Managed';

/** Whether the org's own namespace is needed to decide if an app is installed. */
export function needsOwnNamespace(header: Component): boolean {
  try {
    return namespaceOf(header.fullName) !== undefined && !isManaged(header);
  } catch {
    // Reading the app reports what is wrong with the file.
    return false;
  }
}

/**
 * The org's own namespace, as {@link isInstalledApp} needs it for these apps. The org is asked only if one of them may be its own, so
 * that most orgs cost no request.
 *
 * @throws SalesforceApiError, TransportError
 */
export async function ownNamespaceFor(
  headers: readonly Component[],
  connection: Pick<OrgConnection, 'ownNamespace'>,
): Promise<string | undefined> {
  return headers.some(needsOwnNamespace) ? connection.ownNamespace() : undefined;
}

/**
 * Whether an app was installed from a package: its state is `Managed`, or its namespace is not the org's own. In an org where a package
 * is developed, apps have the org's namespace and are local (Organization.NamespacePrefix, Object Reference).
 *
 * @throws ComponentXmlError
 */
export function isInstalledApp(header: Component, ownNamespace: string | undefined): boolean {
  const namespace = namespaceOf(header.fullName);
  return isManaged(header) || (namespace !== undefined && namespace !== ownNamespace);
}
