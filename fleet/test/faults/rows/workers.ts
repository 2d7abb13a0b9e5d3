import assert from 'node:assert/strict';
import type { FaultRow } from '../faultRow.js';
import { beforeDeploy, duringDeploy, patient } from '../scene.js';

/** What happens to the process of a worker, with another worker on the same host. */
export const workerRows: readonly FaultRow[] = [
  {
    name: 'worker killed',
    orgs: ['acme'],
    does: async (scene) => {
      const first = await scene.worker('worker-1');
      const { handle, release } = await scene.startHeldAt(duringDeploy);
      await first.signal('SIGKILL');
      await first.operationsEnded();
      await scene.assertLockLeft();
      release();
      await scene.worker('worker-2');
      return scene.ended(handle);
    },
    checks: { isTakenOver: true },
  },
  {
    name: 'worker and its children killed',
    orgs: ['acme'],
    does: async (scene) => {
      const first = await scene.worker('worker-1');
      const { handle, release } = await scene.startHeldAt(beforeDeploy);
      await first.signalAll('SIGKILL');
      await scene.assertLockLeft();
      release();
      await scene.worker('worker-2');
      return scene.ended(handle);
    },
    checks: { isTakenOver: true },
  },
  {
    name: 'worker process frozen past its time-outs, then thawed: another one on its host takes over',
    isSample: true,
    orgs: ['acme'],
    does: async (scene) => {
      const first = await scene.worker('worker-1');
      const { handle, release } = await scene.startHeldAt(beforeDeploy);
      const second = await scene.worker('worker-2');
      await first.signal('SIGSTOP');
      // Its watchdog ends its CLI, which would deploy now.
      await first.operationsEnded();
      await scene.assertLockLeft();
      release();
      await scene.isSet();
      await first.signal('SIGCONT');
      await scene.ended(handle);
      // It works on.
      await second.signal('SIGTERM');
      assert.equal(await second.exitCode(), 0);
      return handle;
    },
    checks: { isTakenOver: true },
  },
  {
    name: 'worker told to stop, with grace: it ends what it has begun',
    orgs: ['acme'],
    does: async (scene) => {
      const first = await scene.worker('worker-1', { graceSeconds: 600 });
      const { handle, release } = await scene.startHeldAt(duringDeploy, { timings: patient });
      await scene.worker('worker-2');
      await first.signal('SIGTERM');
      release();
      assert.equal(await first.exitCode(), 0);
      await scene.ended(handle);
      assert.equal((await scene.outcomeOf('acme')).worker, 'worker-1');
      return handle;
    },
    checks: {},
  },
  {
    name: 'worker told to stop, without grace: it hands over without a lock',
    isSample: true,
    orgs: ['acme'],
    does: async (scene) => {
      const first = await scene.worker('worker-1', { graceSeconds: 0 });
      const { handle, release } = await scene.startHeldAt(duringDeploy, { timings: patient });
      await scene.worker('worker-2');
      await first.signal('SIGTERM');
      release();
      assert.equal(await first.exitCode(), 0);
      return scene.ended(handle);
    },
    // Its CLI may be done when the interrupt comes.
    checks: { changed: 'any' },
  },
];
