import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { codeBlock } from '../support/codeBlocks.js';
import { withAddress, withFreePorts } from '../support/placeholders.js';
import { Shell } from '../support/shell.js';
import { isolatedEnvironment, repositoryNodeModules } from '../support/temporaryProject.js';
import { typeInstall } from '../support/typeInstall.js';
import { whileOrgsRun, type TypedOrg } from '../support/typedOrgs.js';

/** A release that runs on every Node.js that the local org runs on. */
const vitest = 'vitest@4.1.12';

describe('the packed salesforce-local-org', function () {
  this.timeout(240_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packed-local-org-'));
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    await typeInstall(
      folder,
      codeBlock('local-org/README.md', 'npm pack'),
      codeBlock('local-org/README.md', 'npm install'),
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Runs a program in the folder, which has the package and nothing of this repository. */
  const run = (command: string, ...args: string[]) =>
    runProcess(command, args, { cwd: folder, env: isolatedEnvironment([]), deadlineMs: 60_000 });

  /** Runs the README's example for a runner, written as a file, and gives what it printed. */
  async function runExample(text: string, file: string, command: string, ...args: string[]): Promise<string> {
    await writeFile(join(folder, file), text);
    const { code, stdout, stderr } = await run(command, ...args, file);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  }

  const whileRunning = (block: string, look: (orgs: readonly TypedOrg[]) => Promise<void>): Promise<void> =>
    whileOrgsRun(block, folder, look);

  it('starts its orgs with npx, and ends with Ctrl+C', () =>
    whileRunning(codeBlock('local-org/README.md', '--org dev --org uat'), async (orgs) => {
      assert.deepEqual(
        orgs.map(({ name }) => name),
        ['dev', 'uat'],
      );
      for (const { instanceUrl } of orgs)
        assert.equal((await fetch(`${instanceUrl}/services/data`)).status, 200);
    }));

  it('keeps them in a folder', async () => {
    await whileRunning(withFreePorts(codeBlock('local-org/README.md', '--state')), () => Promise.resolve());
    assert.notDeepEqual(await readdir(join(folder, 'orgs')), []);
  });

  it('has faults from the start, and can be controlled while it runs', () =>
    whileRunning(withFreePorts(codeBlock('local-org/README.md', '--fault deploy')), async ([org]) => {
      assert.ok(org);
      const orders = withAddress(codeBlock('local-org/README.md', 'curl $ORG/faults'), org);
      const { stdout } = await new Shell(folder, isolatedEnvironment([])).type(orders);
      assert.match(stdout, /"id": 1,\s+"on": "deploy",[^]*?"id": 2,\s+"on": "checkDeployStatus",/);
      assert.doesNotMatch(stdout, /"error"/);
      assert.match(await readFile(join(folder, 'portal.eca'), 'utf8'), /<ExternalClientApplication /);
      await assert.rejects(fetch(org.instanceUrl), 'it is offline in the end');
    }));

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
    const output = await runExample(
      codeBlock('local-org/README.md', "describe('a session'"),
      'session.test.mjs',
      'node',
      mocha,
    );
    assert.match(output, /1 passing/);
  });

  it('works in a test of node:test, as the README says', async () => {
    const output = await runExample(
      codeBlock('local-org/README.md', "from 'node:test'"),
      'faults.test.mjs',
      'node',
      '--test',
      '--test-reporter=tap',
    );
    assert.match(output, /^# pass 1$/m);
  });

  it('works in a test of vitest, as the README says', async function () {
    const installed = await run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', vitest);
    if (installed.code !== 0) {
      console.log(`      skipped: ${vitest} cannot be had: ${installed.stderr.trim().split('\n')[0] ?? ''}`);
      this.skip();
    }
    const output = await runExample(
      codeBlock('local-org/README.md', "from 'vitest'"),
      'token.test.mjs',
      'npx',
      'vitest',
      'run',
    );
    assert.match(output, /Tests .*1 passed/);
  });
});
