import { child, escapeXml, parseXml, type XmlElement } from '../xml.js';

/** Removes the children for which `unwanted` is true, each with its line if it is alone on it. All other bytes stay. */
export function removeElements(
  xml: string,
  unwanted: (name: string, element: XmlElement) => boolean,
): string {
  let result = xml;
  for (const element of parseXml(xml).children.toReversed()) {
    if (!unwanted(element.name, element)) continue;
    const start = element.start - lead(result, element.start).length;
    result = result.slice(0, start) + result.slice(element.end);
  }
  return result;
}

/** Sets the text of a child, and inserts it in alphabetical order if it is missing. All other bytes stay. */
export function setElement(xml: string, name: string, value: string): string {
  const root = parseXml(xml);
  const existing = child(root, name);
  const text = escapeXml(value);
  if (!existing) return insertElements(xml, root, [name], (tag) => `<${tag}>${text}</${tag}>`);
  const isEmptyTag =
    xml.slice(existing.start, existing.end).endsWith('/>') && existing.contentStart === existing.end;
  if (!isEmptyTag) return xml.slice(0, existing.contentStart) + text + xml.slice(existing.contentEnd);
  const startTag = xml.slice(existing.start, existing.end).replace(/\s*\/>$/, '>');
  const tag = /^<([^\s>]+)/.exec(startTag)?.[1] ?? name;
  return `${xml.slice(0, existing.start)}${startTag}${text}</${tag}>${xml.slice(existing.end)}`;
}

/** Inserts an element as it is written elsewhere, in alphabetical order. */
export function insertRawElement(xml: string, name: string, raw: string): string {
  return insertElements(xml, parseXml(xml), [name], () => raw);
}

/** Inserts elements with the same text, each in alphabetical order. */
export function insertEach(xml: string, names: readonly string[], text: string): string {
  return insertElements(xml, parseXml(xml), names, (tag) => `<${tag}>${text}</${tag}>`);
}

/** @param write gives an element by its tag, which has the root's prefix */
function insertElements(
  xml: string,
  root: XmlElement,
  names: readonly string[],
  write: (tag: string) => string,
): string {
  const prefix = /^<([^\s/>:]+:)/.exec(xml.slice(root.start, root.contentStart))?.[1] ?? '';
  const insertions = new Map<number, string>();
  for (const name of names.toSorted()) {
    const before = root.children.findLast((element) => element.name < name);
    const after = root.children.find((element) => element.name > name);
    const written = write(prefix + name);
    const [at, text] = before
      ? [before.end, lead(xml, before.start) + written]
      : after
        ? [after.start, written + lead(xml, after.start)]
        : [root.contentStart, written];
    insertions.set(at, (insertions.get(at) ?? '') + text);
  }
  if (root.contentStart === root.end && insertions.size > 0) {
    const startTag = xml.slice(root.start, root.end).replace(/\s*\/>$/, '>');
    const rootName = /^<([^\s>]+)/.exec(startTag)?.[1] ?? '';
    const content = [...insertions.values()].join('');
    return `${xml.slice(0, root.start)}${startTag}${content}</${rootName}>${xml.slice(root.end)}`;
  }
  return [...insertions]
    .sort(([a], [b]) => b - a)
    .reduce((text, [at, insertion]) => text.slice(0, at) + insertion + text.slice(at), xml);
}

/** The indentation before an index and the line break before that; empty if the element does not begin its line. */
function lead(xml: string, index: number): string {
  return /(?:\r\n|\r|\n)[ \t]*$/.exec(xml.slice(Math.max(0, index - 200), index))?.[0] ?? '';
}
