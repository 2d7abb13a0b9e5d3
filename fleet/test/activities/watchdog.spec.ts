import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const watchdogModule = pathToFileURL(join(import.meta.dirname, '../../src/activities/watchdog.ts')).href;

/**
 * A worker that starts a process in a group of its own, as it starts the CLI, has it watched, and prints its id and the watchdog's. It
 * extends the lease until it is stuck.
 */
const workerText = (lease: string): string => `
import { spawn } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { Watchdog } from ${JSON.stringify(watchdogModule)};
const extend = () => { const end = Date.now() / 1000 + 1; utimesSync(${JSON.stringify(lease)}, end, end); };
extend();
setInterval(extend, 100);
const cli = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
const watchdog = new Watchdog();
watchdog.watch({ group: cli.pid, lease: ${JSON.stringify(lease)}, intervalMs: 20 });
let shown;
setInterval(() => {
  if (watchdog.pid === undefined || watchdog.pid === shown) return;
  shown = watchdog.pid;
  process.stdout.write(cli.pid + ' ' + shown + '\\n');
}, 10);
`;

describe('the watchdog', function () {
  this.timeout(60_000);
  let folder: string;
  let lease: string;
  let worker: ChildProcess;
  let cli: number;
  let watchdog: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watchdog-'));
    lease = join(folder, 'lease');
    await writeFile(lease, '');
    const script = join(folder, 'worker.mts');
    await writeFile(script, workerText(lease));
    worker = spawn(process.execPath, ['--import', 'tsx', script], {
      cwd: join(import.meta.dirname, '../..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(worker.stdout);
    const [line] = (await once(worker.stdout.setEncoding('utf8'), 'data')) as [string];
    [cli = 0, watchdog = 0] = line.trim().split(' ').map(Number);
  });
  afterEach(async () => {
    worker.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  const cliEnded = async (): Promise<void> => {
    while (isRunning(cli)) await sleep(20);
  };
  const isRunning = (pid: number): boolean => {
    try {
      // A process that has ended stays listed until its parent looks, which may be frozen.
      return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    } catch {
      return false;
    }
  };

  it('ends the CLI of a worker that is frozen', async () => {
    assert.ok(isRunning(cli));
    worker.kill('SIGSTOP');
    await cliEnded();
  });

  it('ends the CLI of a worker that is killed', async () => {
    worker.kill('SIGKILL');
    await cliEnded();
  });

  it('ends a CLI whose lease is over or gone', async () => {
    worker.kill('SIGSTOP');
    await utimes(lease, 0, 0);
    await cliEnded();
  });

  it('is started again if somebody kills it', async () => {
    assert.ok(worker.stdout);
    const next = once(worker.stdout, 'data');
    process.kill(watchdog, 'SIGKILL');
    await next;
    worker.kill('SIGKILL');
    await cliEnded();
  });
});
