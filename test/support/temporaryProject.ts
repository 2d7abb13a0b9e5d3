import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';

/** Where this repository's packages and the programs of its tools are installed. */
export const repositoryNodeModules = join(repositoryFolder, 'node_modules');

/** A folder for a Pulumi project of a test, outside the repository. */
export interface TemporaryProject {
  readonly folder: string;
  /** Removes the folder. */
  remove(): Promise<void>;
}

/** Makes an empty folder whose node_modules is the repository's. */
export async function createTemporaryProject(): Promise<TemporaryProject> {
  const project = await createEmptyProject();
  await symlink(repositoryNodeModules, join(project.folder, 'node_modules'), 'dir');
  return project;
}

/** Makes an empty folder, without node_modules. */
export async function createEmptyProject(): Promise<TemporaryProject> {
  const folder = await mkdtemp(join(tmpdir(), 'pulumi-test-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Copies a folder as in a clone of the repository, without what somebody left there who tried an example. */
export async function copyFiles(from: string, to: string): Promise<void> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { code, stdout, stderr } = await runProcess('git', list, { cwd: from, deadlineMs: 20_000 });
  assert.equal(code, 0, stderr);
  for (const file of stdout.split('\n').filter((line) => line !== ''))
    await cp(join(from, file), join(to, file));
}

/** Variables that would let the machine's own Pulumi, Salesforce, Node or proxy settings into a test; not `compileCache.cjs`'s. */
const foreignVariables =
  /^(?:(?:PULUMI|SALESFORCE|SF|SFDX)_.*|NODE_(?!COMPILE_CACHE$).*|(?:https?|all|grpc)_proxy)$/i;

/**
 * This process's environment without such settings, and with the repository's Node first on PATH, after
 * `firstOnPath`.
 */
export function isolatedEnvironment(firstOnPath: readonly string[]): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !foreignVariables.test(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: [...firstOnPath, join(repositoryNodeModules, '.bin'), process.env['PATH'] ?? ''].join(delimiter),
  };
}
