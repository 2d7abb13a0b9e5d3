import { ComponentXmlError, locateElements, maximumComponentLength } from './strictXml.js';

export { ComponentXmlError } from './strictXml.js';
export { patchComponent } from './patchComponent.js';

/** A direct child of a component's root. */
export interface ComponentElement {
  /** The local name; for an element outside the root's namespace `{namespace}name`. */
  name: string;
  /** The decoded text without comments, `''` for an empty element, `undefined` if it contains other elements. */
  text: string | undefined;
}

/** The content of a component's file. */
export interface ComponentElements {
  /** The local name of the root element, which is the component's type. */
  root: string;
  /** The direct children of the root in document order. */
  elements: ComponentElement[];
  /** Not necessarily complete: an element that is missing here may be in the component's file. */
  isPartial?: boolean;
}

/** A required element is missing from a component of which not every element may be shown. */
export class ElementNotShownError extends Error {
  constructor(type: string, element: string) {
    super(`${element} of ${type} is not shown`);
  }
}

/**
 * Reads the XML of a component strictly.
 *
 * @throws {@link ComponentXmlError} when it is not well-formed, has a DOCTYPE, or is too long or too deep.
 */
export function parseComponent(xml: string): ComponentElements {
  const { root, elements } = locateElements(xml);
  return { root, elements: elements.map(({ name, text }) => ({ name, text })) };
}

/**
 * The text of a single-valued element, `undefined` when the component does not have it.
 *
 * @throws {@link ComponentXmlError} when it occurs more than once or contains other elements; {@link ElementNotShownError} when it is not
 *   known whether the component has it.
 */
export function elementText(component: ComponentElements, name: string): string | undefined {
  const found = component.elements.filter((element) => element.name === name);
  if (found.length > 1) {
    throw new ComponentXmlError(
      `The ${component.root} component has ${found.length} elements \`${name}\`; at most one is allowed.`,
    );
  }
  const element = found[0];
  if (element === undefined && component.isPartial === true) {
    throw new ElementNotShownError(component.root, name);
  }
  if (element !== undefined && element.text === undefined) {
    throw new ComponentXmlError(
      `The element \`${name}\` of the ${component.root} component contains other elements instead of text.`,
    );
  }
  return element?.text;
}

/**
 * The text of a component's file. A byte order mark stays in the text, so that encoding gives the same bytes.
 *
 * @throws {@link ComponentXmlError} when the bytes are not UTF-8 or too many.
 */
export function decodeComponent(bytes: Uint8Array): string {
  // A UTF-16 code unit takes at most three bytes of UTF-8.
  if (bytes.length > 3 * maximumComponentLength) {
    throw new ComponentXmlError(`The component has ${bytes.length} bytes, which exceeds the limit.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ComponentXmlError('The component is not encoded as UTF-8.');
  }
}

/**
 * The bytes of a component's file in UTF-8; the inverse of {@link decodeComponent}.
 *
 * @throws {@link ComponentXmlError} when the text contains half of a surrogate pair.
 */
export function encodeComponent(xml: string): Buffer {
  const bytes = Buffer.from(xml, 'utf8');
  if (bytes.toString('utf8') !== xml) {
    throw new ComponentXmlError('The component contains a character that cannot be written as UTF-8.');
  }
  return bytes;
}
