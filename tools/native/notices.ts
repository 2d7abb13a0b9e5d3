import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '../pulumiCli/repository.js';

/** The licences of packages that have no file with it, from their repositories. */
const licenceFolder = join(__dirname, 'licences');
const licenceFile = /^(?:licen[cs]e|copying|notice)(?:[-.].*)?$/i;

/** Somebody else's work in a program. */
export interface Work {
  /** With its version. */
  name: string;
  /** As its package.json names it. */
  licence: string;
  texts: readonly string[];
}

/**
 * The packages that files belong to, each once, by name.
 *
 * @param paths of files in `node_modules`, from the folder of the repository
 * @throws Error when a package has no text of its licence
 */
export function worksOf(paths: readonly string[]): Work[] {
  const folders = new Set(paths.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  const works = new Map([...folders].map(workIn).map((work) => [work.name, work]));
  return [...works.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function workIn(folder: string): Work {
  const path = join(repositoryFolder, folder);
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Record<string, unknown>;
  const valueOf = (key: string): string => String(manifest[key]);
  const name = valueOf('name');
  const own = readdirSync(path)
    .filter((file) => licenceFile.test(file))
    .map((file) => join(path, file));
  const others = readdirSync(licenceFolder)
    .filter((file) => file === `${name}.txt`)
    .map((file) => join(licenceFolder, file));
  const files = own.length > 0 ? own : others;
  if (files.length === 0) throw new Error(`${folder} has no file with its licence`);
  return {
    name: `${name} ${valueOf('version')}`,
    licence: valueOf('license'),
    texts: files.sort().map((file) => readFileSync(file, 'utf8').trim()),
  };
}

/** The text of the notices: a list of the works, then each text once, after the names of those that it is for. */
export function noticesOf(works: readonly Work[]): string {
  const holders = new Map<string, string[]>();
  for (const { name, texts } of works) {
    for (const text of texts) holders.set(text, [...(holders.get(text) ?? []), name]);
  }
  const line = '='.repeat(80);
  return (
    [
      'This program contains the following works of others, under these licenses:',
      works.map(({ name, licence }) => `  ${name}: ${licence}`).join('\n'),
      ...[...holders].map(([text, names]) => `${line}\n${names.join(', ')}\n${line}\n\n${text}`),
    ].join('\n\n') + '\n'
  );
}
