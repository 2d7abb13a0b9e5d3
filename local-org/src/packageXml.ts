import { childrenNamed, childText, escapeXml, parseXml, XmlError, type XmlElement } from './xml.js';

/** The content of a package.xml. */
export interface PackageManifest {
  types: { name: string; members: string[] }[];
  /** For example 66; undefined if the manifest has none. */
  version: number | undefined;
}

/**
 * Reads a `Package` element, of a package.xml or of a retrieve request.
 * @throws XmlError when the version is not a number
 */
export function readManifest(element: XmlElement): PackageManifest {
  const versionText = childText(element, 'version');
  const version = versionText === undefined ? undefined : Number(versionText);
  if (version !== undefined && !/^\d+(\.\d)?$/.test(versionText ?? '')) {
    throw new XmlError(`'${versionText ?? ''}' is not an API version such as 66.0`, 1, 1);
  }
  return {
    types: childrenNamed(element, 'types').map((types) => ({
      name: childText(types, 'name') ?? '',
      members: childrenNamed(types, 'members').map((member) => member.text.trim()),
    })),
    version,
  };
}

/**
 * Reads a package.xml.
 * @throws XmlError
 */
export function readPackageXml(text: string): PackageManifest {
  const root = parseXml(text);
  if (root.name !== 'Package')
    throw new XmlError(`the root element is ${root.name} instead of Package`, 1, 1);
  return readManifest(root);
}

/** Writes a package.xml like an org, with sorted types and members. */
export function writePackageXml(members: ReadonlyMap<string, readonly string[]>, version: string): string {
  const types = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = types.flatMap(([name, fullNames]) => [
    '    <types>',
    ...fullNames.toSorted().map((fullName) => `        <members>${escapeXml(fullName)}</members>`),
    `        <name>${escapeXml(name)}</name>`,
    '    </types>',
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Package xmlns="http://soap.sforce.com/2006/04/metadata">',
    ...lines,
    `    <version>${version}</version>`,
    '</Package>',
    '',
  ].join('\n');
}

/** An API version as a string: 66 → `66.0`. */
export function versionText(version: number): string {
  return version.toFixed(1);
}
