import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countsVariable, summaryOf } from '../../../tools/allTests/summary.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { isolatedEnvironment, repositoryNodeModules } from '../../support/temporaryProject.js';

const docs = { script: 'test:docs', exitCode: 0, counts: '20 passed, 0 failed\n' };

describe('the line that sums the parts of the tests', () => {
  for (const { what, test, lines, passed } of [
    {
      what: 'is the sum of what passed and what was skipped',
      test: { exitCode: 0, counts: '1000 passed, 0 failed, 2 skipped\n' },
      lines: ['1020 passed, 0 failed, 2 skipped'],
      passed: true,
    },
    {
      what: 'fails when a test failed in either part',
      test: { exitCode: 3, counts: '997 passed, 3 failed\n' },
      lines: ['1017 passed, 3 failed'],
      passed: false,
    },
    {
      what: 'fails when a part failed before its tests ran',
      test: { exitCode: 1, counts: undefined },
      lines: ['npm run test ended with exit code 1 before its tests were counted.', '20 passed, 1 failed'],
      passed: false,
    },
    {
      what: 'fails when a part ended well and has run no test',
      test: { exitCode: 0, counts: undefined },
      lines: ['npm run test ended with exit code 0 before its tests were counted.', '20 passed, 1 failed'],
      passed: false,
    },
    {
      what: 'fails when a part was killed after its tests',
      test: { exitCode: null, counts: '1000 passed, 0 failed\n' },
      lines: ['npm run test was ended by a signal, although no test failed.', '1020 passed, 1 failed'],
      passed: false,
    },
    {
      what: 'fails when the counts were cut off',
      test: { exitCode: 0, counts: '1000 pas' },
      lines: ['npm run test ended with exit code 0 before its tests were counted.', '20 passed, 1 failed'],
      passed: false,
    },
  ]) {
    it(what, () => {
      assert.deepEqual(summaryOf([{ script: 'test', ...test }, docs]), { lines, passed });
    });
  }
});

describe('the run of all tests', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'all-tests-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Runs it with an npm that writes down what it was called with and runs no tests: every part but the broken one has three that pass. */
  const run = async (broken = 'none'): Promise<{ status: number | null; lines: string[] }> => {
    const npm = join(folder, 'npm');
    await writeFile(
      npm,
      `#!/bin/sh\necho "npm $*"\n[ "$2" = ${broken} ] || echo '3 passed, 0 failed' > "$${countsVariable}"\n`,
    );
    await chmod(npm, 0o755);
    const { status, stdout } = spawnSync('tsx', [join(repositoryFolder, 'tools/allTests.ts')], {
      encoding: 'utf8',
      env: isolatedEnvironment([folder]),
    });
    return { status, lines: stdout.trimEnd().split('\n') };
  };
  const parts = ['test', 'test:docs', 'test:native', 'test:languages', 'test:fleet'];
  const calls = parts.map((part) => `npm run ${part}`);

  it('runs every part, and ends with one line', async () => {
    assert.deepEqual(await run(), { status: 0, lines: [...calls, '15 passed, 0 failed'] });
  });

  for (const part of parts) {
    it(`fails when ${part} has run no test`, async () => {
      assert.deepEqual(await run(part), {
        status: 1,
        lines: [
          ...calls,
          `npm run ${part} ended with exit code 0 before its tests were counted.`,
          '12 passed, 1 failed',
        ],
      });
    });
  }
});

describe('the reporter of the tests', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reporter-test-'));
    const spec = `it('one', () => {}); it('two', () => {}); it.skip('three', () => {}); it('four', () => { throw new Error('no'); });`;
    await writeFile(join(folder, 'one.spec.js'), spec);
    await writeFile(join(folder, 'two.spec.js'), `it('five', () => {});`);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const line = '3 passed, 1 failed, 1 skipped\n';
  const ownReporter = ['--no-config', '--reporter', join(repositoryFolder, 'test/support/reporter.cjs')];
  const run = (
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    cwd = repositoryFolder,
  ): string => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(repositoryNodeModules, 'mocha/bin/mocha.js'), ...args, join(folder, '*.spec.js')],
      { cwd, encoding: 'utf8', env: { ...process.env, [countsVariable]: '', ...env } },
    );
    assert.equal(status, 1, stdout + stderr);
    return stdout;
  };

  for (const args of [[], ['--parallel', '--jobs', '2']]) {
    it(`ends with the counts: mocha ${args.join(' ')}`, () => {
      assert.ok(run([...ownReporter, ...args]).endsWith(`\n${line}`));
    });
  }

  it('writes them to the file of the run that sums them up, and prints no line itself', async () => {
    const file = join(folder, 'counts');
    assert.ok(!run(ownReporter, { [countsVariable]: file }).includes(line));
    assert.equal(await readFile(file, 'utf8'), line);
  });

  for (const tests of ['.', 'fleet']) {
    it(`is what mocha is configured with in ${tests}`, async () => {
      const file = join(folder, `counts of ${tests}`);
      run([], { [countsVariable]: file }, join(repositoryFolder, tests));
      assert.equal(await readFile(file, 'utf8'), line);
    });
  }
});
