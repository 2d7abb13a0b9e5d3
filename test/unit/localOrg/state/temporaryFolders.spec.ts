import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../support/until.js';
import { bin } from '../support/command.js';

const index = join(__dirname, '../../../../local-org/dist/index.js');

describe('the temporary folders with keys', function () {
  this.timeout(60_000);
  /** What the processes take for the machine's temporary folder. */
  let folder: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temporary-folders-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    await rm(folder, { recursive: true, force: true });
  });

  const left = (): Promise<string[]> => readdir(folder);

  function start(args: readonly string[]) {
    const env = { ...process.env, TMPDIR: folder };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    child.stderr.resume();
    return { child, ended: once(child, 'close') };
  }

  async function startOrg(...args: string[]) {
    const { child, ended } = start([bin, '--json', ...args]);
    await Promise.race([once(child.stdout, 'data'), ended]);
    assert.equal((await left()).length > 0, true, 'the org has started');
    return { child, ended };
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    it(`are gone after ${signal}`, async () => {
      const { child, ended } = await startOrg('--https', '--org', 'one', '--org', 'two');
      child.kill(signal);
      await ended;
      assert.deepEqual(await left(), []);
    });
  }

  it('are gone after a signal during the start', async () => {
    const { child, ended } = start([
      bin,
      ...Array.from({ length: 20 }, (_, org) => ['--org', `o${org}`]).flat(),
    ]);
    await until('the folder is there', async () => (await left()).length > 0);
    child.kill('SIGTERM');
    await ended;
    assert.deepEqual(await left(), []);
  });

  for (const [how, code] of [
    ['process.exit', 'process.exit(3)'],
    ['an error that nobody catches', 'throw new Error("ended")'],
    ['a promise that nobody catches', 'Promise.reject(new Error("ended"))'],
  ] as const) {
    it(`are gone after ${how} in the program that started the org`, async () => {
      const program = `require(${JSON.stringify(index)}).startLocalOrg().then(() => { setImmediate(() => { ${code} }); })`;
      const { ended } = start(['-e', program]);
      await ended;
      assert.deepEqual(await left(), []);
    });
  }

  it('are gone after a start that fails', async () => {
    const { ended } = start([bin, '--state', join(folder, 'state'), '--seed', '/nowhere', '--https']);
    await ended;
    assert.deepEqual(await left(), []);
  });

  it('of killed processes are removed at the next start; those of running ones stay', async () => {
    const killed = await startOrg();
    const [ofKilled = ''] = await left();
    const running = await startOrg();
    const [ofRunning = ''] = (await left()).filter((name) => name !== ofKilled);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const name of [ofKilled, ofRunning]) await utimes(join(folder, name), hourAgo, hourAgo);

    const next = await startOrg();
    assert.ok(!(await left()).includes(ofKilled));
    assert.ok((await left()).includes(ofRunning));
    for (const { child, ended } of [running, next]) {
      child.kill('SIGTERM');
      await ended;
    }
    assert.deepEqual(await left(), []);
  });

  it('of releases without a lock are removed after a day, and links are not followed', async () => {
    const target = join(folder, 'target');
    await mkdir(target);
    await writeFile(join(target, 'deployer.pem'), '');
    const days = (count: number): Date => new Date(Date.now() - count * 24 * 3_600_000);
    for (const [name, age] of [
      ['salesforce-local-org-old', days(2)],
      ['salesforce-local-org-young', days(0.5)],
    ] as const) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'deployer.pem'), '');
      await symlink(target, join(folder, name, 'link'));
      await utimes(join(folder, name), age, age);
    }
    await symlink(target, join(folder, 'salesforce-local-org-link'));
    await utimes(target, days(2), days(2));
    const { child, ended } = await startOrg();
    child.kill('SIGTERM');
    await ended;
    assert.deepEqual((await left()).sort(), [
      'salesforce-local-org-link',
      'salesforce-local-org-young',
      'target',
    ]);
    assert.deepEqual(await readdir(target), ['deployer.pem']);
  });
});
