import { CodedError } from '../errors.js';
import { SaxesParser } from 'saxes';

/** The longest component that is read, in UTF-16 code units. Retrieved settings have a few thousand. */
export const maximumComponentLength = 2_000_000;

/** How deep elements may be nested, including the root. The settings types need three levels. */
const maximumElementDepth = 32;

/** The longest name of an element, including its prefix. The patching parser copies it for every nested element. */
const maximumNameLength = 1_000;

/**
 * A component's XML is invalid, or a change to it would have lost something.
 * The message names elements and positions and never contains an element's text, which may be a secret.
 */
export class ComponentXmlError extends CodedError {
  override readonly name = 'ComponentXmlError';

  declare readonly eca: 'ECA9003' | 'ECA9004';

  /** @param eca ECA9004 if a change would have lost something */
  constructor(message: string, eca: 'ECA9003' | 'ECA9004' = 'ECA9003') {
    super(message, eca);
  }
}

/** A direct child of the root, with its position in the text. */
export interface LocatedElement {
  /** The local name; for an element outside the root's namespace `{namespace}name`. */
  readonly name: string;
  /** The decoded text without comments, `''` for an empty element, `undefined` if it contains other elements. */
  readonly text: string | undefined;
  /** Index of the `<` of the start tag, in UTF-16 code units. */
  readonly start: number;
  /** Index after the `>` of the end tag. */
  readonly end: number;
}

/** The result of reading a component strictly. */
export interface LocatedComponent {
  /** The local name of the root element, which is the component's type. */
  readonly root: string;
  /** The root's namespace prefix with its colon, `''` when it has none. */
  readonly prefix: string;
  /** The direct children of the root in document order. */
  readonly elements: readonly LocatedElement[];
}

/**
 * Reads a component. Refuses anything that is not well-formed XML 1.0 in UTF-8 with one root, a DOCTYPE, more than
 * {@link maximumElementDepth} levels, an element's name of more than {@link maximumNameLength} characters, or more than
 * {@link maximumComponentLength} characters in total.
 *
 * @throws {@link ComponentXmlError}
 */
export function locateElements(xml: string): LocatedComponent {
  if (xml.length > maximumComponentLength) {
    throw new ComponentXmlError(
      `The component has ${xml.length} characters; the limit is ${maximumComponentLength}.`,
    );
  }
  const parser = new SaxesParser({ xmlns: true, position: true });
  const elements: LocatedElement[] = [];
  let root: { name: string; prefix: string; uri: string } | undefined;
  let depth = 0;
  let start = 0;
  let text = '';
  let hasElements = false;
  const refuse = (what: string): never => {
    throw new ComponentXmlError(
      `The component's XML ${what} (line ${parser.line}, column ${parser.columnIndex + 1}).`,
    );
  };

  // The parser's own messages quote the document, so only the position is passed on.
  parser.on('error', () => refuse('is not well-formed'));
  parser.on('doctype', () => refuse('has a DOCTYPE, which a component must not have'));
  parser.on('xmldecl', ({ version, encoding }) => {
    if (version !== '1.0') refuse('declares a version other than 1.0');
    if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') {
      refuse('declares an encoding other than UTF-8');
    }
  });
  parser.on('opentagstart', ({ name }) => {
    depth += 1;
    if (name.length > maximumNameLength) refuse(`has a name of more than ${maximumNameLength} characters`);
    if (depth > maximumElementDepth) refuse(`is nested deeper than ${maximumElementDepth} levels`);
    if (depth === 2) {
      // A name cannot contain a `<`, so the last one before the end of the name opens this tag.
      start = xml.lastIndexOf('<', parser.position - 1);
      text = '';
      hasElements = false;
    }
    if (depth === 3) hasElements = true;
  });
  parser.on('opentag', ({ local, prefix, uri }) => {
    if (depth === 1) root = { name: local, prefix: prefix === '' ? '' : `${prefix}:`, uri };
  });
  const addText = (more: string): void => {
    if (depth === 2) text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', ({ local, uri }) => {
    if (depth === 2) {
      const name = uri === root?.uri ? local : `{${uri}}${local}`;
      elements.push({ name, text: hasElements ? undefined : text, start, end: parser.position });
    }
    depth -= 1;
  });

  try {
    parser.write(xml).close();
  } catch (error) {
    // Anything else that the parser throws may quote the document.
    throw error instanceof ComponentXmlError
      ? error
      : new ComponentXmlError("The component's XML cannot be read.");
  }
  if (root === undefined) return refuse('has no root element');
  return { root: root.name, prefix: root.prefix, elements };
}
