import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Ids of the running processes that were started with this environment variable, by whomever: children of children,
 * and processes that outlived the one that started them. Linux only (reads /proc); returns none elsewhere.
 */
export async function findMarkedProcesses(name: string, value: string): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => []);
  const marker = `${name}=${value}`;
  const found = await Promise.all(
    entries
      .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
      .map(async (entry) => {
        // A process that ended meanwhile, or another user's, cannot be read; that of a zombie is empty.
        const environment = await readFile(`/proc/${entry}/environ`, 'utf8').catch(() => '');
        return environment.split('\0').includes(marker) ? [Number(entry)] : [];
      }),
  );
  return found.flat();
}

/** Kills every process started with this environment variable and waits until none is left. */
export async function killMarkedProcesses(name: string, value: string): Promise<void> {
  for (;;) {
    const pids = await findMarkedProcesses(name, value);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has already ended.
      }
    }
    await delay(5);
  }
}
