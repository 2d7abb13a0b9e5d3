import { componentKey } from '../../components/componentName.js';
import type { Component } from '../../components/components.js';
import type { FileProperties } from '../../org/metadataApi.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { membersOf } from './changedComponents.js';
import type { ChangedComponent } from './changedComponents.js';
import type { OnWait } from '../request.js';
import { retrieve } from '../snapshot/retrieve.js';
import type { Snapshot } from '../snapshot/snapshot.js';

/**
 * Checks right before a deploy whether somebody else has changed the components that it writes since they were read: a deploy replaces
 * the whole component, so it would undo that change.
 *
 * A change between this check and the moment when the org runs the deploy is not seen: the Metadata API has no condition for that.
 *
 * @returns the changes, and the org as it is now; `undefined` when the deploy may be sent
 */
export async function findForeignChanges(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
  snapshot: Snapshot,
  onWait: OnWait,
): Promise<{ changes: FileProperties[]; snapshot: Snapshot } | undefined> {
  const suspected = await findSuspectedChanges(connection, changed);
  if (suspected.length === 0) {
    return undefined;
  }
  const later = await reread(connection, changed, snapshot, onWait);
  const changes = confirmedChanges(suspected, changed, later.components);
  return changes.length === 0 ? undefined : { changes, snapshot: later };
}

/**
 * The components that somebody may have changed. If the org does not return modification dates, nothing is found. It is not documented
 * whether the dates of a list always equal those of a retrieve, so a date alone does not prove a change. A component that is missing from
 * the list may be gone; a deploy would create it again.
 */
async function findSuspectedChanges(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
): Promise<FileProperties[]> {
  const types = [...new Set(changed.map(({ component }) => component.type))];
  const listed = await connection.read((api) => api.listMetadata(types));
  const files = new Map(listed.map((file) => [componentKey(file), file]));
  const observed = new Map(changed.map(({ component }) => [componentKey(component), component]));
  return [...observed].flatMap(([name, { type, fullName, path, namespacePrefix, lastModifiedDate }]) => {
    const file = files.get(name);
    if (file === undefined) {
      const nobody = { lastModifiedByName: undefined, lastModifiedDate: undefined };
      return [{ type, fullName, fileName: path, namespacePrefix, ...nobody }];
    }
    return timeOf(file.lastModifiedDate) === timeOf(lastModifiedDate) ? [] : [file];
  });
}

/** The suspected changes that a later retrieve confirms: a component has other content, or is gone. */
function confirmedChanges(
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

function timeOf(date: string | undefined): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** Says who changed a component and when, if the org returns that. */
export function describeForeignChange({ type, fullName, ...change }: FileProperties): string {
  const by = change.lastModifiedByName === undefined ? '' : ` by ${change.lastModifiedByName}`;
  const at = change.lastModifiedDate === undefined ? '' : ` at ${change.lastModifiedDate}`;
  return `${type} ${fullName} was changed${by}${at}`;
}

/** Reads the components that a deploy writes, before it or after it. */
export async function reread(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
  snapshot: Snapshot,
  onWait: OnWait,
): Promise<Snapshot> {
  return snapshot.with(
    await retrieve(connection, membersOf(changed), onWait),
    changed.map(({ component }) => component.path),
  );
}
