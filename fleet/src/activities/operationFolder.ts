import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { FleetStack } from '../contract/stacks.js';

/** The files of a stack's configuration, as Pulumi names them. */
export const stackFile = /^Pulumi\.[^.]+\.(?:ya?ml|json)$/;

/** The folder in which a worker keeps the folders of its operations. */
export const operationsFolder = (home: string): string => join(home, 'operations');

/** The folder of one operation on a stack. */
export interface OperationFolder {
  /** The project, as the Pulumi CLI sees it. */
  readonly project: string;
  /** For files that nobody else reads; private to the worker's user. */
  readonly private: string;
  remove(): Promise<void>;
}

/**
 * Makes a project folder for one operation: links to everything of the program, and the configuration of the stack. The program's own
 * folder is not written to, so it may be read-only, and several workers may share it.
 *
 * @param home the worker's folder
 */
export async function makeOperationFolder(
  home: string,
  program: string,
  stack: FleetStack,
): Promise<OperationFolder> {
  const folder = join(operationsFolder(home), randomUUID().slice(0, 8));
  const project = join(folder, 'project');
  const own = join(folder, 'private');
  await mkdir(project, { recursive: true, mode: 0o700 });
  await mkdir(own, { mode: 0o700 });
  const entries = (await readdir(program)).filter((name) => !stackFile.test(name));
  await Promise.all(entries.map((name) => symlink(join(program, name), join(project, name))));
  const base = await readFile(join(program, `Pulumi.${stack.stack}.yaml`), 'utf8').catch(() => '');
  await writeFile(
    join(project, `Pulumi.${stack.stack}.yaml`),
    stackConfiguration(base, stack, await projectName(program)),
  );
  return { project, private: own, remove: () => remove(folder) };
}

/** A process that is just ending may still write: what it leaves is swept later. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

/** The configuration that the program's own file has for the stack, and that of the inventory. */
function stackConfiguration(base: string, { orgs }: FleetStack, project: string): string {
  const own: unknown = parse(base);
  const file = isRecord(own) ? own : {};
  const configured = isRecord(file['config']) ? file['config'] : {};
  const [only, ...others] = orgs;
  const ofOnly = Object.entries(others.length === 0 ? (only?.configuration ?? {}) : {}).map(
    ([key, value]) => [key.includes(':') ? key : `${project}:${key}`, value] as const,
  );
  const list = orgs.map(({ name, stage, configuration }) => ({
    name,
    stage,
    configuration: programKeys(configuration),
  }));
  return stringify({
    ...file,
    config: { ...configured, ...Object.fromEntries(ofOnly), 'fleet:orgs': JSON.stringify(list) },
  });
}

const programKeys = (configuration: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(configuration).filter(([key]) => !key.includes(':')));

async function projectName(program: string): Promise<string> {
  for (const name of ['Pulumi.yaml', 'Pulumi.yml', 'Pulumi.json']) {
    const text = await readFile(join(program, name), 'utf8').catch(() => undefined);
    const project: unknown = text === undefined ? undefined : parse(text);
    if (isRecord(project) && typeof project['name'] === 'string') return project['name'];
  }
  throw new Error('the program has no Pulumi.yaml with a name');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
