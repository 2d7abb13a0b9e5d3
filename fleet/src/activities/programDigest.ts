import { createHash } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { stackFile } from './operationFolder.js';

/** What is installed, built or kept beside a program and is no part of it. */
const leftOut: ReadonlySet<string> = new Set(['node_modules', '.git', '.cache']);

const lockFiles = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
] as const;

/**
 * A digest of a program's folder and of the lock file that says what is installed, in the folder or one above it. The configuration of
 * stacks is no part of it.
 */
export async function programDigest(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await filesIn(folder)).sort()) {
    const content = await readFile(join(folder, file)).catch(async () =>
      Buffer.from(await readlink(join(folder, file))),
    );
    hash.update(`${file.split(sep).join('/')}\0${content.length}\0`).update(content);
  }
  const lock = await lockFileAbove(folder);
  if (lock !== undefined) hash.update('lock file\0').update(await readFile(lock));
  return hash.digest('hex').slice(0, 16);
}

async function filesIn(folder: string, under = ''): Promise<string[]> {
  const entries = await readdir(join(folder, under), { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !leftOut.has(name) && !(under === '' && stackFile.test(name)))
      .map(async (entry) => {
        const path = join(under, entry.name);
        return entry.isDirectory() ? filesIn(folder, path) : [path];
      }),
  );
  return found.flat();
}

/** The nearest lock file above the folder, unless the folder has its own. */
async function lockFileAbove(folder: string): Promise<string | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    const names = await readdir(current).catch((): string[] => []);
    const found = lockFiles.find((name) => names.includes(name));
    // One in the folder itself is among its files.
    if (found !== undefined) return current === folder ? undefined : join(current, found);
    if (dirname(current) === current) return undefined;
  }
}
