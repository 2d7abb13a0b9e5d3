import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startLocalOrg, type LocalOrg } from '../../../../local-org/src/index.js';
import { runProcess } from '../../../../tools/pulumiCli/runProcess.js';
import { bin } from '../support/command.js';

/** Runs a command as process 1 of namespaces of its own, as in a container. */
const inContainer = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--'];

describe('a state folder', function () {
  this.timeout(60_000);
  let folder: string;
  let state: string;
  let own: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'state-folder-')));
    state = join(folder, 'state');
    own = join(state, 'salesforce-local-org');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function withKept<T>(test: (org: LocalOrg) => T | Promise<T>): Promise<T> {
    const server = await startLocalOrg({ state });
    try {
      return await test(server.org('dev'));
    } finally {
      await server.close();
    }
  }

  const startAndClose = (): Promise<void> => withKept(() => undefined);
  const accessToken = (): Promise<string> => withKept((org) => org.accessToken);

  describe('is locked', () => {
    const message = (): string =>
      `The state folder ${own} is in use: an org runs on it. Stop that one, or name another folder.`;

    before(async function () {
      const { code, stdout, stderr } = await runProcess('unshare', [...inContainer, 'sh', '-c', 'echo $$'], {
        deadlineMs: 15_000,
      }).catch((error: unknown) => ({ code: 1, stdout: '', stderr: String(error) }));
      assert.ok(
        code === 0 && stdout.trim() === '1',
        `These tests need namespaces (unshare), which are not allowed here: ${stderr}`,
      );
    });

    /** Starts the command in a container, and waits until it serves its org. */
    async function startInContainer() {
      const child = spawn('unshare', [...inContainer, process.execPath, bin, '--json', '--state', state], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'close');
      const line = await Promise.race([
        once(createInterface(child.stdout), 'line').then(([text]) => String(text)),
        ended.then(() => 'ended'),
      ]);
      assert.match(line, /"orgs"/);
      return { child, ended };
    }

    const startSecond = () =>
      runProcess('unshare', [...inContainer, process.execPath, bin, '--json', '--state', state], {
        deadlineMs: 30_000,
      });

    it('between containers, in which both processes have the id 1, and is free after SIGKILL', async () => {
      const { child, ended } = await startInContainer();
      try {
        const second = await startSecond();
        assert.deepEqual(
          [second.code, second.stdout, second.stderr],
          [1, '', `salesforce-local-org: ${message()}\n`],
        );
        await assert.rejects(startAndClose, { name: 'StateError', message: message() });
      } finally {
        child.kill('SIGKILL');
        await ended;
      }
      await startAndClose();
    });

    it('for a container by a process outside it', () =>
      withKept(async () => {
        const { code, stderr } = await startSecond();
        assert.deepEqual([code, stderr], [1, `salesforce-local-org: ${message()}\n`]);
      }));

    it('except by an empty lock file', async () => {
      await mkdir(own, { recursive: true, mode: 0o700 });
      await writeFile(join(own, 'lock'), '');
      await startAndClose();
    });
  });

  describe('whose parent others can write to', () => {
    const victim = (): string => join(folder, 'victim');

    it('does not follow a link in place of its own folder', async () => {
      await mkdir(state);
      await mkdir(victim());
      await symlink(victim(), own);
      await assert.rejects(startAndClose, {
        name: 'StateError',
        message: `${own} is not a folder but a link, which is not followed. Move it away, or name another folder.`,
      });
      assert.deepEqual(await readdir(victim()), []);
    });

    it('refuses a folder that is open to others', async () => {
      await mkdir(own, { recursive: true });
      await chmod(own, 0o755);
      await assert.rejects(startAndClose, {
        name: 'StateError',
        message:
          `${own} is open to other users (mode 0755), who may have changed the orgs in it. ` +
          `If you trust what is in it, run: chmod 700 '${own}'`,
      });
      await chmod(own, 0o700);
      await startAndClose();
    });

    it('does not write through a link in place of a file', async () => {
      await mkdir(own, { recursive: true, mode: 0o700 });
      await writeFile(victim(), 'untouched');
      for (const name of ['dev.pem', 'dev.pem.new', 'dev.state.new'])
        await symlink(victim(), join(own, name));
      await startAndClose();
      assert.equal(await readFile(victim(), 'utf8'), 'untouched');
      for (const name of ['dev.pem', 'dev.state']) assert.ok((await lstat(join(own, name))).isFile(), name);
    });

    it('does not read state through a link', async () => {
      await startAndClose();
      await rename(join(own, 'dev.state'), victim());
      await symlink(victim(), join(own, 'dev.state'));
      await assert.rejects(startAndClose, {
        name: 'StateError',
        message: /dev\.state cannot be read: ELOOP/,
      });
    });

    for (const [mode, isWarned] of [
      [0o777, true],
      [0o1777, false],
      [0o755, false],
    ] as const) {
      it(`${isWarned ? 'warns' : 'does not warn'} about it with the mode ${mode.toString(8)}`, async () => {
        const shared = join(folder, 'shared');
        await mkdir(shared);
        await chmod(shared, mode);
        const { child, ended, error } = startCommand(join(shared, 'state'));
        await Promise.race([once(child.stdout, 'data'), ended]);
        child.kill('SIGTERM');
        await ended;
        const warning =
          `Warning: Other users may write into ${shared} (mode 0777), and so put orgs of theirs in place of those ` +
          'that --state keeps below it. Take that right away, or name a folder of your own.';
        assert.equal(error().includes(warning), isWarned, error());
      });
    }

    function startCommand(path: string) {
      const child = spawn(process.execPath, [bin, '--json', '--state', path], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let text = '';
      child.stderr.on('data', (data: Buffer) => (text += data.toString()));
      return { child, ended: once(child, 'close'), error: () => text };
    }
  });

  describe('of an earlier release, which had the files directly in it', () => {
    /** Makes the folder as that release left it. */
    async function leaveEarlier(lock?: string): Promise<string> {
      const token = await accessToken();
      for (const name of ['dev.state', 'dev.pem']) await rename(join(own, name), join(state, name));
      await rm(own, { recursive: true });
      if (lock !== undefined) await writeFile(join(state, 'lock'), lock);
      return token;
    }

    it('continues in the own folder, even if a killed process left its lock', async () => {
      const ended = await runProcess(process.execPath, ['-p', 'process.pid'], { deadlineMs: 15_000 });
      for (const lock of [undefined, ended.stdout, `${process.pid}\n`]) {
        const token = await leaveEarlier(lock);
        assert.equal(await accessToken(), token);
        assert.deepEqual(await readdir(state), ['salesforce-local-org']);
        await rm(state, { recursive: true });
      }
    });

    it('is refused while that release runs on it', async () => {
      await leaveEarlier(`${process.ppid}\n`);
      await assert.rejects(startAndClose, {
        name: 'StateError',
        message:
          `${join(state, 'lock')} says that process ${process.ppid} uses the state folder. Stop that one, or name another folder; ` +
          `if process ${process.ppid} is not a local org, remove the file.`,
      });
      await rm(join(state, 'lock'));
      await startAndClose();
    });

    for (const [what, make] of [
      ['a symbolic link', symlink],
      ['a hard link', link],
    ] as const) {
      it(`is refused where a file is ${what} to another one`, async () => {
        await leaveEarlier();
        const [path, elsewhere] = [join(state, 'dev.state'), join(folder, 'elsewhere')];
        await rename(path, elsewhere);
        await make(elsewhere, path);
        await assert.rejects(startAndClose, {
          name: 'StateError',
          message: `${path} is a link, or belongs to another user, so it is not read. Move it away, or name another folder.`,
        });
        assert.deepEqual((await readdir(state)).sort(), ['dev.pem', 'dev.state', 'salesforce-local-org']);
      });
    }
  });
});
