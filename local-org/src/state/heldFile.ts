import { closeSync, openSync } from 'node:fs';
import type * as NodeSqlite from 'node:sqlite';

/** SQLite's code for a file that another process has locked. */
const busy = 5;

/**
 * Locks a file for this process: an SQLite database without data, locked exclusively. Node.js has no other lock that the kernel releases
 * whenever a process ends, and that works between containers, where process ids are useless. The file stays when it is
 * released, because removing it would break the lock of the next process. It must be in a folder that nobody else can write to.
 * @param waitMs how long to wait for it, in milliseconds
 * @returns what gives the file back; undefined when another process, or this one, has it
 * @throws Error when the file system has no locks
 */
export function holdFile(path: string, waitMs: number): (() => void) | undefined {
  create(path);
  const { DatabaseSync } = sqlite();
  const database = new DatabaseSync(path);
  try {
    // Without a journal in memory SQLite creates a second file.
    database.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE`);
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined;
    throw error;
  }
  return () => {
    database.close();
  };
}

/** SQLite would make the file readable by others, and would follow a link. An existing file must not be opened: closing it ends all its locks. */
function create(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

let loaded: typeof NodeSqlite | undefined;

/** Node.js 22 warns on stderr that the module is experimental, which does not concern users of the local org. */
function sqlite(): typeof NodeSqlite {
  if (loaded) return loaded;
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    loaded = process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
  return loaded;
}
