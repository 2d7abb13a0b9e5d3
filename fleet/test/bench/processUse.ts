import { readFileSync, readdirSync } from 'node:fs';

/** What processes use, as Linux counts it. */

const ticksPerSecond = 100;
const kibibytesPerMegabyte = 1e6 / 1024;

/** Nothing of a process that has ended. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function childrenOf(pid: number): number[] {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  const lists = threads.map((thread) => read(pid, `task/${thread}/children`));
  return lists.flatMap((list) => list.split(' ').filter((id) => id.trim() !== '')).map(Number);
}

/** CPU time of a process and of its children that have ended, in seconds. */
function ownCpu(pid: number): { readonly own: number; readonly endedChildren: number } {
  // The name of the program comes before; it may contain anything.
  const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  const seconds = (first: number): number =>
    fields.slice(first, first + 2).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
  return { own: seconds(11), endedChildren: seconds(13) };
}

/** CPU time of a process and of all that it has started, in seconds. */
export function cpuOf(pid: number): number {
  const { own, endedChildren } = ownCpu(pid);
  return childrenOf(pid).reduce((sum, child) => sum + cpuOf(child), own + endedChildren);
}

/** CPU time of the processes that this one has started and that have ended, in seconds. */
export const cpuOfEndedChildren = (): number => ownCpu(process.pid).endedChildren;

function memory(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const kibibytes = new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(read(pid, 'status'))?.[1];
  return Number(kibibytes ?? 0) / kibibytesPerMegabyte;
}

/** The most memory that a process has held so far, without what it has started, in MB. */
export const peakMemoryOf = (pid: number): number => memory(pid, 'VmHWM');

/** The memory that a process and all that it has started hold now, in MB. What they share counts for each. */
export function memoryOfTree(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + memoryOfTree(child), memory(pid, 'VmRSS'));
}
