import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Windows does not have this flag. */
const noFollow = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;

/** Readable by its owner only. */
const ownerOnly = 0o600;

/**
 * Writes a file completely or not at all, even if the process is killed or the machine fails: into a new file, to the
 * disk, then renamed. Mode 0600. Links are not followed.
 */
export function replaceFile(path: string, content: string): void {
  const temporary = `${path}.new`;
  // What a killed process left.
  rmSync(temporary, { force: true });
  const file = openSync(temporary, 'wx', ownerOnly);
  try {
    writeFileSync(file, content);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Opens an existing file to append to it. Links are not followed. */
export function openToAppend(path: string): number {
  return openSync(path, constants.O_WRONLY | constants.O_APPEND | noFollow);
}

/** Reads a text file. Links are not followed. */
export function readOwnFile(path: string): string {
  const file = openSync(path, constants.O_RDONLY | noFollow);
  try {
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Makes a rename in a folder durable. Windows cannot open a folder, and does not need to. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
