import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { addNodeSdk } from '../../test/languages/sdkProjects.js';
import { componentNamesOf } from '../../test/support/localApps.js';
import { repositoryNodeModules } from '../../test/support/temporaryProject.js';
import { repositoryFolder } from '../pulumiCli/repository.js';
import { nodePackage } from '../schema/metadata.js';
import type { ContenderName } from './measurement.js';

/** The contenders that are Pulumi programs. */
export type StackContenderName = Exclude<ContenderName, 'salesforceCli'>;

/** A Pulumi program: the files of its project, by name. */
export type ProgramFiles = Readonly<Record<string, string>>;

/** The names of the apps of the benchmark. */
export function appNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `Bench_${String(index + 1).padStart(4, '0')}`);
}

/** The text of a contender's program. */
export function programOf(contender: StackContenderName, apps: readonly string[], minutes: number): string {
  switch (contender) {
    case 'ours':
    case 'native':
    case 'empty':
      return loop(
        `const { ExternalClientAppJwtPolicy } = require('${contender === 'native' ? nodePackage : 'pulumi-salesforce-eca'}');`,
        apps.map((app) => ({
          externalClientApplication: app,
          isNamedUserJwtEnabled: true,
          namedUserJwtTimeout: minutes,
        })),
        'ExternalClientAppJwtPolicy',
      );
    case 'obvious':
      return loop(
        `const { ObviousPolicy } = require('./obviousProvider.js');`,
        apps.map((app) => {
          const { globalSettings, policies } = componentNamesOf(app);
          return { globalSettings, policies, namedUserJwtTimeout: minutes };
        }),
        'ObviousPolicy',
      );
  }
}

function loop(head: string, inputs: readonly object[], resource: string): string {
  return [
    head,
    `for (const [index, inputs] of ${JSON.stringify(inputs)}.entries()) new ${resource}('app-' + (index + 1), inputs);`,
    '',
  ].join('\n');
}

/**
 * Fills the node_modules of a contender's project, where they are not simply the repository's: Pulumi looks through them at the start
 * of a command, so the two that are compared have the same few packages there.
 */
export function installerOf(contender: StackContenderName): ((folder: string) => Promise<void>) | undefined {
  switch (contender) {
    case 'ours':
      return installThisProvider;
    case 'native':
      return installNativeSdk;
    case 'empty':
      return installEmptyProvider;
    case 'obvious':
      return undefined;
  }
}

async function installThisProvider(folder: string): Promise<void> {
  const modules = await linkPulumi(folder);
  await symlink(join(repositoryFolder, 'provider'), join(modules, 'pulumi-salesforce-eca'), 'dir');
}

async function installNativeSdk(folder: string): Promise<void> {
  await addNodeSdk(join(await linkPulumi(folder), nodePackage));
}

/** Makes the node_modules with the Pulumi SDK in it. */
async function linkPulumi(folder: string): Promise<string> {
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  await symlink(join(repositoryNodeModules, '@pulumi'), join(modules, '@pulumi'), 'dir');
  return modules;
}

/**
 * Installs this package with its provider replaced by an empty one: program, resource class and the provider's text in the state
 * are the very same.
 */
async function installEmptyProvider(folder: string): Promise<void> {
  const modules = await linkPulumi(folder);
  const name = 'pulumi-salesforce-eca';
  await mkdir(join(modules, name));
  await writeFile(
    join(modules, name, 'package.json'),
    JSON.stringify({ name, version: '0.0.0', exports: { '.': './index.js', './provider': './provider.js' } }),
  );
  await writeFile(
    join(modules, name, 'index.js'),
    `module.exports = require(${JSON.stringify(require.resolve(name))});\n`,
  );
  await writeFile(join(modules, name, 'provider.js'), await compiled('emptyProvider'));
}

/** The further files that a contender's project needs. */
export async function filesOf(contender: StackContenderName): Promise<ProgramFiles> {
  return contender === 'obvious' ? { 'obviousProvider.js': await compiled('obviousProvider') } : {};
}

async function compiled(provider: string): Promise<string> {
  const source = await readFile(join(__dirname, 'providers', `${provider}.ts`), 'utf8');
  return transpileModule(source, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true },
  }).outputText;
}
