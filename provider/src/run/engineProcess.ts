import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Longer than any of the programs takes that tell of processes, in milliseconds. */
const deadline = { timeout: 10_000 };

/**
 * The process that listens at an address of this machine, such as an engine.
 *
 * @returns `undefined` where the system does not tell
 */
export async function listeningProcess(address: string): Promise<number | undefined> {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  switch (process.platform) {
    case 'linux':
      return listeningOnLinux(port);
    case 'win32': {
      const { stdout } = await run('netstat', ['-ano', '-p', 'TCP'], deadline);
      return Number(new RegExp(`:${port}\\s+\\S+\\s+LISTENING\\s+(\\d+)`).exec(stdout)?.[1]) || undefined;
    }
    default: {
      const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], deadline);
      return Number(/^\d+/.exec(stdout)?.[0]) || undefined;
    }
  }
}

/**
 * When a process started, in the words of the system: with its id it names one process for ever.
 *
 * @returns `undefined` where there is no such process
 */
export async function processStart(pid: number): Promise<string | undefined> {
  try {
    switch (process.platform) {
      case 'linux': {
        const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
        return `${(await statOf(pid))[19] ?? ''} ${boot.trim()}`;
      }
      case 'win32': {
        const command = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
        return (await run('powershell', ['-NoProfile', '-Command', command], deadline)).stdout.trim();
      }
      default:
        return (await run('ps', ['-o', 'lstart=', '-p', String(pid)], deadline)).stdout.trim();
    }
  } catch {
    return undefined;
  }
}

/** The fields of /proc/<pid>/stat after the name, which may hold anything: the state first, then the parent; the 20th is the start. */
async function statOf(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function listeningOnLinux(port: number): Promise<number | undefined> {
  const links = await socketsOn(port);
  // The engine is an ancestor, but for a process that is debugged.
  for (let pid = process.ppid; pid > 1; pid = Number((await statOf(pid))[1])) {
    if (await holdsOne(pid, links)) {
      return pid;
    }
  }
  const others = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  for (const pid of others) {
    if (await holdsOne(pid, links)) {
      return pid;
    }
  }
  return undefined;
}

/** The sockets that listen on a port, as links in /proc/<pid>/fd name them. */
async function socketsOn(port: number): Promise<ReadonlySet<string>> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const rows = tables.flatMap((table) => table.split('\n')).map((row) => row.trim().split(/\s+/));
  return new Set(
    rows
      .filter(([, local, , state]) => local?.endsWith(suffix) === true && state === '0A')
      .map((row) => `socket:[${row[9] ?? ''}]`),
  );
}

async function holdsOne(pid: number, links: ReadonlySet<string>): Promise<boolean> {
  // Processes of other users are closed to us, and any may have ended.
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  return targets.some((target) => links.has(target));
}
