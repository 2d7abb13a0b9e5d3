import type { Component } from '../components/components.js';
import type { FileProperties } from '../org/metadataApi.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { ChangedComponent } from './change.js';

/**
 * The components among those to be deployed that somebody may have changed after they were retrieved: a deploy replaces the
 * whole component, so it would undo that change. Where the org does not tell when a component was modified, nothing is found;
 * whether the dates of a list are always those of a retrieve is documented nowhere, so a date alone proves no change. A component
 * that the list does not show may be gone; a deploy would make it anew.
 *
 * What is changed between this look and the org's own turn at the deploy stays unseen: the Metadata API has no condition for that.
 */
export async function findSuspectedChanges(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
): Promise<FileProperties[]> {
  const types = [...new Set(changed.map(({ component }) => component.type))];
  const listed = await connection.read((api) => api.listMetadata(types));
  const files = new Map(listed.map((file) => [nameOf(file), file]));
  const observed = new Map(changed.map(({ component }) => [nameOf(component), component]));
  return [...observed].flatMap(([name, { type, fullName, path, namespacePrefix, lastModifiedDate }]) => {
    const file = files.get(name);
    if (file === undefined) {
      const nobody = { lastModifiedByName: undefined, lastModifiedDate: undefined };
      return [{ type, fullName, fileName: path, namespacePrefix, ...nobody }];
    }
    return timeOf(file.lastModifiedDate) === timeOf(lastModifiedDate) ? [] : [file];
  });
}

/** The suspected changes that a later retrieve confirms: a component has another text, or is gone. */
export function confirmedChanges(
  suspected: readonly FileProperties[],
  changed: readonly ChangedComponent[],
  later: readonly Component[],
): FileProperties[] {
  return suspected.filter(({ type, fullName }) => {
    const isIt = (component: Component): boolean =>
      component.type === type && component.fullName === fullName;
    return changed.find(({ component }) => isIt(component))?.component.xml !== later.find(isIt)?.xml;
  });
}

const nameOf = ({ type, fullName }: Pick<FileProperties, 'type' | 'fullName'>): string =>
  `${type}/${fullName}`;

function timeOf(date: string | undefined): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** Says who changed a component, and when, as far as the org tells. */
export function describeForeignChange({ type, fullName, ...change }: FileProperties): string {
  const by = change.lastModifiedByName === undefined ? '' : ` by ${change.lastModifiedByName}`;
  const at = change.lastModifiedDate === undefined ? '' : ` at ${change.lastModifiedDate}`;
  return `${type} ${fullName} was changed${by}${at}`;
}
