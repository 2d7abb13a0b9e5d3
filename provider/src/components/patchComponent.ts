import { XMLParser } from 'fast-xml-parser';
import { assertNothingElseChanged } from './componentGuard.js';
import { ComponentXmlError, locateElements, type LocatedComponent } from './strictXml.js';
import { escapeXmlText } from './xmlText.js';

/** The position of an element in the text: from its `<` to after its last `>`, in UTF-16 code units. */
interface Range {
  start: number;
  end: number;
}

/**
 * Sets the text of direct children of a component's root; `undefined` removes the element.
 *
 * An existing element keeps its place, its tags and its comments. A missing one is inserted at its alphabetical place (ASCII
 * order, as in Salesforce's schema), formatted like its neighbour. Removing an element also removes the line
 * break and indentation before it, so that removing an inserted element restores the original text. Every
 * other character stays the same; if nothing changes, the same string is returned.
 *
 * @param edits Texts by local name, not escaped.
 * @throws {@link ComponentXmlError} when the XML is refused, an edited element occurs twice or contains other
 * elements, there is no sibling next to which to insert an element, or the change would affect anything else.
 */
export function patchComponent(xml: string, edits: ReadonlyMap<string, string | undefined>): string {
  const names = [...edits.keys()].sort();
  // One after the other: an edit may remove the neighbour of the next one.
  const patched = names.reduce((text, name) => patchElement(text, name, edits.get(name)), xml);
  if (patched === xml) return xml;
  assertNothingElseChanged(xml, patched, names);
  const component = locateElements(patched);
  for (const [name, value] of edits) {
    if (component.elements.find((element) => element.name === name)?.text !== value) {
      throw new ComponentXmlError(
        `The element \`${name}\` of the ${component.root} component did not take its new value.`,
        'ECA9004',
      );
    }
  }
  return patched;
}

function patchElement(xml: string, name: string, value: string | undefined): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new ComponentXmlError(
      `\`${name}\` is not the name of a metadata element: letters, digits and underscores.`,
      'ECA9004',
    );
  }
  const component = locateElements(xml);
  const found = component.elements.filter((element) => element.name === name);
  if (found.length > 1) {
    throw new ComponentXmlError(
      `The ${component.root} component has ${found.length} elements \`${name}\`; at most one is allowed.`,
    );
  }
  const element = found[0];
  if (element === undefined) return value === undefined ? xml : insertElement(xml, component, name, value);
  if (element.text === undefined) {
    throw new ComponentXmlError(
      `The element \`${name}\` of the ${component.root} component contains other elements instead of text.`,
    );
  }
  if (element.text === value) return xml;
  const range = rangeAt(childRanges(xml, component), component.elements.indexOf(element));
  if (value === undefined) {
    const start = range.start - leadBefore(xml, range.start).length;
    return xml.slice(0, start) + xml.slice(range.end);
  }
  return (
    xml.slice(0, range.start) + withText(xml.slice(range.start, range.end), value) + xml.slice(range.end)
  );
}

function insertElement(xml: string, component: LocatedComponent, name: string, value: string): string {
  const { root, prefix, elements } = component;
  const ranges = childRanges(xml, component);
  const written = `<${prefix}${name}>${escapeXmlText(value)}</${prefix}${name}>`;
  // Names in braces belong to another namespace and do not determine the order.
  const smaller = elements.findLastIndex((element) => !element.name.startsWith('{') && element.name < name);
  if (smaller >= 0) {
    const anchor = rangeAt(ranges, smaller);
    return xml.slice(0, anchor.end) + leadBefore(xml, anchor.start) + written + xml.slice(anchor.end);
  }
  const greater = elements.findIndex((element) => !element.name.startsWith('{'));
  if (greater < 0) {
    throw new ComponentXmlError(
      `The ${root} component has no element next to which \`${name}\` could be placed; a retrieved one names its external client app.`,
      'ECA9004',
    );
  }
  const anchor = rangeAt(ranges, greater);
  return xml.slice(0, anchor.start) + written + leadBefore(xml, anchor.start) + xml.slice(anchor.start);
}

