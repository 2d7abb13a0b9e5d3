/**
 * Ends Pulumi CLIs whose leases are over. It is a process of its own, because a worker that is stuck cannot end anything. A lease lasts
 * until the time of its file's last modification. When the worker ends, all of its leases do.
 *
 * Lines on standard input: `watch <process group> <milliseconds between looks> <file>` and `done <process group>`.
 */
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';

const watched = new Map<number, NodeJS.Timeout>();

function end(group: number): void {
  forget(group);
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function forget(group: number): void {
  clearInterval(watched.get(group));
  watched.delete(group);
}

function isOver(file: string): boolean {
  try {
    return statSync(file).mtimeMs <= Date.now();
  } catch {
    return true;
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [, word, group, interval, file = ''] = /^(watch|done) (\d+)(?: (\d+) (.*))?$/.exec(line) ?? [];
    const id = Number(group);
    if (word === 'done') forget(id);
    if (word !== 'watch') return;
    watched.set(
      id,
      setInterval(() => {
        if (isOver(file)) end(id);
      }, Number(interval)),
    );
  })
  .on('close', () => {
    for (const group of watched.keys()) end(group);
  });

// A terminal's Ctrl-C is for the worker, which may still need this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
