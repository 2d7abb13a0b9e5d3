import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pulumiHome } from './cliEnvironment.js';
import { operationsFolder } from './operationFolder.js';

/** Logs older than this are of operations that ended. */
const oldLogMs = 10 * 60_000;
/** Folders older than this are of workers that were killed. */
const oldOperationMs = 24 * 3_600_000;

/**
 * Removes what piles up in a worker's folder: the CLI writes a log for each operation, and which stack was the last one of a folder, with
 * the backend's address and its password; a killed worker leaves its operations.
 */
export async function sweepHome(home: string): Promise<void> {
  await removeOld(join(pulumiHome(home), 'logs'), oldLogMs);
  // Each command names its stack.
  await removeOld(join(pulumiHome(home), 'workspaces'), 0);
  await removeOld(operationsFolder(home), oldOperationMs);
}

async function removeOld(folder: string, ageMs: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < Date.now() - ageMs)
      await rm(path, { recursive: true, force: true });
  }
}
