import type { LocalOrgRole } from '../localOrg.js';
import type { StoredComponent } from './storedComponent.js';
import { removeElements } from './editComponent.js';
import { isElementOfVersion, schemas } from './schema.js';
import type { ComponentTypeName } from './types.js';

/** How a component is shown to a reader. */
export interface Reader {
  /** API version of the package or call, for example 66. */
  version: number;
  role: LocalOrgRole;
  /** Whether the org returns certificates. */
  returnCertificate: boolean;
}

/**
 * The stored XML as a reader gets it: elements that the version lacks are omitted; the consumer secret is only for those who may
 * see it, the developers (documented as a separate permission).
 */
export function renderComponent({ type, xml }: StoredComponent, reader: Reader): string {
  // Most components have nothing to omit, and are not parsed.
  return mayHoldHidden(type, reader).test(xml)
    ? removeElements(xml, (element) => isHidden(type, element, reader))
    : xml;
}

function isHidden(
  type: ComponentTypeName,
  element: string,
  { version, role, returnCertificate }: Reader,
): boolean {
  return (
    !isElementOfVersion(type, element, version) ||
    (element === 'certificate' && !returnCertificate) ||
    (element === 'consumerSecret' && role !== 'developer')
  );
}

const patterns = new Map<string, RegExp>();

/** Matches every component with a hidden element. */
function mayHoldHidden(type: ComponentTypeName, reader: Reader): RegExp {
  const key = `${type} ${reader.version} ${reader.role} ${String(reader.returnCertificate)}`;
  let pattern = patterns.get(key);
  if (pattern === undefined) {
    const hidden = Object.keys(schemas[type]).filter((element) => isHidden(type, element, reader));
    pattern = hidden.length === 0 ? /(?!)/ : new RegExp(`[<:](?:${hidden.join('|')})[\\s/>]`);
    patterns.set(key, pattern);
  }
  return pattern;
}
