import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { holderOf } from '../../src/activities/stackLock.js';
import { until } from '../support/until.js';

describe('a lock of an earlier attempt on this machine', () => {
  let folder = '';
  let parent: ChildProcess;
  const holder = { worker: 'worker-1', host: hostname(), startedAt: '2020-01-01T00:00:00.000Z' };

  /** Starts a process with the name of the Pulumi CLI, whose parent never learns that it ends. */
  const start = async (seconds: string): Promise<number> => {
    parent = spawn('sh', ['-c', '"$0" "$1" & echo $!; exec sleep 1000', join(folder, 'pulumi'), seconds], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(parent.stdout);
    const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
    return Number(line);
  };
  const lockOf = (pid: number) => ({ user: 'ada', host: hostname(), pid, since: new Date().toISOString() });
  const stateOf = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'utf8');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lock-'));
    await symlink('/bin/sleep', join(folder, 'pulumi'));
  });
  afterEach(async () => {
    parent.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  it('is respected while its CLI runs', async () => {
    const pid = await start('1000');
    await until(() => stateOf(pid).includes('(pulumi) S'));
    assert.equal(holderOf(lockOf(pid), [holder]), undefined);
    process.kill(pid, 'SIGKILL');
  });

  it('may be taken away when its CLI has ended, though a frozen worker has not reaped it', async () => {
    const pid = await start('0');
    await until(() => stateOf(pid).includes(') Z '));
    assert.equal(holderOf(lockOf(pid), [holder]), holder);
  });
});
