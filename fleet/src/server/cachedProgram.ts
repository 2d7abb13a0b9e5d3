import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';

/** The name of a program's file on this platform. */
export function fileName(program: string): string {
  return process.platform === 'win32' ? `${program}.exe` : program;
}

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The file of a program in the folders of a `PATH`. */
export async function findOnPath(program: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, fileName(program));
    if (folder !== '' && (await isExecutable(file))) return resolve(file);
  }
  return undefined;
}

/**
 * Where programs are kept that were downloaded or built: the folder that the repository's tools use too. It is in `$XDG_CACHE_HOME`, or in
 * `~/.cache` if that is not set or not absolute (XDG base directory specification).
 */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const configured = env['XDG_CACHE_HOME'];
  const caches =
    configured !== undefined && isAbsolute(configured)
      ? configured
      : join(env['HOME'] ?? homedir(), '.cache');
  return join(caches, 'pulumi-salesforce-eca');
}

/**
 * Fills a folder next to `root` and renames it when the program is in its folder `bin`, so that neither a killed process nor two at once
 * leave half a program.
 */
export async function keepProgram(
  root: string,
  program: string,
  fill: (bin: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(root), { recursive: true });
  const unfinished = await mkdtemp(join(dirname(root), 'unfinished-'));
  try {
    const bin = join(unfinished, 'bin');
    await mkdir(bin);
    await fill(bin);
    if (!(await isExecutable(join(bin, fileName(program))))) throw new Error(`it brought no ${program}`);
    await rename(unfinished, root).catch(async (error: unknown) => {
      // Another process was faster.
      if (!(await isExecutable(join(root, 'bin', fileName(program))))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
