import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { createProgramActivities } from '../../src/activities/index.js';
import { exportedState } from '../../src/activities/quickLook.js';
import type { Heartbeat, StackOutcome } from '../../src/contract/activities.js';
import { defaultPlan } from '../../src/rollOut/checkPlan.js';
import { arrival } from '../support/arrival.js';
import { Engine } from '../support/engine.js';
import { PostgresServer } from '../support/postgresServer.js';
import { startRollOut, testOptions } from '../support/runs.js';
import { componentsOf, deploysOf, settingOf, WorldOfOrgs } from '../support/worldOfOrgs.js';
import { assertClean, assertLocksHold } from './sharedState.js';

describe('a fleet with its state in PostgreSQL', function () {
  this.timeout(240_000);
  let database: PostgresServer;
  let world: WorldOfOrgs;
  const names = ['acme', 'beta', 'gamma', 'locked', 'crashed', 'restarted'];

  before(async () => {
    database = await PostgresServer.start();
    world = await WorldOfOrgs.createOn(database.backend, ...names);
  });
  after(async () => {
    await world.close();
    await database.close();
  });

  it('rolls out over three orgs, two at a time, and takes everything back', async function () {
    this.timeout(3_600_000);
    const orgs = ['acme', 'beta', 'gamma'];
    const originals = orgs.map((name) => componentsOf(world.org(name)));
    const stacks = orgs.map((name) => world.stack(name));
    const program = { program: 'policies', digest: world.digest };
    const engine = await Engine.start();
    const owned = createProgramActivities(world.settings, 'policies', world.digest);
    try {
      await engine.workflowWorker({
        programOfToday: () => Promise.resolve({ worker: 'worker-1', ...program }),
      });
      await engine.programWorker('policies', world.digest, owned.activities);
      for (const operation of ['up', 'destroy'] as const) {
        const run = await startRollOut(engine, stacks, {
          ...program,
          operation,
          plan: { ...defaultPlan, stages: ['prod'], canary: 1, percentages: [100], gates: [] },
          options: { ...testOptions, atATime: 2 },
        });
        const { status } = await run.result();
        assert.deepEqual([status.state, status.problems], ['done', []]);
        assert.deepEqual(
          status.waves.map(({ changed }) => changed),
          [1, 2],
        );
        const minutes = orgs.map((name) => settingOf(world.org(name), 'namedUserJwtTimeout'));
        if (operation === 'up') assert.deepEqual(minutes, ['30', '30', '30']);
      }
      assert.deepEqual(
        orgs.map((name) => componentsOf(world.org(name))),
        originals,
      );
    } finally {
      await engine.stop();
      owned.close();
    }
  });

  it('takes away the lock of an attempt that was killed, and no other', async () => {
    await assertLocksHold(world, 'locked');
  });

  /** An `up` during which the database crashes; it is there again when the engine tries the next time. */
  async function upWithCrash(
    name: string,
    startAgain: 'at once' | 'when the attempt has ended',
  ): Promise<void> {
    const org = world.org(name);
    const original = componentsOf(org);
    const release = org.faults.holdNext('checkDeployStatus');
    const arrived = arrival(org, 'checkDeployStatus');
    let heartbeatDetails: Heartbeat | undefined;
    const attempt = world
      .call('up', world.stack(name), {
        send: (details) => {
          heartbeatDetails = details;
          return Promise.resolve('goOn');
        },
      })
      .catch((thrown: unknown) => thrown);
    await arrived;
    await database.crash();
    if (startAgain === 'at once') await database.startAgain();
    release();
    const first = await attempt;
    if (startAgain !== 'at once') await database.startAgain();
    if (first instanceof Error) {
      assert.ok(first instanceof ApplicationFailure, String(first));
      assert.deepEqual([first.type, first.nonRetryable], ['Passing', false], first.message);
      const second: StackOutcome = await world.call('up', world.stack(name), {
        attempt: 2,
        heartbeatDetails,
      });
      assert.match(second.status, /^(?:un)?changed$/);
    }
    assert.deepEqual([deploysOf(org), settingOf(org, 'namedUserJwtTimeout')], [1, '30']);
    await assertClean(world, name, original);
  }

  it('ends right when the database restarts during an up', () => upWithCrash('restarted', 'at once'));

  it('ends right when the database is gone to the end of an up', () =>
    upWithCrash('crashed', 'when the attempt has ended'));

  it('never shows the password of the database', async () => {
    const { password } = database;
    const failures: string[] = [];
    // An address that cannot be read, a database that is not there, and one that refuses the password.
    for (const [from, to] of [
      [':', ':%zz'],
      ['/postgres?', '/none?'],
      ['fleet:', 'stranger:'],
    ] as const) {
      const at = database.backend.indexOf(from, 'postgres://'.length);
      const backend = database.backend.slice(0, at) + to + database.backend.slice(at + from.length);
      assert.ok(backend.includes(password));
      const thrown: unknown = await world
        .callOn({ ...world.settings, backend }, 'up', world.stack('acme'))
        .catch((error: unknown) => error);
      assert.ok(thrown instanceof ApplicationFailure, String(thrown));
      failures.push(thrown.message + JSON.stringify(thrown.details));
      const look = await exportedState({ ...world.settings, backend }, join(world.folder, 'program'), 'acme');
      assert.ok(typeof look === 'string');
      assert.match(look, /^the state could not be read: /);
      failures.push(look);
    }
    assert.deepEqual(
      failures.filter((text) => text.includes(password)),
      [],
    );
    assert.deepEqual(await world.filesWith([password]), []);
  });
});
