import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countsVariable, summaryOf } from '../../../tools/allTests/summary.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';

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
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): string => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        join(repositoryFolder, 'node_modules/mocha/bin/mocha.js'),
        '--no-config',
        '--reporter',
        join(repositoryFolder, 'test/support/reporter.cjs'),
        ...args,
        join(folder, '*.spec.js'),
      ],
      { encoding: 'utf8', env: { ...process.env, [countsVariable]: '', ...env } },
    );
    assert.equal(status, 1, stdout);
    return stdout;
  };

  for (const args of [[], ['--parallel', '--jobs', '2']]) {
    it(`ends with the counts: mocha ${args.join(' ')}`, () => {
      assert.ok(run(args).endsWith(`\n${line}`));
    });
  }

  it('writes them to the file of the run that sums them up, and prints no line itself', async () => {
    const file = join(folder, 'counts');
    assert.ok(!run([], { [countsVariable]: file }).includes(line));
    assert.equal(await readFile(file, 'utf8'), line);
  });
});
