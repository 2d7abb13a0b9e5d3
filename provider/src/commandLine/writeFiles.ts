import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Refuses to overwrite files.
 *
 * @throws Error naming those that exist
 */
export async function assertNoneExists(folder: string, names: readonly string[]): Promise<void> {
  const existing: string[] = [];
  for (const name of names) {
    try {
      await access(join(folder, name));
      existing.push(join(folder, name));
    } catch {
      // Not there: it can be written.
    }
  }
  if (existing.length > 0) {
    throw new Error(
      `${existing.join(' and ')} ${existing.length === 1 ? 'exists' : 'exist'} already, so nothing was written: choose another ` +
        'folder with --out, or overwrite with --force',
    );
  }
}

/**
 * Writes files into a folder, which is made when it is missing.
 *
 * @param overwrites whether an existing file may be replaced; else it is an error
 * @returns the paths
 */
export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
  overwrites: boolean,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const [name, text] of files) {
    const path = join(folder, name);
    await writeFile(path, text, { flag: overwrites ? 'w' : 'wx' });
    paths.push(path);
  }
  return paths;
}
