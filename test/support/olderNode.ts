import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryNodeModules } from './temporaryProject.js';

/**
 * Makes a program `node` that says it is an older version, and lacks what Node.js 20 lacks.
 *
 * @returns the folder to put first on the PATH
 */
export async function makeOlderNode(parent: string, version: string): Promise<string> {
  const folder = join(parent, 'older-node');
  await mkdir(folder);
  const preload = join(folder, 'older.cjs');
  await writeFile(
    preload,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
     delete Promise.withResolvers;\n`,
  );
  await writeFile(
    join(folder, 'node'),
    `#!/bin/sh\nexec "${join(repositoryNodeModules, '.bin/node')}" --require "${preload}" "$@"\n`,
  );
  await chmod(join(folder, 'node'), 0o755);
  return folder;
}
