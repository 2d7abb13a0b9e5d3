import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cp, lstat, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { pulumiBinFolder } from '../../tools/pulumiCli/pulumiBinFolder.js';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { startProcess, type RunningProcess } from '../../tools/pulumiCli/runProcess.js';
import { codeBlock } from '../support/codeBlocks.js';
import { findMarkedProcesses, killMarkedProcesses } from '../support/markedProcesses.js';
import { repositoryNodeModules } from '../support/temporaryProject.js';
import { until } from '../support/until.js';

const marker = 'QUICKSTART_UNDER_TEST';
/** What every step promises, in order. */
const promises = [
  'the app issues opaque access tokens',
  'pulumi up succeeded',
  'the app issues JSON Web Tokens that live 30 minutes',
  'no change, no request to the org',
  'the drift is shown field by field: namedUserJwtTimeout 30 => 720',
  'the org has 30 minutes again',
  'the app issues opaque tokens again, and its components are byte for byte what they were',
];

/** What is not copied: the packages are linked, and the quickstart needs no history. */
const notCopied = new Set(['node_modules', '.git']);

/** A copy of the repository: what the quickstart leaves there is not what somebody else writes meanwhile. */
async function copyRepository(folder: string): Promise<void> {
  await cp(repositoryFolder, folder, {
    recursive: true,
    filter: (path) => !notCopied.has(basename(path)),
  });
  await symlink(repositoryNodeModules, join(folder, 'node_modules'), 'dir');
}

/** Path, size and time of the last change of every file of a folder. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = await lstat(path);
      return entry.isDirectory() ? path : `${path} ${size} ${mtimeMs}`;
    }),
  );
}

describe('the quickstart', function () {
  this.timeout(240_000);
  let id: string;
  let binFolder: string;
  let folder: string;
  let repository: string;
  let temporaryFolder: string;
  let filesBefore: string[];

  beforeEach(async () => {
    binFolder = await pulumiBinFolder();
    id = randomUUID();
    folder = await mkdtemp(join(tmpdir(), 'quickstart-test-'));
    repository = join(folder, 'repository');
    temporaryFolder = join(folder, 'tmp');
    await mkdir(temporaryFolder);
    await copyRepository(repository);
    filesBefore = await listFiles(repository);
  });
  afterEach(async () => {
    await killMarkedProcesses(marker, id);
    await rm(folder, { recursive: true, force: true });
  });

  const type = (command: string): RunningProcess => {
    const nodeBin = join(repositoryNodeModules, '.bin');
    return startProcess('bash', ['-c', command], {
      cwd: repository,
      env: {
        ...process.env,
        PATH: [nodeBin, process.env['PATH'] ?? ''].join(delimiter),
        PULUMI_BIN: binFolder,
        TMPDIR: temporaryFolder,
        // What belongs to the shell of whoever runs it must not reach the demonstration.
        SALESFORCE_ACCESS_TOKEN: 'of another org',
        PULUMI_BACKEND_URL: 'file:///nowhere',
        [marker]: id,
      },
      deadlineMs: 220_000,
    });
  };

  const assertNothingIsLeft = async (): Promise<void> => {
    await until(
      'every process of the quickstart has ended',
      async () => (await findMarkedProcesses(marker, id)).length === 0,
      10_000,
    );
    // tsx and npm keep what they compiled in the temporary folder, for whatever they run next.
    const left = (await readdir(temporaryFolder)).filter((name) => !/^tsx-|^node-compile-cache$/.test(name));
    assert.deepEqual(left, []);
    assert.deepEqual(await listFiles(repository), filesBefore);
  };

  it('succeeds, shows what every step promises, and leaves nothing behind', async () => {
    const quickstart = type('npm start');
    const { code, stdout } = await quickstart.result;
    assert.equal(code, 0, quickstart.output());
    assert.deepEqual(
      [...stdout.matchAll(/✓ (.*)/g)].map(([, promise]) => promise),
      promises,
    );
    assert.doesNotMatch(stdout, /PRIVATE KEY|00D\w{12,15}!\w/);
    await assertNothingIsLeft();
  });

  it('leaves the change to a person at the Setup page on request, and cleans up after Ctrl-C during pulumi up', async () => {
    const quickstart = type(codeBlock('docs/setup-page.md', 'npm start'));
    const updates = (): number => quickstart.output().split('Updating (quickstart)').length - 1;
    const setupPage = (): string | undefined => /Open (http:\S+\/policies)\n/.exec(quickstart.output())?.[1];
    await until('it invites to the Setup page', () => setupPage() !== undefined);
    await fetch(setupPage()!, {
      method: 'POST',
      body: new URLSearchParams({ namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: '15' }),
    });
    const updatesBefore = updates();
    await until('it puts that right', () => updates() > updatesBefore);
    assert.match(quickstart.output(), /✓ the drift is shown field by field: namedUserJwtTimeout 30 => 15\n/);
    quickstart.signal('SIGINT');
    await until('it says so', () => quickstart.output().includes('Stopped by SIGINT; cleaning up.'));
    const { code, signal } = await quickstart.result;
    // npm ends with the signal or with the code of what it ran, by its version.
    assert.ok(code === 130 || signal === 'SIGINT', quickstart.output());
    await assertNothingIsLeft();
  });
});
