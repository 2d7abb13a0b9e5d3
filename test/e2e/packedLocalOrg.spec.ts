import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess, startProcess } from '../../tools/pulumiCli/runProcess.js';
import { npm, pack } from '../support/npm.js';
import { isolatedEnvironment, repositoryNodeModules } from '../support/temporaryProject.js';

/** A release that runs on every Node.js that the local org runs on. */
const vitest = 'vitest@4.1.12';

/** The README's example for a test runner. */
async function exampleFor(runner: string): Promise<string> {
  const readme = await readFile(join(repositoryFolder, 'local-org/README.md'), 'utf8');
  const [, code] = new RegExp(`^\`\`\`js ${runner}\\n(.*?)^\`\`\`$`, 'ms').exec(readme) ?? [];
  assert.ok(code !== undefined, `the README has no example for ${runner}`);
  return code;
}

describe('the packed salesforce-local-org', function () {
  this.timeout(240_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packed-local-org-'));
    const packed = await pack(join(repositoryFolder, 'local-org'), ['--pack-destination', folder]);
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    await npm(
      ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, packed.tarball)],
      folder,
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Runs a program in the folder, which has the package and nothing of this repository. */
  const run = (command: string, ...args: string[]) =>
    runProcess(command, args, { cwd: folder, env: isolatedEnvironment([]), deadlineMs: 60_000 });

  /** Runs the README's example for a runner, written as a file, and gives what it printed. */
  async function runExample(
    runner: string,
    file: string,
    command: string,
    ...args: string[]
  ): Promise<string> {
    await writeFile(join(folder, file), await exampleFor(runner));
    const { code, stdout, stderr } = await run(command, ...args, file);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  }

  it('starts its orgs with npx, and ends with Ctrl+C', async () => {
    const running = startProcess('npx', ['salesforce-local-org', '--org', 'dev', '--org', 'uat', '--json'], {
      cwd: folder,
      env: isolatedEnvironment([]),
      deadlineMs: 60_000,
    });
    try {
      const [line] = (await Promise.race([
        once(createInterface(running.child.stdout!), 'line'),
        running.result.then(({ stderr }) => assert.fail(stderr)),
      ])) as [string];
      const { orgs } = JSON.parse(line) as { orgs: { name: string; instanceUrl: string }[] };
      assert.deepEqual(
        orgs.map(({ name }) => name),
        ['dev', 'uat'],
      );
      for (const { instanceUrl } of orgs) {
        assert.equal((await fetch(`${instanceUrl}/services/data`)).status, 200);
      }
      // To the whole group, as a terminal sends it.
      running.signal('SIGINT');
      await running.result;
      await assert.rejects(fetch(orgs[0]!.instanceUrl));
    } finally {
      running.signal('SIGKILL');
      await running.result;
    }
  });

  for (const [how, flags, code] of [
    ['required', [], "const { startLocalOrg } = require('salesforce-local-org');"],
    ['imported', ['--input-type=module'], "import { startLocalOrg } from 'salesforce-local-org';"],
  ] as const) {
    it(`can be ${how}`, async () => {
      const { stdout, stderr } = await run(
        'node',
        ...flags,
        '-e',
        `${code} startLocalOrg().then((server) => { console.log(server.orgs.length); return server.close(); });`,
      );
      assert.equal(stdout, '1\n', stderr);
    });
  }

  it('works in a test of mocha, as the README says', async () => {
    const mocha = join(repositoryNodeModules, 'mocha/bin/mocha.js');
    const output = await runExample('mocha', 'session.test.mjs', 'node', mocha);
    assert.match(output, /1 passing/);
  });

  it('works in a test of node:test, as the README says', async () => {
    const output = await runExample('node:test', 'faults.test.mjs', 'node', '--test', '--test-reporter=tap');
    assert.match(output, /^# pass 1$/m);
  });

  it('works in a test of vitest, as the README says', async function () {
    const installed = await run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', vitest);
    if (installed.code !== 0) {
      console.log(`      skipped: ${vitest} cannot be had: ${installed.stderr.trim().split('\n')[0] ?? ''}`);
      this.skip();
    }
    const output = await runExample('vitest', 'token.test.mjs', 'npx', 'vitest', 'run');
    assert.match(output, /Tests .*1 passed/);
  });
});
