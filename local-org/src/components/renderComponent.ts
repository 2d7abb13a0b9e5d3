import type { LocalOrgRole } from '../localOrg.js';
import type { StoredComponent } from './componentStore.js';
import { removeElements } from './editComponent.js';
import { isElementOfVersion } from './schema.js';

/** How a reader sees a component. */
export interface Reader {
  /** API version of the package or call, for example 66. */
  version: number;
  role: LocalOrgRole;
  /** Whether the org returns certificates. */
  returnCertificate: boolean;
}

/**
 * The stored text as a reader gets it: elements that the version does not have are left out; the consumer secret is for those who may
 * see it, the developers (documented as a permission of its own).
 */
export function renderComponent(
  { type, xml }: StoredComponent,
  { version, role, returnCertificate }: Reader,
): string {
  return removeElements(
    xml,
    (element) =>
      !isElementOfVersion(type, element, version) ||
      (element === 'certificate' && !returnCertificate) ||
      (element === 'consumerSecret' && role !== 'developer'),
  );
}
