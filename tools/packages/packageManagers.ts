import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeBlock } from '../../test/support/codeBlocks.js';
import { packageManagerEnvironment } from '../../test/support/npm.js';
import { npmPackageFolder } from '../clients/npmPackage.js';
import { runProcess } from '../pulumiCli/runProcess.js';
import { newestVersion } from './registry.js';

/** A package manager, as the npm registry has it. */
interface PackageManagerDefinition {
  /** Its command. */
  name: 'npm' | 'pnpm' | 'yarn';
  /** How the table names it. */
  label: string;
  /** Its package in the registry. */
  packageName: string;
  /** Its program in that package. */
  program: string;
  /** How much there is to get, in words. */
  size: string;
  /** The arguments that install what the package.json of the folder asks for. */
  args: readonly string[];
  /** Settings of a project: texts by file name. */
  settings: Readonly<Record<string, string>>;
}

/** The package managers that the packages must work with. */
export const packageManagers: readonly PackageManagerDefinition[] = [
  {
    name: 'npm',
    label: 'npm',
    packageName: 'npm',
    program: 'bin/npm-cli.js',
    size: '20 MB',
    args: ['install', '--no-audit', '--no-fund'],
    settings: {},
  },
  {
    name: 'pnpm',
    label: 'pnpm',
    packageName: 'pnpm',
    program: 'pnpm',
    size: '70 MB',
    args: ['install'],
    settings: {
      // What the page says to write there. Without hoisting a package finds its own dependencies and nothing else, so that one it forgot to name is missed.
      'pnpm-workspace.yaml': `${codeBlock('docs/compatibility.md', 'allowBuilds')}hoist: false\n`,
    },
  },
  {
    name: 'yarn',
    label: 'Yarn',
    packageName: '@yarnpkg/cli-dist',
    program: 'bin/yarn.js',
    size: '10 MB',
    args: ['install', '--no-immutable'],
    settings: { '.yarnrc.yml': 'nodeLinker: node-modules\nenableTelemetry: false\n', 'yarn.lock': '' },
  },
];

/** A release of a package manager that is kept outside the repository. */
export interface PackageManager extends PackageManagerDefinition {
  version: string;
  /** Its package's folder. */
  folder: string;
}

const installLimitMs = 10 * 60 * 1000;

/**
 * The newest release of a package manager, downloaded from the npm registry if it is missing.
 *
 * @throws Error with the reason if it is not available
 */
export async function packageManager(definition: PackageManagerDefinition): Promise<PackageManager> {
  const { name, packageName, program, size } = definition;
  const version = await newestVersion(packageName, 'latest');
  const folder = await npmPackageFolder({ folder: name, name: packageName, version, size, file: program });
  return { ...definition, version, folder };
}

/**
 * Installs what the package.json of a project asks for.
 *
 * @param nodeFolder the folder with the `node` that runs the package manager
 * @throws Error with the last lines of what the package manager printed
 */
export async function installDependencies(
  { name, folder, program, args, settings }: PackageManager,
  project: string,
  nodeFolder: string,
): Promise<void> {
  for (const [file, text] of Object.entries(settings)) await writeFile(join(project, file), text);
  const { code, stdout, stderr } = await runProcess(join(folder, program), args, {
    cwd: project,
    env: packageManagerEnvironment([nodeFolder]),
    deadlineMs: installLimitMs,
  });
  if (code !== 0) {
    throw new Error(
      `"${[name, ...args].join(' ')}" failed: ${(stdout + stderr).trim().split('\n').slice(-8).join('\n')}`,
    );
  }
}
