import assert from 'node:assert/strict';
import type { FaultRow } from '../faultRow.js';
import { beforeDeploy, duringDeploy, patient } from '../scene.js';

/** What happens to the Temporal server, and to the way to it. */
export const engineRows: readonly FaultRow[] = [
  {
    name: 'server killed, and started again at once: nothing is done twice',
    orgs: ['acme'],
    does: async (scene) => {
      await scene.worker('worker-1');
      const { handle, release } = await scene.startHeldAt(duringDeploy, { timings: patient });
      await scene.server.kill();
      await scene.server.startAgain();
      release();
      return scene.ended(handle);
    },
    checks: {},
  },
  {
    name: 'server killed, and started again when the CLI has been ended',
    orgs: ['acme'],
    does: async (scene) => {
      const worker = await scene.worker('worker-1');
      const { handle, release } = await scene.startHeldAt(beforeDeploy);
      await scene.server.kill();
      await worker.operationsEnded();
      await scene.assertLockLeft();
      release();
      await scene.server.startAgain();
      return scene.ended(handle);
    },
    checks: { isTakenOver: true },
  },
  {
    name: 'network between worker and server cut, another worker takes over, and mended',
    orgs: ['acme'],
    does: async (scene) => {
      const network = await scene.network();
      const first = await scene.worker('worker-1', { address: network.address });
      const { handle, release } = await scene.startHeldAt(beforeDeploy);
      const second = await scene.worker('worker-2');
      network.cut();
      await first.operationsEnded();
      await scene.assertLockLeft();
      release();
      await scene.isSet();
      network.mend();
      await scene.ended(handle);
      // The first one works on.
      await second.signal('SIGTERM');
      assert.equal(await second.exitCode(), 0);
      return handle;
    },
    checks: { isTakenOver: true },
  },
];
