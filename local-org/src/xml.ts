import { SaxesParser } from 'saxes';

/** An element of a parsed document, with its position in the parsed string (UTF-16 indices). */
export interface XmlElement {
  /** Local name, without prefix. */
  name: string;
  /** Namespace; empty if there is none. */
  namespace: string;
  /** Attributes by local name, decoded. */
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** Decoded character data directly inside the element, CDATA included. */
  text: string;
  /** Index of the start tag's `<`. */
  start: number;
  /** Index after the start tag's `>`. */
  contentStart: number;
  /** Index of the end tag's `<`; of an empty-element tag (`<x/>`) the same as {@link contentStart}. */
  contentEnd: number;
  /** Index after the last character of the element. */
  end: number;
}

/** A string that is not well-formed XML, or that the org refuses: with a DOCTYPE, or too large. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }
}

/**
 * The maximum size of a document, because a parsed one needs many times the memory of its text. A package.xml with 10,000 members has 1 MB and
 * 10,000 elements.
 */
export const maximumDocumentBytes = 2 * 1024 * 1024;
const maximumElements = 50_000;
const maximumAttributes = 5_000;
const maximumDepth = 32;

/**
 * Parses a whole document strictly and returns its root.
 * @throws XmlError
 */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let start = 0;
  let elements = 0;
  let attributes = 0;
  const fail = (message: string): never => {
    throw new XmlError(message, parser.line, parser.columnIndex + 1);
  };
  // saxes prefixes its message with the position, which the error has as a field.
  parser.on('error', (error) => fail(error.message.replace(/^(?:\d+:\d+: )/, '')));
  parser.on('doctype', () => fail('DOCTYPE is not allowed'));
  parser.on('opentagstart', () => {
    // The parser is after the name, which cannot contain `<`.
    start = text.lastIndexOf('<', parser.position - 1);
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > maximumAttributes) fail(`more than ${maximumAttributes} attributes`);
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    if (elements > maximumElements) fail(`more than ${maximumElements} elements`);
    if (open.length >= maximumDepth) fail(`more than ${maximumDepth} levels of elements`);
    const element: XmlElement = {
      name: tag.local,
      namespace: tag.uri,
      attributes: new Map(
        Object.values(tag.attributes).map((attribute) => [attribute.local, attribute.value]),
      ),
      children: [],
      text: '',
      start,
      contentStart: parser.position,
      contentEnd: parser.position,
      end: parser.position,
    };
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
    open.push(element);
  });
  const addText = (data: string): void => {
    const element = open.at(-1);
    if (element) element.text += data;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', (tag) => {
    const element = open.pop();
    if (!element) return;
    element.end = parser.position;
    if (!tag.isSelfClosing) element.contentEnd = text.lastIndexOf('<', parser.position - 1);
  });
  parser.write(text).close();
  return root ?? fail('the document has no element');
}

/** Line and column, both from 1, of an index into a string. */
export function positionOf(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** The first child with this name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((candidate) => candidate.name === name);
}

/** The trimmed text of the first child with this name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text.trim();
}

/** Whether a string is true in XML Schema: `true` or `1`. */
export function isTrue(text: string | undefined): boolean {
  return ['true', '1'].includes(text?.trim() ?? '');
}

/** Every child with this name. */
export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((candidate) => candidate.name === name);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A string escaped for an element or an attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** Content for {@link xmlElement}: undefined omits the element, an array repeats it. */
export type XmlValue = string | number | boolean | undefined | readonly XmlValue[] | XmlFields;

/** Elements by name, in order; a name that starts with `@` is an attribute. */
export interface XmlFields {
  readonly [name: string]: XmlValue;
}

/** Writes a value as an element with this name, without white space. */
export function xmlElement(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (isList(value)) return value.map((item) => xmlElement(name, item)).join('');
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`;
  const entries = Object.entries(value);
  const attributes = entries.filter(([key]) => key.startsWith('@'));
  const startTag = [
    name,
    ...attributes.map(
      ([key, item]) => `${key.slice(1)}="${escapeXml(typeof item === 'object' ? '' : String(item))}"`,
    ),
  ].join(' ');
  const content = entries.filter(([key]) => !key.startsWith('@')).map(([key, item]) => xmlElement(key, item));
  return `<${startTag}>${content.join('')}</${name}>`;
}

// Array.isArray does not narrow readonly arrays.
function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

/**
 * Decodes a document strictly as UTF-8 and keeps a byte order mark.
 * @throws XmlError when it is larger than {@link maximumDocumentBytes}
 * @throws TypeError when it is not UTF-8
 */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length > maximumDocumentBytes)
    throw new XmlError(`the document is larger than ${maximumDocumentBytes} bytes`, 1, 1);
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
