import assert from 'node:assert/strict';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { LocalOrg } from 'salesforce-local-org';
import { answeredHeartbeats, type SendHeartbeat } from '../../src/activities/heartbeats.js';
import {
  createProgramActivities,
  createWorkerActivities,
  type OwnedActivities,
} from '../../src/activities/index.js';
import { fleetTaskQueue, type StackOutcome } from '../../src/contract/activities.js';
import { stackId } from '../../src/contract/runs.js';
import { defaultOptions } from '../../src/rollOut/runOptions.js';
import { stack } from '../../src/workflows/index.js';
import { arrival } from '../support/arrival.js';
import { Engine } from '../support/engine.js';
import { componentsOf, settingOf, WorldOfOrgs } from '../support/worldOfOrgs.js';

const deploysOf = (org: LocalOrg): number => org.requests.filter(({ kind }) => kind === 'deploy').length;

describe('an operation, on a real server', function () {
  this.timeout(240_000);
  let world: WorldOfOrgs;
  let engine: Engine;
  let owned: OwnedActivities;
  /** As long as it is set, nothing reaches the server from an activity. */
  let isCutOff = false;
  /** Called when a heartbeat brings a cancellation. */
  let onCancel = (): void => undefined;

  const timings = {
    ...defaultOptions.timings,
    heartbeatTimeout: 5000,
    firstRetryAfter: 100,
    lastRetryAfter: 1000,
  };

  before(async () => {
    world = await WorldOfOrgs.create('acme', 'beta', 'gamma');
    engine = await Engine.start();
    const heartbeats = (): SendHeartbeat => {
      const send = answeredHeartbeats(Context.current());
      return async (details, timeoutMs) => {
        if (isCutOff) throw new Error('cut off');
        const answer = await send(details, timeoutMs);
        if (answer === 'cancel') onCancel();
        return answer;
      };
    };
    owned = createProgramActivities(world.settings, 'policies', world.digest, heartbeats);
    await engine.workflowWorker(createWorkerActivities(world.settings));
    await engine.programWorker('policies', world.digest, owned.activities);
  });
  after(async () => {
    await engine.stop();
    owned.close();
    await world.close();
  });
  afterEach(() => {
    isCutOff = false;
  });

  const start = (operation: 'up' | 'destroy', name: string) =>
    engine.client.workflow.start(stack, {
      workflowId: stackId(name),
      taskQueue: fleetTaskQueue,
      args: [world.task(operation, world.stack(name)), timings],
    });
  const run = async (operation: 'up' | 'destroy', name: string): Promise<StackOutcome> =>
    (await start(operation, name)).result();

  it('has its outcome as the result', async () => {
    const outcome = await run('up', 'acme');
    assert.deepEqual([outcome.status, outcome.worker], ['changed', 'worker-1']);
  });

  it('gets one Ctrl-C when it is cancelled, finishes its deploy, and leaves no lock', async () => {
    const org = world.org('beta');
    const release = org.faults.holdNext('checkDeployStatus');
    const arrived = arrival(org, 'checkDeployStatus');
    const handle = await start('up', 'beta');
    await arrived;
    const cancelled = new Promise<void>((resolve) => {
      onCancel = resolve;
    });
    await handle.cancel();
    await cancelled;
    // The CLI waits for the deploy, which the org now ends.
    release();
    await assert.rejects(handle.result(), (thrown) => {
      assert.ok(
        thrown instanceof WorkflowFailedError && thrown.cause instanceof CancelledFailure,
        String(thrown),
      );
      return true;
    });
    assert.equal(settingOf(org, 'namedUserJwtTimeout'), '30');
    assert.deepEqual([(await run('up', 'beta')).recovered, deploysOf(org)], [undefined, 1]);
  });

  it('is ended when nothing reaches the server, and the next attempt takes its lock away and loses nothing', async () => {
    const org = world.org('gamma');
    const original = componentsOf(org);
    const release = org.faults.holdNext('checkDeployStatus');
    const arrived = arrival(org, 'checkDeployStatus');
    const handle = await start('up', 'gamma');
    await arrived;
    isCutOff = true;
    await heartbeatTimedOut('gamma');
    isCutOff = false;
    release();
    const outcome = await handle.result();
    assert.match(outcome.recovered ?? '', /^took away the lock of worker-1, pid \d+$/);
    assert.deepEqual([settingOf(org, 'namedUserJwtTimeout'), deploysOf(org)], ['30', 1]);
    await run('destroy', 'gamma');
    assert.deepEqual(componentsOf(org), original);
  });

  /** Resolves when the engine has begun to count a second attempt. */
  async function heartbeatTimedOut(name: string): Promise<void> {
    for (;;) {
      const { raw } = await engine.client.workflow.getHandle(stackId(name)).describe();
      if (raw.pendingActivities?.some(({ attempt }) => (attempt ?? 1) > 1) === true) return;
    }
  }
});
