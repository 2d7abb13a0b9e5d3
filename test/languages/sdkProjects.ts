import assert from 'node:assert/strict';
import { copyFile, cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pythonWith } from '../../tools/clients/pythonPackage.js';
import { languageHostFolder } from '../../tools/pulumiCli/languageHostFolder.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { sdkFolder } from '../../tools/sdks/writeSdks.js';
import type { PulumiStackOptions } from '../support/pulumiStack.js';
import { isolatedEnvironment, repositoryNodeModules } from '../support/temporaryProject.js';

/** Building programs from nothing takes Go some minutes. */
export const buildLimitMs = 20 * 60 * 1000;

/** The Python that has the Pulumi SDK, and what the SDK for Python needs besides and to be installed. */
const python = (): Promise<string> =>
  pythonWith({
    folder: 'python-pulumi',
    module: 'pulumi',
    version: '3.272.0',
    install: ['pulumi==3.272.0', 'parver==0.5', 'semver==3.0.4', 'setuptools==80.9.0'],
  });

/** Runs a program to its end and returns what it printed. */
export async function run(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProcess(command, args, {
    env: isolatedEnvironment([]),
    deadlineMs: 60_000,
  });
  assert.equal(code, 0, stdout + stderr);
  return stdout;
}

/** What a stack in Python needs on its PATH; rejected where Python cannot be had. */
export async function pythonPath(): Promise<string[]> {
  await languageHostFolder('python');
  return [dirname(await python())];
}

/** Compiles the SDK for Node.js into a folder, as its package holds it. */
export async function addNodeSdk(folder: string): Promise<void> {
  const source = join(sdkFolder, 'nodejs');
  await run(join(repositoryNodeModules, '.bin/tsc'), ['-p', source, '--outDir', folder]);
  await copyFile(join(source, 'package.json'), join(folder, 'package.json'));
}

/** Installs the SDK for Python into a project. */
export async function addPythonSdk(project: string): Promise<void> {
  const source = join(project, 'sdk');
  await cp(join(sdkFolder, 'python'), source, { recursive: true });
  const options = [
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--no-index',
    '--no-build-isolation',
  ];
  await run(await python(), ['-m', 'pip', 'install', ...options, '--target', project, source]);
}

/** What a stack in Go needs in its environment, whose home folder is its own; rejected where Go cannot be had. */
export async function goEnvironment(): Promise<Record<string, string>> {
  await languageHostFolder('go');
  const caches = ['GOMODCACHE', 'GOCACHE'];
  const folders = (await run('go', ['env', ...caches])).trim().split('\n');
  return {
    ...Object.fromEntries(caches.map((name, index) => [name, folders[index] ?? ''])),
    GOWORK: 'off',
    // With the flag the program shares what the builds of the CLI and the SDK have compiled.
    GOFLAGS: '-trimpath',
  };
}

/** Makes a project a Go module that uses the SDK. */
async function addGoSdk(project: string): Promise<void> {
  const sdk = join(sdkFolder, 'go');
  const requirements = (await readFile(join(sdk, 'go.mod'), 'utf8')).replace(
    /^module (.+)$/m,
    'module program\n\nrequire $1 v0.0.0\n\nreplace $1 => ' + sdk,
  );
  await writeFile(join(project, 'go.mod'), requirements);
  await copyFile(join(sdk, 'go.sum'), join(project, 'go.sum'));
}

/** What a stack needs for a language. */
interface SdkLanguage {
  /** Rejected where the language cannot be had. */
  options: () => Promise<Pick<PulumiStackOptions, 'env' | 'path'>>;
  /** Brings the SDK into the project, as its package would; a program in JavaScript finds it in `./sdk`. */
  addSdk: (project: string) => Promise<void>;
}

export const sdkLanguages: Readonly<Record<'javascript' | 'python' | 'go', SdkLanguage>> = {
  javascript: {
    options: () => Promise.resolve({}),
    addSdk: (project) => addNodeSdk(join(project, 'sdk')),
  },
  python: {
    options: async () => ({ path: await pythonPath() }),
    addSdk: addPythonSdk,
  },
  go: {
    options: async () => ({ env: await goEnvironment() }),
    addSdk: addGoSdk,
  },
};
