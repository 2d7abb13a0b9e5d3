import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readProcStat } from '../run/engine/procStat.js';

/** A process on this machine. */
interface ListedProcess {
  id: number;
  parent: number;
}

const pauseMs = 100;
/** How long the processes may take to end after a first and after a second SIGINT, in milliseconds. */
const patienceMs = [3000, 2000];

/**
 * Ends every process that this one has started, and their descendants, even if they lead their own process group or outlive their parent.
 * Direct children get SIGINT, which the Pulumi CLI treats as a cancellation, then a second one, which makes it exit at once; whatever is
 * left is killed. Processes are found by their parents' ids, never by name. On Windows, Ctrl-C reaches them anyway.
 */
export async function endStartedProcesses(): Promise<void> {
  const start = performance.now();
  const [first = 0, second = 0] = patienceMs;
  let signalsSent = 0;
  let emptyLooks = 0;
  let known: ReadonlySet<number> = new Set();
  // The second look finds a process that was just being started.
  while (emptyLooks < 2) {
    const processes = await listProcesses();
    known = descendants(processes, known);
    emptyLooks = known.size === 0 ? emptyLooks + 1 : 0;
    const elapsed = performance.now() - start;
    if (elapsed > first + second) {
      known.forEach((id) => {
        send(id, 'SIGKILL');
      });
    } else if (signalsSent === 0 || (signalsSent === 1 && elapsed > first)) {
      signalsSent += 1;
      for (const { id } of processes.filter(({ parent }) => parent === process.pid)) send(id, 'SIGINT');
    }
    await sleep(pauseMs);
  }
}

/** The descendants of this process, including those found through known ones. */
function descendants(processes: readonly ListedProcess[], known: ReadonlySet<number>): ReadonlySet<number> {
  const found = new Set(processes.map(({ id }) => id).filter((id) => known.has(id)));
  let size = -1;
  while (size < found.size) {
    size = found.size;
    for (const { id, parent } of processes) {
      if (parent === process.pid || found.has(parent)) found.add(id);
    }
  }
  return found;
}

function send(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch {
    // The process has already ended.
  }
}

/** The processes that are running. Slim Linux images have no `ps`. */
async function listProcesses(): Promise<ListedProcess[]> {
  switch (process.platform) {
    case 'linux':
      return listProc();
    case 'win32':
      return [];
    default:
      return listByPs();
  }
}

async function listProc(): Promise<ListedProcess[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    ids.map(async (id) => {
      const stat = await readProcStat(id);
      return stat === undefined || stat.state === 'Z' ? [] : [{ id, parent: stat.parent }];
    }),
  );
  return found.flat();
}

async function listByPs(): Promise<ListedProcess[]> {
  const running = promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat=']);
  const { stdout } = await running;
  return [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+([^Z\s]\S*)/gm)]
    .map(([, id, parent]) => ({ id: Number(id), parent: Number(parent) }))
    .filter(({ id }) => id !== running.child.pid);
}
