import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { ProviderError, reasonOf } from '../errors.js';

/** The file names that the Pulumi CLI accepts for a project. */
const projectFileNames = ['Pulumi.yaml', 'Pulumi.yml', 'Pulumi.json'];

/** The files of a stack, with paths relative to the current folder. */
export interface StackFiles {
  /** The file of the project. */
  readonly project: string;
  /** The file with the configuration of the stack. */
  readonly stack: string;
}

/**
 * Finds the files of a stack as the Pulumi CLI does: the project's in the current folder or above, the stack's beside it or in the folder
 * that the project names.
 *
 * @param name the name of the stack, with or without its organization and project
 * @throws ProviderError when there is no such file
 */
export function findStackFiles(name: string): StackFiles {
  const project = findProject(resolve('.'));
  if (project === undefined) {
    throw notFound('no Pulumi.yaml in this folder or above it');
  }
  const folder = resolve(dirname(project), configurationFolder(readText(project)));
  const stack = join(folder, `Pulumi.${basename(name)}${extname(project)}`);
  if (!existsSync(stack)) {
    throw notFound(`stack ${name} has no configuration file: ${shown(stack)} does not exist`);
  }
  return { project: shown(project), stack: shown(stack) };
}

/** @throws ProviderError when the file cannot be read, or is not UTF-8 */
export function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (thrown) {
    throw new ProviderError({
      code: 'ECA8402',
      subject: file,
      cause: `it cannot be read (${reasonOf(thrown)})`,
    });
  }
}

/**
 * Replaces the contents of a file by one rename, so that it always has either the old contents or the new ones. A link stays a link.
 *
 * @throws ProviderError; the file is unchanged then
 */
export function replaceFile(file: string, text: string): void {
  let temporary: string | undefined;
  try {
    const target = realpathSync(file);
    temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
    writeFileSync(temporary, text, { flag: 'wx', flush: true, mode: 0o600 });
    chmodSync(temporary, statSync(target).mode);
    renameSync(temporary, target);
  } catch (thrown) {
    if (temporary !== undefined && existsSync(temporary)) rmSync(temporary);
    throw new ProviderError({
      code: 'ECA8404',
      cause: `${file} could not be written (${reasonOf(thrown)}), so it is unchanged`,
    });
  }
}

function findProject(folder: string): string | undefined {
  const found = projectFileNames.map((name) => join(folder, name)).find((path) => existsSync(path));
  return found ?? (dirname(folder) === folder ? undefined : findProject(dirname(folder)));
}

/** The folder of the stacks' files, relative to the project: `stackConfigDir`, or in older projects `config`. */
function configurationFolder(project: string): string {
  const contents: unknown = parseDocument(project, { prettyErrors: false }).toJS();
  if (typeof contents !== 'object' || contents === null) {
    return '.';
  }
  const { stackConfigDir, config }: { stackConfigDir?: unknown; config?: unknown } = contents;
  return [stackConfigDir, config].find((value) => typeof value === 'string') ?? '.';
}

const shown = (path: string): string => relative('', path);

const notFound = (cause: string): ProviderError =>
  new ProviderError({ code: 'ECA8401', cause, advice: 'Check --stack and --cwd' });
