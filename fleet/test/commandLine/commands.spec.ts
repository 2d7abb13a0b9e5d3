import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { codeBlock } from '../../../test/support/codeBlocks.js';
import {
  fleetTaskQueue,
  programTaskQueue,
  type OutcomeStatus,
  type ProgramActivities,
  type StackOutcome,
  type StackTask,
  type WorkerActivities,
} from '../../src/contract/activities.js';
import type { DevServer } from '../../src/server/devServer.js';
import { installQuietRuntime } from '../../src/worker/quietRuntime.js';
import { runCommand } from '../support/runCommand.js';
import { startTestServer } from '../support/testServer.js';

const inventory = [
  'name,stage,credential,address',
  'a-dev,dev,a-dev,https://a-dev.my.salesforce.com',
  'a,prod,a,https://a.my.salesforce.com',
  'b,prod,b,https://b.my.salesforce.com',
  '',
].join('\n');

/** The arguments of each `eca-fleet` in a block of a page, as a shell splits them. */
function argumentsIn(block: string): string[][] {
  const script = `eca-fleet() { printf '%s\\0' "$@"; printf '\\n'; }\n${block}`;
  const lines = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
  return lines.map((line) => line.split('\0').slice(0, -1));
}

describe('the commands of eca-fleet', function () {
  this.timeout(60_000);
  let folder = '';
  let server: DevServer;
  let settings = '';
  let stopWorkers: () => Promise<void>;
  /** What a stack does when it is not unchanged. */
  const behaviour = new Map<string, OutcomeStatus>();
  const done: string[] = [];

  const work = (task: StackTask): Promise<StackOutcome> => {
    done.push(`${task.operation} ${task.stack.stack} ${task.digest}`);
    const { stack } = task.stack;
    const status = behaviour.get(stack) ?? (task.operation === 'drift' ? 'unchanged' : 'changed');
    return Promise.resolve({
      stack,
      status,
      orgs: [{ org: stack, status }],
      message: `${stack} is ${status}`,
    });
  };
  const programActivities: ProgramActivities = {
    up: work,
    preview: work,
    destroy: work,
    drift: work,
    quickLook: ({ stacks }) => Promise.resolve(stacks.map(({ stack }) => ({ stack, isClean: true }))),
    ready: () => Promise.resolve({ worker: 'test', program: 'gateway', digest: 'd1' }),
  };
  const workerActivities: WorkerActivities = {
    programOfToday: (program) => Promise.resolve({ worker: 'test', program, digest: 'd1' }),
  };

  before(async function () {
    this.timeout(3_600_000);
    folder = await mkdtemp(join(tmpdir(), 'fleet-commands-'));
    server = await startTestServer(folder);
    process.env['TEMPORAL_ADDRESS'] = server.address;
    installQuietRuntime(() => undefined);
    const connection = await NativeConnection.connect({ address: server.address });
    const workers = [
      await Worker.create({
        connection,
        taskQueue: fleetTaskQueue,
        workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
        activities: workerActivities,
      }),
      await Worker.create({
        connection,
        taskQueue: programTaskQueue('gateway', 'd1'),
        activities: programActivities,
      }),
    ];
    const running = Promise.all(workers.map((worker) => worker.run()));
    stopWorkers = async () => {
      for (const worker of workers) worker.shutdown();
      await running;
      await connection.close();
    };
    settings = join(folder, 'fleet.yaml');
    await writeFile(join(folder, 'orgs.csv'), inventory);
    await writeFile(
      settings,
      'rollOut: { program: gateway, inventory: orgs.csv, stages: [dev, prod], canary: 1, percentages: [100], gates: [prod] }\n',
    );
  });
  after(async () => {
    delete process.env['TEMPORAL_ADDRESS'];
    await stopWorkers();
    await server.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    behaviour.clear();
    done.length = 0;
  });

  const run = (...args: string[]) => runCommand(...args, '--settings', settings);

  it('roll out up to a gate, refuse a wrong approval, and go on after the right one', async () => {
    const begun = await run('roll-out', 'gated', '--watch');
    assert.equal(begun.code, 2);
    assert.match(begun.stderr, /Approve it: eca-fleet approve gated prod --why <reason>/);
    assert.match(begun.stdout, /waits for approval/);

    const wrong = await run('approve', 'gated', 'dev', '--why', 'mistake');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /^eca-fleet: not approved: /);

    const right = await run('approve', 'gated', 'prod', '--why', 'tested', '--by', 'ada');
    assert.equal(right.code, 0, right.stderr);
    assert.match(right.stdout, /^gated /);
    const summary = join(folder, 'summary.md');
    const ended = await run('status', 'gated', '--watch', '--json', '--markdown', summary);
    assert.equal(ended.code, 0);
    const status = JSON.parse(ended.stdout) as { state: string; digest: string; requests: unknown[] };
    assert.deepEqual([status.state, status.digest], ['done', 'd1']);
    assert.match(JSON.stringify(status.requests), /"by":"ada","why":"tested"/);
    assert.match(await readFile(summary, 'utf8'), /^## gated: up of gateway\n\n\*\*done\*\*/);
    assert.deepEqual(
      done.filter((line) => line.startsWith('up')),
      ['up a-dev d1', 'up a d1', 'up b d1'],
    );
    assert.match((await run('approve', 'gated', 'prod', '--why', 'again')).stderr, /gated has ended: done/);
  });

  it('stop at the budget, go on with a larger one, and retry what failed', async () => {
    behaviour.set('a', 'failed');
    const stopped = await run('roll-out', 'budget', '--gates', '', '--watch');
    assert.equal(stopped.code, 2);
    assert.match(stopped.stdout, /prod a failed\n {2}a is failed/);
    assert.match(stopped.stderr, /Go on: eca-fleet retry budget/);
    await run('resume', 'budget', '--budget', '1', '--why', 'known');
    const ended = await run('status', 'budget', '--watch');
    assert.match(ended.stdout, /done with failures/);
    assert.match(ended.stderr, /Run again what failed: eca-fleet retry budget/);

    behaviour.clear();
    done.length = 0;
    const retried = await run('retry', 'budget', '--watch');
    assert.equal(retried.code, 0, retried.stderr);
    assert.deepEqual(done, ['up a d1']);
    assert.match((await run('retry', 'budget')).stderr, /nothing is left to do in budget/);
  });

  it('pause, resume and abort', async () => {
    await run('roll-out', 'paused');
    await run('status', 'paused', '--watch');
    await run('pause', 'paused', '--why', 'lunch');
    assert.match((await run('status', 'paused', '--watch')).stdout, /paused: Paused by .*: lunch/);
    await run('resume', 'paused');
    assert.match((await run('status', 'paused', '--watch')).stdout, /waits for approval/);
    await run('abort', 'paused', '--why', 'enough');
    const ended = await run('status', 'paused', '--watch');
    assert.equal(ended.code, 2);
    assert.match(ended.stdout, /aborted/);
  });

  it('retry what an aborted roll-out had not begun, behind the gate that nobody passed', async () => {
    await run('roll-out', 'left', '--watch');
    assert.match((await run('retry', 'left')).stderr, /nothing has failed in left: The stage before prod/);
    assert.match(
      (await run('retry', 'left', '--program-of-today')).stderr,
      /left has not ended, and keeps its program: end it first with "eca-fleet abort left --urgent"/,
    );
    await run('abort', 'left', '--why', 'upgrade');
    await run('status', 'left', '--watch');
    done.length = 0;
    const retried = await run('retry', 'left', '--program-of-today', '--watch');
    assert.match(retried.stderr, /left has begun again with 2 stacks: what failed or had not begun\./);
    assert.match(retried.stdout, /waits for approval: Stage prod waits for approval\./);
    assert.deepEqual(done, []);
    await run('approve', 'left', 'prod', '--why', 'go');
    assert.equal((await run('status', 'left', '--watch')).code, 0);
    assert.deepEqual(done, ['up a d1', 'up b d1']);
  });

  it('refuse a gate of the settings before a stage that the plan lacks', async () => {
    const misspelt = join(folder, 'misspelt.yaml');
    const text = await readFile(settings, 'utf8');
    await writeFile(misspelt, text.replace('gates: [prod]', 'gates: [production]'));
    const { code, stderr } = await runCommand('roll-out', 'unguarded', '--settings', misspelt);
    assert.equal(code, 1);
    assert.match(stderr, /There is a gate before stage production, which the plan lacks\./);
    assert.deepEqual(done, []);
    const devOnly = await run('roll-out', 'dev-only', '--stages', 'dev', '--only', 'a-dev', '--watch');
    assert.equal(devOnly.code, 0, devOnly.stderr);
  });

  it('show an org that has drifted, and exit with 2', async () => {
    assert.equal((await run('drift', 'clean')).code, 0);
    behaviour.set('b', 'drifted');
    const found = await run('drift', 'found');
    assert.equal(found.code, 2);
    assert.match(found.stdout, /b drifted\n {2}b is drifted/);
    const list = await run('status');
    assert.equal(list.code, 2);
    assert.match(list.stdout, /^found +drift +\S+ +done/m);
  });

  it('destroy with the program of the last roll-out', async () => {
    await run('roll-out', 'before', '--gates', '', '--watch');
    done.length = 0;
    const destroyed = await run(
      'roll-out',
      'end',
      '--operation',
      'destroy',
      '--only',
      'b',
      '--gates',
      '',
      '--watch',
    );
    assert.equal(destroyed.code, 0, destroyed.stderr);
    assert.deepEqual(done, ['destroy b d1']);
  });

  it('create, list, trigger and remove a schedule', async () => {
    for (const cron of ['17 3 * * *', '17 4 * * 0']) {
      const created = await run('schedule', 'create', 'nightly', '--cron', cron);
      assert.deepEqual([created.code, created.stdout], [0, `nightly: 3 stacks, at ${cron} (UTC)\n`]);
    }
    assert.deepEqual(
      (await run('schedule', 'trigger', 'nightly')).stdout,
      'nightly: a run was asked for; it is skipped if one is under way\n',
    );
    assert.match((await run('schedule', 'list')).stdout, /^nightly +\d{4}-\d\d-\d\dT04:17:00$/m);
    assert.equal((await run('schedule', 'remove', 'nightly')).stdout, 'nightly is removed\n');
    for (const command of ['trigger', 'remove'])
      assert.equal(
        (await run('schedule', command, 'nightly')).stderr,
        'eca-fleet: the engine knows no schedule "nightly": "eca-fleet schedule list" lists them\n',
      );
  });

  it('check the inventory, and name an org that would get another stack', async () => {
    assert.match((await run('inventory', 'check')).stdout, /^stage +stacks +orgs\ndev +1 +1\nprod +2 +2\n/);
    const renamed = join(folder, 'renamed.csv');
    await writeFile(renamed, inventory.replace('a,prod,a', 'acme,prod,a').replace('b,prod', 'B b,prod'));
    const faulty = await run('inventory', 'check', '--inventory', renamed);
    assert.equal(faulty.code, 2);
    assert.match(faulty.stdout, /The inventory has 1 fault/);
    await writeFile(renamed, inventory.replace('a,prod,a', 'acme,prod,a'));
    await run('roll-out', 'remember', '--gates', '', '--watch');
    const other = await run('inventory', 'check', '--inventory', renamed);
    assert.equal(other.code, 2);
    assert.match(other.stdout, /was in the stack a as a and would now be in acme/);
    assert.equal((await run('roll-out', 'other', '--inventory', renamed)).code, 1);
    await writeFile(renamed, inventory.replace(/^b,.*\n/m, ''));
    assert.match(
      (await run('inventory', 'check', '--inventory', renamed)).stderr,
      /^b has left the inventory\. Its stack b and the settings in the org stay/,
    );
  });

  it('look for drift at fixed times, and remove a fleet, as the page on fleets says', async () => {
    const typed = async (block: string): Promise<string> => {
      let shown = '';
      for (const args of argumentsIn(block)) {
        const { code, stdout, stderr } = await run(...args);
        assert.notEqual(code, 1, stderr);
        shown += stdout;
      }
      return shown;
    };
    assert.equal(
      await typed(codeBlock('docs/fleet.md', 'schedule create')),
      'nightly: 3 stacks, at 17 3 * * * (UTC)\nweekly: 3 stacks, at 41 4 * * 0 (UTC)\n',
    );
    const removed = await typed(codeBlock('docs/fleet.md', 'schedule remove'));
    assert.match(removed, /^nightly is removed\nweekly is removed$/m);
    await run('roll-out', 'last', '--gates', '', '--watch');
    done.length = 0;
    await typed(codeBlock('docs/fleet.md', 'roll-out removal'));
    assert.deepEqual(done.toSorted(), ['destroy a d1', 'destroy a-dev d1', 'destroy b d1']);
  });

  it('say what is wrong with arguments, names and plans, and exit with 1', async () => {
    for (const [args, message] of [
      [['status', 'nobody'], /the engine knows no roll-out and no drift run "nobody"/],
      [['retry', 'nobody'], /the engine knows no roll-out "nobody"/],
      [['roll-out', 'a/b'], /It may have letters, digits/],
      [['roll-out', 'x', '--stages', 'dev'], /Stage prod of stack a is not in the plan: dev\./],
      [['roll-out', 'x', '--only', 'zzz'], /the inventory has no stack zzz/],
      [['roll-out', 'x', '--budget', '-1'], /It must be an integer from 0 on/],
    ] as const) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 1, args.join(' '));
      assert.match(stderr, message);
    }
    process.env['TEMPORAL_ADDRESS'] = '127.0.0.1:1';
    try {
      assert.match(
        (await run('status')).stderr,
        /the Temporal server at 127\.0\.0\.1:1 does not answer .*start one/,
      );
    } finally {
      process.env['TEMPORAL_ADDRESS'] = server.address;
    }
  });
});
