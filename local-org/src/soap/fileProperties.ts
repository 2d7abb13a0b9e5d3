import { namespacePrefix, type ComponentStore } from '../components/componentStore.js';
import type { StoredComponent } from '../components/storedComponent.js';
import { componentPath, componentType } from '../components/types.js';
import { dateTime } from '../deploy/deployResultFields.js';
import type { XmlValue } from '../xml.js';

/**
 * The FileProperties of a component, for listMetadata and retrieve.
 * @param folder in front of the path: empty, or `unpackaged/`
 * @param store of the org that has the component
 */
export function fileProperties(
  component: StoredComponent,
  folder: string,
  store: Pick<ComponentStore, 'isInstalled'>,
): Record<string, XmlValue> {
  const { type, fullName, id, created, modified } = component;
  const known = componentType(type);
  return {
    createdById: created.userId,
    createdByName: created.userName,
    createdDate: dateTime(created.at),
    fileName: folder + (known ? componentPath(known, fullName) : fullName),
    fullName,
    id,
    lastModifiedById: modified.userId,
    lastModifiedByName: modified.userName,
    lastModifiedDate: dateTime(modified.at),
    manageableState: store.isInstalled(fullName) ? 'installed' : 'unmanaged',
    namespacePrefix: namespacePrefix(fullName),
    type,
  };
}
