import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { missingPrograms, requiredPrograms } from './binFolder.js';
import { obtainedCliVersion } from './versions.js';

/** Begins the names of folders in which a CLI is still being put together. */
const unfinishedPrefix = 'unfinished-';
/** An unfinished folder of this age belongs to a process that was killed: nothing here takes that long. */
const abandonedAfterMs = 6 * 60 * 60 * 1000;

/**
 * Where programs that were got are kept, outside the repository: `pulumi-salesforce-eca` below `$XDG_CACHE_HOME`, or
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

/** Where a Pulumi CLI that was got is kept: `pulumi-<version>` in {@link cacheFolder}. The programs are in its folder `bin`. */
export function cachedCliRoot(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), `pulumi-${obtainedCliVersion.version}`);
}

/** The programs of a Pulumi CLI that are not in its folder `bin`. */
const missingInBin = (folder: string): Promise<string[]> =>
  missingPrograms(join(folder, 'bin'), requiredPrograms);

/**
 * Fills a folder beside `root` and gives it the name `root` when it is complete, so that neither a killed process nor
 * two at once leave half a CLI. Where another process was faster, its folder is kept.
 *
 * @param fill puts what is wanted into the folder it is given: a Pulumi CLI into its folder `bin`
 * @param whatIsMissing what a folder lacks; default: the programs of a Pulumi CLI
 */
export async function publishFolder(
  root: string,
  fill: (folder: string) => Promise<void>,
  whatIsMissing: (folder: string) => Promise<string[]> = missingInBin,
): Promise<void> {
  const caches = dirname(root);
  await mkdir(caches, { recursive: true });
  await removeAbandoned(caches);
  const unfinished = await mkdtemp(join(caches, unfinishedPrefix));
  try {
    await fill(unfinished);
    const missing = await whatIsMissing(unfinished);
    if (missing.length > 0) throw new Error(`it brought no executable ${missing.join(', ')}`);
    await rename(unfinished, root).catch(async (error: unknown) => {
      if (!isNotEmpty(error)) throw error;
      // Another process was faster, or somebody removed files from what was there.
      if ((await whatIsMissing(root)).length === 0) return;
      await rm(root, { recursive: true });
      await rename(unfinished, root);
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Whether a rename failed because a folder with something in it has the new name. */
function isNotEmpty(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}

async function removeAbandoned(caches: string): Promise<void> {
  for (const name of await readdir(caches)) {
    if (!name.startsWith(unfinishedPrefix)) continue;
    const folder = join(caches, name);
    const changed = await stat(folder).catch(() => undefined);
    if (changed !== undefined && Date.now() - changed.mtimeMs > abandonedAfterMs) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
