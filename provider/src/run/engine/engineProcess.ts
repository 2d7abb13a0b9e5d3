import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { readProcStat } from './procStat.js';

const run = promisify(execFile);

/** The time limit of a program that lists processes, in milliseconds. */
const deadline = { timeout: 10_000 };

/**
 * The process that listens at an address of this machine, such as an engine.
 *
 * @returns `undefined` if the system does not show it
 */
export async function listeningProcess(address: string): Promise<number | undefined> {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  switch (process.platform) {
    case 'linux':
      return listeningOnLinux(port);
    case 'win32': {
      const { stdout } = await run('netstat', ['-ano', '-p', 'TCP'], deadline);
      // The word for LISTENING is in the language of Windows; only what listens has port 0 on the other side.
      return Number(new RegExp(`:${port}\\s+\\S+:0\\s+\\S+\\s+(\\d+)`).exec(stdout)?.[1]) || undefined;
    }
    default: {
      const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };
      const listening = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'];
      const { stdout } = await run('lsof', listening, { ...deadline, env });
      return Number(/^\d+/.exec(stdout)?.[0]) || undefined;
    }
  }
}

/**
 * When a process started, as the system writes it. Together with the id it identifies one process.
 *
 * @returns `undefined` if there is no such process
 */
export async function processStart(pid: number): Promise<string | undefined> {
  try {
    switch (process.platform) {
      case 'linux': {
        const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
        const stat = await readProcStat(pid);
        return stat && `${stat.start} ${boot.trim()}`;
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

async function listeningOnLinux(port: number): Promise<number | undefined> {
  const links = await socketsOn(port);
  // The engine is an ancestor, but for a process that is debugged.
  for (let pid = process.ppid; pid > 1; pid = (await readProcStat(pid))?.parent ?? 0) {
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
