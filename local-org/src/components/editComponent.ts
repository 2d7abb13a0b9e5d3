import { child, escapeXml, parseXml, type XmlElement } from '../xml.js';

/** Removes the children for which `unwanted` holds, each with its line when it has one of its own. Every other byte stays. */
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

/** Gives a child its text, in place when it is there, else at its alphabetical place. Every other byte stays. */
export function setElement(xml: string, name: string, value: string): string {
  const root = parseXml(xml);
  const existing = child(root, name);
  const text = escapeXml(value);
  if (!existing) return insertElement(xml, root, name, (tag) => `<${tag}>${text}</${tag}>`);
  const isEmptyTag =
    xml.slice(existing.start, existing.end).endsWith('/>') && existing.contentStart === existing.end;
  if (!isEmptyTag) return xml.slice(0, existing.contentStart) + text + xml.slice(existing.contentEnd);
  const startTag = xml.slice(existing.start, existing.end).replace(/\s*\/>$/, '>');
  const tag = /^<([^\s>]+)/.exec(startTag)?.[1] ?? name;
  return `${xml.slice(0, existing.start)}${startTag}${text}</${tag}>${xml.slice(existing.end)}`;
}

/** Inserts an element as it is written elsewhere at its alphabetical place. */
export function insertRawElement(xml: string, name: string, raw: string): string {
  return insertElement(xml, parseXml(xml), name, () => raw);
}

function insertElement(xml: string, root: XmlElement, name: string, write: (tag: string) => string): string {
  const before = root.children.findLast((element) => element.name < name);
  const after = root.children.find((element) => element.name > name);
  const prefix = /^<([^\s/>:]+:)/.exec(xml.slice(root.start))?.[1] ?? '';
  const written = write(prefix + name);
  if (before) return xml.slice(0, before.end) + lead(xml, before.start) + written + xml.slice(before.end);
  if (after) return xml.slice(0, after.start) + written + lead(xml, after.start) + xml.slice(after.start);
  if (root.contentStart !== root.end)
    return xml.slice(0, root.contentStart) + written + xml.slice(root.contentStart);
  const startTag = xml.slice(root.start, root.end).replace(/\s*\/>$/, '>');
  const rootName = /^<([^\s>]+)/.exec(startTag)?.[1] ?? '';
  return `${xml.slice(0, root.start)}${startTag}${written}</${rootName}>${xml.slice(root.end)}`;
}

/** The indentation before an index and the line break before that; empty when the element does not begin its line. */
function lead(xml: string, index: number): string {
  return /(?:\r\n|\r|\n)[ \t]*$/.exec(xml.slice(Math.max(0, index - 200), index))?.[0] ?? '';
}
