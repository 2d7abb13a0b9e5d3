import { readFile } from 'node:fs/promises';

/** What Linux says of a process. */
export interface ProcStat {
  /** One letter, such as `Z` for a process that has ended. */
  state: string;
  /** The id of its parent. */
  parent: number;
  /** When it started, in clock ticks since the machine did. */
  start: string;
}

/**
 * Reads `/proc/<pid>/stat` (proc_pid_stat(5)): the id, the name in brackets, which may contain anything, the state, the parent's id; the start
 * is the 22nd field.
 *
 * @returns `undefined` if there is no such process
 */
export async function readProcStat(pid: number): Promise<ProcStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const [state = '', parent = '', ...others] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return text === undefined ? undefined : { state, parent: Number(parent), start: others[17] ?? '' };
}
