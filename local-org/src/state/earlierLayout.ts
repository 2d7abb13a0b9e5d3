import { lstatSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isOurs } from './ownFolder.js';
import { StateError } from './stateError.js';

/**
 * Moves the files of an org that an earlier release kept directly in the state folder into our own folder.
 * @param names of the files
 * @throws StateError when that release still runs, or a file is not one that it can have left
 */
export function moveEarlierFiles(parent: string, own: string, names: readonly string[]): void {
  const present = names.filter((name) => exists(join(parent, name)) && !exists(join(own, name)));
  if (present.length === 0) return;
  removeEarlierLock(join(parent, 'lock'));
  for (const name of present) {
    const [from, to] = [join(parent, name), join(own, name)];
    // Checked in a folder where nobody else can replace it.
    renameSync(from, to);
    const found = lstatSync(to);
    if (found.isFile() && found.nlink === 1 && isOurs(found)) continue;
    renameSync(to, from);
    throw new StateError(
      `${from} is a link, or belongs to another user, so it is not read. Move it away, or name another folder.`,
    );
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** An earlier release wrote its process id to a file. */
function removeEarlierLock(lock: string): void {
  const found = lstatSync(lock, { throwIfNoEntry: false });
  if (!found?.isFile() || !isOurs(found)) return;
  const pid = Number(readFileSync(lock, 'utf8'));
  if (pid !== process.pid && isAlive(pid)) {
    throw new StateError(
      `${lock} says that process ${pid} uses the state folder. Stop that one, or name another folder; ` +
        `if process ${pid} is not a local org, remove the file.`,
    );
  }
  rmSync(lock);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
