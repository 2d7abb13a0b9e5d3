import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { Files, Members, Package } from '../client.js';

/** A package.xml for these members. */
export function manifest(members: Members, apiVersion: string): string {
  const types = Object.entries(members).map(
    ([type, names]) =>
      `    <types>\n${names.map((name) => `        <members>${name}</members>\n`).join('')}        <name>${type}</name>\n    </types>\n`,
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Package xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
    `${types.join('')}    <version>${apiVersion}</version>\n</Package>\n`
  );
}

/** A package as a zip with package.xml at its root. */
export function packageZip({ members, files }: Package, apiVersion: string): Buffer {
  const entries = [...files].map(([path, text]) => [path, strToU8(text)] as const);
  return Buffer.from(
    zipSync({ 'package.xml': strToU8(manifest(members, apiVersion)), ...Object.fromEntries(entries) }),
  );
}

/** The files of a zip that a retrieve brought, by the last two parts of their path, without package.xml. */
export function filesOfZip(zip: Buffer): Files {
  const entries = Object.entries(unzipSync(zip)).filter(
    ([path]) => !path.endsWith('/') && !path.endsWith('package.xml'),
  );
  return new Map(entries.map(([path, bytes]) => [path.split('/').slice(-2).join('/'), strFromU8(bytes)]));
}
