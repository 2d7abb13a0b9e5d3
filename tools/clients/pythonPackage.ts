import { access, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cacheFolder, publishFolder } from '../pulumiCli/cacheFolder.js';
import { withProgress } from '../pulumiCli/progress.js';
import { runProcess, type ProcessResult } from '../pulumiCli/runProcess.js';

/** A package of PyPI that is kept outside the repository, at one version, in its own virtual environment. */
export interface PythonPackage {
  /** Begins the name of its folder in the cache folder. */
  folder: string;
  /** As Python imports it; not set for a program that is not a module. */
  module?: string;
  version: string;
  /** What pip installs: the package in its version with all its dependencies. */
  install: readonly string[];
}

const installLimitMs = 15 * 60 * 1000;

/**
 * A package in the cache folder; it is downloaded from PyPI with the machine's `python3` if it is missing.
 *
 * @returns the Python that has the package; scripts beside it name the folder that they were made in, so run modules (`-m`);
 *   compiled programs beside it run from anywhere
 * @throws Error with the reason if it is not available
 */
export async function pythonWith(
  wanted: PythonPackage,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const root = join(cacheFolder(env), `${wanted.folder}-${wanted.version}`);
  if ((await whatIsMissing(root)).length > 0) {
    await withProgress(`Getting ${wanted.folder} ${wanted.version} into ${root}`, 'a minute', () =>
      publishFolder(root, (folder) => install(wanted, folder, env), whatIsMissing),
    );
  }
  return pythonIn(root);
}

const pythonIn = (root: string): string => join(root, 'bin', 'python');

/** Written when everything is installed: a virtual environment alone has a Python too. */
const finished = 'installed.txt';

async function whatIsMissing(root: string): Promise<string[]> {
  return access(join(root, finished)).then(
    () => [],
    () => ['python'],
  );
}

async function install(
  { module, install: wanted }: PythonPackage,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const run = async (command: string, args: readonly string[]): Promise<ProcessResult> => {
    const result = await runProcess(command, args, { cwd: folder, env, deadlineMs: installLimitMs }).catch(
      (error: unknown) => {
        const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        throw isMissing ? new Error(`there is no ${command} on PATH`) : error;
      },
    );
    if (result.code !== 0)
      throw new Error(
        `${basename(command)} ${args.slice(0, 3).join(' ')} failed: ${lastLines(result.stderr + result.stdout)}`,
      );
    return result;
  };
  await run('python3', ['-m', 'venv', folder]);
  const python = pythonIn(folder);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted]);
  if (module !== undefined) await run(python, ['-c', `import ${module}`]);
  await writeFile(join(folder, finished), 'done\n');
}

/** The end of what a program printed, where Python's programs say why they failed. */
function lastLines(printed: string): string {
  return printed.trim().split('\n').slice(-5).join('\n');
}
