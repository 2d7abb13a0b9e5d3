import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdFile } from './heldFile.js';
import { isOurs } from './ownFolder.js';

const prefix = 'salesforce-local-org-';

/** Locked while the folder's process runs. */
const lockName = 'lock';

/** Younger folders may not be locked yet. */
const startMs = 60_000;

/** Folders without a lock are of an earlier release, whose process may still run. */
const withoutLockMs = 24 * 60 * 60 * 1000;

const open = new Set<TemporaryFolder>();

/** A temporary folder for files for clients: readable only by their owner, and removed when the process ends, unless it is killed. */
export class TemporaryFolder {
  readonly #path = mkdtempSync(join(tmpdir(), prefix));
  readonly #release: (() => void) | undefined;

  constructor() {
    if (open.size === 0) process.on('exit', removeAll);
    open.add(this);
    this.#release = holdFile(join(this.#path, lockName), 0);
  }

  /** Writes a new file; returns its path. */
  write(name: string, content: string): string {
    const path = join(this.#path, name);
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
    return path;
  }

  /** Removes the folder with all its files. */
  remove(): void {
    this.#release?.();
    rmSync(this.#path, { recursive: true, force: true });
    open.delete(this);
    if (open.size === 0) process.off('exit', removeAll);
  }
}

function removeAll(): void {
  for (const folder of [...open]) folder.remove();
}

let isSwept = false;

/** Removes the folders of killed processes, once per process. */
export function sweepTemporaryFolders(): void {
  if (isSwept) return;
  isSwept = true;
  for (const name of readdirSync(tmpdir())) {
    if (name.startsWith(prefix)) sweep(join(tmpdir(), name));
  }
}

function sweep(folder: string): void {
  try {
    const found = lstatSync(folder);
    if (!found.isDirectory() || !isOurs(found)) return;
    const age = Date.now() - found.mtimeMs;
    const lock = join(folder, lockName);
    if (age < (existsSync(lock) ? startMs : withoutLockMs)) return;
    if (existsSync(lock)) {
      const release = holdFile(lock, 0);
      if (!release) return;
      release();
    }
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Its process, or another sweep, has just removed it; if not, the next start tries again.
  }
}