/** The line break and indentation before an element, `''` if it does not start its line. */
function leadBefore(xml: string, start: number): string {
  let lead = start;
  while (xml[lead - 1] === ' ' || xml[lead - 1] === '\t') lead -= 1;
  if (xml[lead - 1] === '\n') lead -= xml[lead - 2] === '\r' ? 2 : 1;
  else if (xml[lead - 1] === '\r') lead -= 1;
  else return '';
  return xml.slice(lead, start);
}

const startTag = /^<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(\/?)>/;
const contentPart = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|[^<]+/g;

/** An element as written, with its text replaced; tags and comments stay. */
function withText(element: string, value: string): string {
  const [tag, selfClosing] = startTag.exec(element) ?? [];
  if (tag === undefined)
    throw new ComponentXmlError("The component's XML cannot be patched: unknown tag.", 'ECA9004');
  const text = escapeXmlText(value);
  if (selfClosing === '/') {
    const qualifiedName = /^<([^\s/>]+)/.exec(tag)?.[1] ?? '';
    return `${tag.slice(0, -'/>'.length).trimEnd()}>${text}</${qualifiedName}>`;
  }
  const contentEnd = element.lastIndexOf('</');
  const parts = element.slice(tag.length, contentEnd).match(contentPart) ?? [];
  const isText = (part: string): boolean => !part.startsWith('<!--') && !part.startsWith('<?');
  const place = Math.max(
    parts.findIndex((part) => isText(part) && part.trim() !== ''),
    parts.findIndex(isText),
  );
  const content = place < 0 ? [...parts, text] : parts.map((part, i) => keepPart(part, i === place));
  return tag + content.join('') + element.slice(contentEnd);

  function keepPart(part: string, isPlace: boolean): string {
    if (isPlace) return text;
    return isText(part) ? '' : part;
  }
}

/**
 * The positions of the root's children, from a parser that is independent of the strict reader. If the
 * two disagree, nothing is changed.
 */
function childRanges(xml: string, component: LocatedComponent): Range[] {
  let ranges: Range[];
  try {
    ranges = parsedChildRanges(xml);
  } catch {
    // The parser's message may quote the document.
    throw new ComponentXmlError(
      `The ${component.root} component contains a name or instruction that patching does not support.`,
      'ECA9004',
    );
  }
  const agree =
    ranges.length === component.elements.length &&
    component.elements.every(
      ({ start, end }, index) => ranges[index]?.start === start && ranges[index].end === end,
    );
  if (!agree) {
    throw new ComponentXmlError(
      `The elements of the ${component.root} component cannot be distinguished reliably.`,
      'ECA9004',
    );
  }
  return ranges;
}

function rangeAt(ranges: readonly Range[], index: number): Range {
  const range = ranges[index];
  if (range === undefined)
    throw new ComponentXmlError(`The component has no element ${index + 1}.`, 'ECA9004');
  return range;
}

function parsedChildRanges(xml: string): Range[] {
  const parser = new XMLParser({
    preserveOrder: true,
    captureMetaData: true,
    ignoreAttributes: true,
    parseTagValue: false,
    trimValues: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: 64,
  });
  const roots = elementNodes(parser.parse(xml) as unknown);
  return roots.flatMap((root) => Object.values(root).flatMap(elementNodes)).map(rangeOf);
}

/** The nodes that are elements; text, CDATA and comments have no position. */
function elementNodes(nodes: unknown): object[] {
  if (!Array.isArray(nodes)) return [];
  const candidates: unknown[] = nodes;
  return candidates.filter(
    (node): node is object => typeof node === 'object' && node !== null && metadataOf(node) !== undefined,
  );
}

function metadataOf(node: object): unknown {
  const metadataKey: unknown = XMLParser.getMetaDataSymbol();
  const key = Reflect.ownKeys(node).find((candidate) => candidate === metadataKey);
  return key === undefined ? undefined : Reflect.get(node, key);
}

function rangeOf(node: object): Range {
  const metadata = metadataOf(node);
  if (
    typeof metadata !== 'object' ||
    metadata === null ||
    !('startIndex' in metadata && typeof metadata.startIndex === 'number') ||
    !('endIndex' in metadata && typeof metadata.endIndex === 'number')
  ) {
    throw new ComponentXmlError('The XML parser reported no position.');
  }
  return { start: metadata.startIndex, end: metadata.endIndex };
}
