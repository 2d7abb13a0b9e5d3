import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StateError } from './stateError.js';

/** The folders that this process has locked. */
const locked = new Set<string>();

/**
 * Takes a folder for this process, by a file `lock` that holds the process id; makes the folder where it is missing, mode 0700. A lock
 * whose process has ended counts as none, so a killed process leaves nothing to clean up.
 * @returns what gives the folder back
 * @throws StateError when another process, or this one, has the folder
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = realpathSync(folder);
  if (locked.has(path)) throw inUse(path, process.pid);
  const lock = join(path, 'lock');
  if (!create(lock)) {
    const owner = ownerOf(lock);
    if (owner !== process.pid && isAlive(owner)) throw inUse(path, owner);
    removeStale(lock, owner, path);
    if (!create(lock)) throw inUse(path, ownerOf(lock));
  }
  locked.add(path);
  return () => {
    locked.delete(path);
    rmSync(lock, { force: true });
  };
}

function create(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(lock: string): number {
  return Number(readFileSync(lock, 'utf8'));
}

/** Removes the lock of a process that has ended, unless another start has taken the folder since it was read. */
function removeStale(lock: string, owner: number, path: string): void {
  const aside = `${lock}.${process.pid}`;
  renameSync(lock, aside);
  const found = ownerOf(aside);
  if (found !== owner) {
    renameSync(aside, lock);
    throw inUse(path, found);
  }
  rmSync(aside);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function inUse(folder: string, pid: number): StateError {
  return new StateError(
    `The state folder ${folder} is in use by process ${pid}. Stop that one, or name another folder; ` +
      `where process ${pid} is no local org, remove ${join(folder, 'lock')}.`,
  );
}
