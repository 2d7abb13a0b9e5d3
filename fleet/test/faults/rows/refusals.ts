import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { killMarkedProcesses } from '../../../../test/support/markedProcesses.js';
import { readRun } from '../../../src/commandLine/runs.js';
import { requestNames } from '../../../src/contract/runs.js';
import type { RollOutStatus } from '../../../src/contract/status.js';
import { arrival } from '../../support/arrival.js';
import { until } from '../../support/until.js';
import { app, deploysOf } from '../../support/worldOfOrgs.js';
import type { FaultRow } from '../faultRow.js';
import { duringDeploy, fewAttempts, patient, type Scene } from '../scene.js';

const claim = { by: 'Ada', why: 'a row of the fault table' };

/** Waits until a roll-out has stopped at a failure. */
async function stopped(scene: Scene, handle: WorkflowHandle, problem: RegExp): Promise<RollOutStatus> {
  const { status } = await readRun(await scene.ended(handle));
  assert.equal(status.state, 'stopped');
  assert.match(status.problems[0]?.message ?? '', problem);
  return status;
}

/** Tries again what failed. */
async function retried(scene: Scene, handle: WorkflowHandle): Promise<WorkflowHandle> {
  await handle.signal(requestNames.retry, claim);
  await until(async () => (await readRun(handle)).status.state !== 'stopped');
  return scene.ended(handle);
}

/** Somebody refreshes the stack of the first org, and the CLI is killed. */
async function leaveLockByHand({ org, world }: Scene): Promise<void> {
  const release = org.faults.holdNext('versions');
  const arrived = arrival(org, 'versions');
  const refresh = world.refreshByHand(world.stack(org.name)).catch(() => undefined);
  await arrived;
  await killMarkedProcesses('PULUMI_HOME', world.homeByHand);
  release();
  await refresh;
}

/** What the fleet does not get, from orgs, people, and whoever else works on a stack. */
export const refusalRows: readonly FaultRow[] = [
  {
    name: 'foreign lock: it is respected and named, and a retry goes on when its owner has taken it away',
    orgs: ['acme'],
    does: async (scene) => {
      await scene.worker('worker-1');
      await scene.ended(await scene.start({ timings: patient }));
      await leaveLockByHand(scene);
      const left = await scene.locks();
      assert.equal(left.length, 1);
      const handle = await scene.start({ timings: fewAttempts });
      await stopped(scene, handle, /^the stack is locked by somebody else: \S+@\S+ \(pid \d+\) since /);
      assert.deepEqual(await scene.locks(), left);
      await scene.world.pulumi(['cancel', '--yes', '--stack', 'acme']);
      return retried(scene, handle);
    },
    checks: { changed: 0 },
  },
  {
    name: 'second roll-out over the same stacks: it waits',
    orgs: ['acme'],
    does: async (scene) => {
      await scene.worker('worker-1');
      const first = await scene.startHeldAt(duringDeploy, { timings: patient });
      const second = await scene.start({ timings: patient });
      await until(async () =>
        (await readRun(second)).status.message.includes('1 stack is held by another run'),
      );
      first.release();
      const { status } = await readRun(await scene.ended(first.handle));
      assert.deepEqual([status.state, status.waves[0]?.changed], ['done', 1]);
      return scene.ended(second);
    },
    checks: { changed: 0 },
  },
  {
    name: 'canary fails beyond the budget: no other org is touched, and a retry goes on',
    orgs: ['acme', 'beta'],
    does: async (scene) => {
      await scene.worker('worker-1');
      scene.org.faults.failComponent(app, 'the org does not want it');
      const handle = await scene.start({ timings: patient, plan: { canary: 1 } });
      const { waves } = await stopped(scene, handle, /the org does not want it/);
      assert.deepEqual([waves[0]?.failed, waves[1]?.waiting], [1, 1]);
      assert.equal(scene.world.org('beta').requests.length, 0);
      scene.org.faults.clear();
      return retried(scene, handle);
    },
    checks: { deploysSent: { acme: 2, beta: 1 } },
  },
  {
    name: 'credentials command fails: no org is touched, and a retry goes on',
    orgs: ['acme'],
    does: async (scene) => {
      await scene.worker('worker-1');
      const vault = join(scene.world.folder, 'vault.mjs');
      await rename(vault, `${vault}.away`);
      const handle = await scene.start({ timings: fewAttempts });
      await stopped(scene, handle, /^the command for credentials failed for acme: it ended with 1/);
      assert.equal(scene.org.requests.length, 0);
      await rename(`${vault}.away`, vault);
      return retried(scene, handle);
    },
    checks: {},
  },
  {
    name: 'credentials are for another address: no org is touched, nothing is tried twice',
    orgs: ['acme', 'beta'],
    does: async (scene) => {
      await scene.worker('worker-1');
      const wrong = [scene.world.stack('acme', { credential: 'beta' })];
      // A second attempt would come later than a row may end.
      const once = { ...patient, firstRetryAfter: 600_000, lastRetryAfter: 600_000 };
      const first = await scene.start({ timings: once, stacks: wrong });
      await stopped(
        scene,
        first,
        /^the credentials of beta are for http\S+, but the inventory says that acme is /,
      );
      for (const org of scene.world.server.orgs) assert.equal(org.requests.length, 0);
      return scene.ended(await scene.start({ timings: patient }));
    },
    checks: {},
  },
  {
    name: 'org down for longer than all attempts take: a retry goes on when it is back',
    orgs: ['acme'],
    does: async (scene) => {
      await scene.worker('worker-1');
      const comeBack = scene.org.faults.goOffline();
      // A request with its repeats may take six seconds.
      const stacks = [scene.world.stack('acme', { configuration: { 'salesforce:timeoutMinutes': '0.1' } })];
      const handle = await scene.start({ timings: fewAttempts, stacks });
      await stopped(scene, handle, /^\[ECA\d{4}\] /);
      await comeBack();
      return retried(scene, handle);
    },
    checks: {},
  },
  {
    name: 'approval of the wrong stage: it is refused, and the stage behind the gate stays untouched',
    orgs: ['acme', 'beta'],
    does: async (scene) => {
      await scene.worker('worker-1');
      const { world } = scene;
      const dev = { ...world.stack('acme', { stage: 'dev' }), stage: 'dev' };
      const handle = await scene.start({
        timings: patient,
        stacks: [dev, world.stack('beta')],
        plan: { stages: ['dev', 'prod'], gates: ['prod'] },
      });
      await scene.ended(handle);
      const approve = (stage: string): Promise<RollOutStatus> =>
        handle.executeUpdate(requestNames.approve, { args: [{ ...claim, stage }] });
      await assert.rejects(approve('dev'));
      const { status } = await readRun(handle);
      assert.deepEqual([status.state, status.requests], ['waits for approval', []]);
      assert.deepEqual([deploysOf(scene.org), world.org('beta').requests.length], [1, 0]);
      await approve('prod');
      return scene.ended(handle);
    },
    checks: {},
  },
];
