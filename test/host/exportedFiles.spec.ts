import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { onArrival } from '../support/arrivals.js';
import { runCommandLine } from '../support/commandLine.js';
import { accessTokenEnvironment } from '../support/policyProgram.js';
import { isolatedEnvironment } from '../support/temporaryProject.js';

const program = join(repositoryFolder, 'provider/bin/pulumi-salesforce-eca.js');
const names = ['import.json', 'index.ts'];

describe('the files of an export', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let parent: string;
  let folder: string;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'exported-files-'));
    folder = join(parent, 'out');
  });
  afterEach(() => rm(parent, { recursive: true }));

  const holdOldFiles = async (): Promise<void> => {
    await mkdir(folder);
    for (const name of names) await writeFile(join(folder, name), `old ${name}`);
  };
  const assertOldFiles = async (): Promise<void> => {
    assert.deepEqual((await readdir(folder)).sort(), names);
    for (const name of names) assert.equal(await readFile(join(folder, name), 'utf8'), `old ${name}`);
  };

  /** Runs a shell command in namespaces of its own, in which it may mount; `$EXPORT` is the command under test. */
  async function inNamespaces(
    script: string,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    await promisify(execFile)('unshare', ['--map-root-user', '--mount', 'true']).catch((thrown: unknown) => {
      throw new Error('This test needs user and mount namespaces, which this machine does not allow.', {
        cause: thrown,
      });
    });
    return runProcess('unshare', ['--map-root-user', '--mount', 'sh', '-euc', script], {
      env: {
        ...isolatedEnvironment([]),
        ...accessTokenEnvironment(org),
        NODE: process.execPath,
        PROGRAM: program,
        FOLDER: folder,
      },
      deadlineMs: 50_000,
    });
  }

  it('appear all at once in a new folder, and nothing else is left', async () => {
    const { code, stderr } = await runCommandLine(['export', '--out', folder], accessTokenEnvironment(org));
    assert.equal(code, 0, stderr);
    assert.deepEqual(await readdir(parent), ['out']);
    assert.deepEqual((await readdir(folder)).sort(), names);
  });

  it('are unchanged if the disk is full, even with --force', async () => {
    await mkdir(folder);
    const { code, stdout, stderr } = await inNamespaces(`
      mount -t tmpfs -o size=64k tmpfs "$FOLDER"
      cd "$FOLDER"
      for name in ${names.join(' ')}; do printf 'old %s' "$name" > "$name"; done
      dd if=/dev/zero of=filler bs=1k count=64 2>/dev/null || true
      set +e
      "$NODE" "$PROGRAM" export --out . --force
      echo "exit code $?"
      ls -A
      cat ${names.join(' ')}`);
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^pulumi-salesforce-eca: \[ECA8103\] \. could not be written \(ENOSPC: .*\), so nothing was changed there\.\n$/,
    );
    assert.equal(stdout, 'exit code 1\nfiller\nimport.json\nindex.ts\nold import.jsonold index.ts');
  });

  it('are unchanged if one of them cannot be replaced after another one was', async () => {
    await holdOldFiles();
    // A rename cannot replace a mount point.
    const { code, stderr } = await inNamespaces(`
      mount --bind "$FOLDER/import.json" "$FOLDER/import.json"
      exec "$NODE" "$PROGRAM" export --out "$FOLDER" --force`);
    assert.equal(code, 1);
    assert.match(stderr, /could not be written \(EBUSY: .*\), so nothing was changed there\.\n$/);
    await assertOldFiles();
  });

  it('are all written if a signal arrives in between, which then ends the process', async () => {
    await holdOldFiles();
    const script = `
      const { writeFiles } = require(${JSON.stringify(join(repositoryFolder, 'provider/dist/commandLine/writeFiles.js'))});
      class Interrupted extends Map {
        *[Symbol.iterator]() {
          for (const entry of super.entries()) {
            yield entry;
            process.kill(process.pid, 'SIGTERM');
          }
        }
      }
      const files = new Interrupted(${JSON.stringify(names.map((name) => [name, `new ${name}`]))});
      void writeFiles(${JSON.stringify(folder)}, files, true).then(() => setTimeout(() => undefined, 20_000));`;
    const { signal } = await runProcess(process.execPath, ['-e', script], {
      env: isolatedEnvironment([]),
      deadlineMs: 30_000,
    });
    assert.equal(signal, 'SIGTERM');
    assert.deepEqual((await readdir(folder)).sort(), names);
    for (const name of names) assert.equal(await readFile(join(folder, name), 'utf8'), `new ${name}`);
  });

  for (const isNew of [true, false]) {
    const where = isNew ? 'beside a folder that it was making' : 'in the folder';
    it(`are not written if a killed export left something ${where}, and the error says so`, async () => {
      if (!isNew) await holdOldFiles();
      const left = isNew
        ? join(parent, '.pulumi-salesforce-eca-export-out')
        : join(folder, '.pulumi-salesforce-eca-export');
      await mkdir(join(left, 'previous'), { recursive: true });
      org.clearRequests();
      const { code, stderr } = await runCommandLine(
        ['export', '--out', folder, '--force'],
        accessTokenEnvironment(org),
      );
      assert.equal(code, 1);
      assert.equal(
        stderr,
        `pulumi-salesforce-eca: [ECA8102] ${left} exists, so nothing was written: another export is writing there, or one was killed. If none is ` +
          'running, look into its folder previous: it contains the files that the killed export was replacing. Move back what you ' +
          `need, delete ${left}, and repeat the command.\n`,
      );
      assert.deepEqual(org.requests, []);
      await rm(left, { recursive: true });
      if (!isNew) await assertOldFiles();
    });
  }

  it('are refused if one of them appeared while the org was read', async () => {
    await mkdir(folder);
    onArrival(org, 'retrieve', () => {
      writeFileSync(join(folder, 'index.ts'), 'mine');
    });
    const { code, stderr } = await runCommandLine(['export', '--out', folder], accessTokenEnvironment(org));
    assert.equal(code, 1);
    assert.equal(
      stderr,
      `pulumi-salesforce-eca: [ECA8101] ${join(folder, 'index.ts')} exists already, so nothing was written: choose another folder with --out, or ` +
        'overwrite with --force.\n',
    );
    assert.deepEqual(await readdir(folder), ['index.ts']);
    assert.equal(await readFile(join(folder, 'index.ts'), 'utf8'), 'mine');
  });
});
