import { namespacePrefix, type StoredComponent } from '../components/componentStore.js';
import { componentPath, componentType } from '../components/types.js';
import { dateTime } from '../deploy/deployResultFields.js';
import type { XmlValue } from '../xml.js';

/**
 * The FileProperties of a component, for listMetadata and retrieve.
 * @param folder in front of the path: empty, or `unpackaged/`
 */
export function fileProperties(component: StoredComponent, folder: string): Record<string, XmlValue> {
  const { type, fullName, id, created, modified } = component;
  const prefix = namespacePrefix(fullName);
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
    manageableState: prefix === undefined ? 'unmanaged' : 'installed',
    namespacePrefix: prefix,
    type,
  };
}
