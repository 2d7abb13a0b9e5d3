import { access, copyFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { repositoryNodeModules } from '../../test/support/temporaryProject.js';
import { cacheFolder, publishFolder } from '../pulumiCli/cacheFolder.js';
import { withProgress } from '../pulumiCli/progress.js';
import { runProcess } from '../pulumiCli/runProcess.js';

/** A package of the npm registry that is kept outside the repository, at one version. */
export interface NpmPackage {
  /** Begins the name of its folder in the cache folder. */
  folder: string;
  /** In the registry. */
  name: string;
  version: string;
  /** How much there is to get, in words. */
  size: string;
  /** A path in the package whose presence shows that it is there. */
  file: string;
  /** A folder with the package.json and package-lock.json of its dependencies; default: its own shrinkwrap file. */
  lock?: string;
}

const installLimitMs = 30 * 60 * 1000;

/**
 * A package in the cache folder; it is downloaded from the npm registry if it is missing.
 *
 * @returns the package's own folder
 * @throws Error with the reason if it is not available
 */
export async function npmPackageFolder(
  wanted: NpmPackage,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const packageIn = (root: string): string => join(root, 'node_modules', ...wanted.name.split('/'));
  const whatIsMissing = (root: string): Promise<string[]> =>
    access(join(packageIn(root), wanted.file)).then(
      () => [],
      () => [wanted.name],
    );
  const root = join(cacheFolder(env), `${wanted.folder}-${wanted.version}`);
  if ((await whatIsMissing(root)).length > 0) {
    await withProgress(
      `Getting ${wanted.name} ${wanted.version} (${wanted.size}) into ${root}`,
      'a minute',
      () => publishFolder(root, (folder) => install(wanted, folder, env), whatIsMissing),
    );
  }
  return packageIn(root);
}

async function install(
  { name, version, lock }: NpmPackage,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  // Its reason is quoted, also where npm itself runs this with --silent.
  const options = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  if (lock !== undefined) {
    for (const file of ['package.json', 'package-lock.json'])
      await copyFile(join(lock, file), join(folder, file));
  }
  const args = lock === undefined ? ['install', ...options, `${name}@${version}`] : ['ci', ...options];
  const PATH = [join(repositoryNodeModules, '.bin'), env['PATH'] ?? ''].join(delimiter);
  const { code, stderr } = await runProcess('npm', args, {
    cwd: folder,
    env: { ...env, PATH },
    deadlineMs: installLimitMs,
  });
  if (code !== 0) throw new Error(`npm failed: ${npmReason(stderr)}`);
}

/** What npm says of a failure: its first lines, before its advice and the address of its log. */
function npmReason(stderr: string): string {
  const lines = stderr.split('\n').flatMap((line) => /^npm error (.+)/.exec(line)?.[1] ?? []);
  return lines.length > 0 ? lines.slice(0, 4).join('\n') : stderr.trim();
}
