import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlock } from '../../test/support/codeBlocks.js';
import { fleetFolder } from '../demo/folders.js';
import { copyDemo, type DemoCopy } from './support/demoCopy.js';
import { freePort } from './support/freePort.js';

/** The demo, as its pages say, in a copy and with ports of its own. */
describe('the demo', function () {
  this.timeout(900_000);
  let copy: DemoCopy;
  let port = 0;
  let demo: ChildProcess | undefined;
  let output = '';

  const type = (block: string, cwd: string): { code: number | null; output: string } => {
    const env = { ...process.env, TEMPORAL_ADDRESS: `127.0.0.1:${port}` };
    const { status, stdout, stderr } = spawnSync('bash', ['-c', block], { cwd, env, encoding: 'utf8' });
    return { code: status, output: stdout + stderr };
  };

  before(async function () {
    this.timeout(3_600_000);
    copy = await copyDemo();
    port = await freePort();
    const [cd, ci, start] = codeBlock('fleet/README.md', 'npm ci').trim().split('\n');
    // The tests run on what npm ci has installed.
    assert.deepEqual([cd, ci], ['cd fleet', 'npm ci']);
    const command = `${start ?? ''} -- --port ${port} --ui-port ${await freePort()}`;
    demo = spawn('bash', ['-c', `exec ${command}`], {
      cwd: copy.fleetFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    await new Promise<void>((resolve, reject) => {
      for (const stream of [demo?.stdout, demo?.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          if (output.includes('takes up to 2 stacks')) resolve();
        });
      }
      demo?.once('close', () => {
        reject(new Error(`the demo ended:\n${output}`));
      });
    });
  });
  after(async () => {
    if (demo?.pid !== undefined && demo.exitCode === null) {
      const closed = once(demo, 'close');
      // As Ctrl-C in its terminal: every process of it gets the signal.
      process.kill(-demo.pid, 'SIGINT');
      await closed;
    }
    await copy.remove();
  });

  it('rolls the policy out and shows the waves', () => {
    const { code, output: shown } = type(
      codeBlock('fleet/README.md', 'npm run demo:roll-out'),
      copy.fleetFolder,
    );
    assert.equal(code, 0, shown);
    const [head = ''] = codeBlock('fleet/README.md', 'uat    canary').split('\n');
    assert.ok(shown.includes(head), shown);
    assert.match(shown, /^demo: up of agent-gateway [0-9a-f]+\ndone: /m);
    assert.match(shown, /^prod +canary +1 +1 +- +- +- +1 +- +-$/m);
  });

  it('finds the org that somebody has changed', () => {
    const { code, output: shown } = type(
      codeBlock('fleet/README.md', 'npm run demo:drift'),
      copy.fleetFolder,
    );
    assert.equal(code, 0, shown);
    assert.match(shown, /^prod globex drifted\n {2}.*720/m);
    assert.match(shown, /The drift run has found it/);
  });

  it('waits at the gate of the example, goes on when it is approved, and takes the settings back', () => {
    const begin = codeBlock('examples/fleet/README.md', 'roll-out spring');
    const [define = ''] = begin.split('\n');
    const waiting = type(begin, copy.exampleFolder);
    assert.equal(waiting.code, 2, waiting.output);
    assert.match(waiting.output, /eca-fleet approve spring prod/);
    const approved = type(
      define + '\n' + codeBlock('examples/fleet/README.md', 'approve spring'),
      copy.exampleFolder,
    );
    assert.equal(approved.code, 0, approved.output);
    const gone = type(define + '\n' + codeBlock('examples/fleet/README.md', 'goodbye'), copy.exampleFolder);
    assert.equal(gone.code, 0, gone.output);
  });

  it('loads one @pulumi/pulumi', () => {
    const listed = execFileSync(
      process.execPath,
      [
        '-e',
        `for (const name of ['@pulumi/pulumi', 'pulumi-salesforce-eca']) require(name);
        console.log(Object.keys(require.cache).filter((file) => /@pulumi.pulumi.index.js$/.test(file)).length);`,
      ],
      { cwd: join(copy.exampleFolder, 'program'), encoding: 'utf8' },
    );
    assert.equal(listed, '1\n');
    // A worker that loaded one of its own would give the program two.
    assert.equal(existsSync(join(fleetFolder, 'node_modules/@pulumi/pulumi')), false);
  });
});
