import { componentKey } from '../components/componentName.js';
import type { Component } from '../components/components.js';
import type { FileProperties } from '../org/metadataApi.js';
import type { OrgConnection } from '../org/orgConnection.js';
import { membersOf } from './changedComponents.js';
import type { ChangedComponent } from './changedComponents.js';
import type { OnWait } from './request.js';
import { retrieve } from './retrieve.js';
import type { Snapshot } from './snapshot.js';

/**
 * Looks, right before a deploy, whether somebody else has changed the components that it writes since they were read: a deploy
 * replaces the whole component, so it would undo that change.
 *
 * What is changed between this look and the org's own turn at the deploy stays unseen: the Metadata API has no condition for that.
 *
 * @returns the changes, and the org as it is now; `undefined` when the deploy may go
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
 * The components that somebody may have changed. Where the org does not tell when a component was modified, nothing is found;
 * whether the dates of a list are always those of a retrieve is documented nowhere, so a date alone proves no change. A component
 * that the list does not show may be gone; a deploy would make it anew.
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

/** The suspected changes that a later retrieve confirms: a component has another text, or is gone. */
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

/** Says who changed a component, and when, as far as the org tells. */
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
