import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A process of this machine. */
interface ListedProcess {
  id: number;
  parent: number;
}

const pauseMs = 100;
/** How long the processes get to end by themselves after a first and after a second SIGINT, in milliseconds. */
const patienceMs = [3000, 2000];

/**
 * Ends every process that this one has started, and what those have started: also those that lead a process group of their own, or whose
 * parent ends before them. The first ones get SIGINT, which the Pulumi CLI takes for a cancellation, then another one, which it takes for an
 * end at once; what is left is killed. Found by their parents' ids, never by a name. On Windows Ctrl-C reaches them anyway.
 */
export async function endStartedProcesses(): Promise<void> {
  const start = performance.now();
  const [first = 0, second = 0] = patienceMs;
  let signalsSent = 0;
  let emptyLooks = 0;
  let known: ReadonlySet<number> = new Set();
  // A process that was just being started is seen at the second look.
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

/** The processes that come from this one, or from one that was known to. */
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
    // It has ended meanwhile.
  }
}

/** The processes that still run. Slim Linux images have no `ps`. */
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

/** proc_pid_stat(5): the id, the name in brackets, in which anything may stand, the state, the parent's id. */
async function listProc(): Promise<ListedProcess[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
      const [, state, parent] = /.*\) (\S) (\d+) /s.exec(stat) ?? [];
      return state === undefined || state === 'Z' ? [] : [{ id: Number(id), parent: Number(parent) }];
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
