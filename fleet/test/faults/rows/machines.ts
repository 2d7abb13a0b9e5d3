import assert from 'node:assert/strict';
import { hasOtherMachines } from '../../support/workerProcess.js';
import { deploysOf } from '../../support/worldOfOrgs.js';
import type { FaultRow } from '../faultRow.js';
import { beforeDeploy, duringDeploy } from '../scene.js';

/** What happens to a whole machine, or to a worker on another one than the worker that takes over. */
export const machineRows: readonly FaultRow[] = [
  {
    name: 'machine lost',
    orgs: ['acme'],
    does: async (scene) => {
      const network = await scene.network();
      const first = await scene.worker('worker-1', { machine: 'machine-1', address: network.address });
      const { handle, release } = await scene.startHeldAt(duringDeploy);
      // A lost machine does not close its connections.
      network.cut();
      await first.signalAll('SIGKILL');
      await scene.assertLockLeft();
      release();
      await scene.worker('worker-2');
      return scene.ended(handle);
    },
    checks: { isTakenOver: true },
  },
  {
    name: 'worker process frozen past its time-outs, then thawed: one on another host takes over',
    orgs: ['acme'],
    does: async (scene) => {
      const first = await scene.worker('worker-1', { machine: 'machine-1' });
      const { handle, release } = await scene.startHeldAt(beforeDeploy);
      await scene.worker('worker-2');
      await first.signal('SIGSTOP');
      await first.operationsEnded();
      await scene.assertLockLeft();
      release();
      await scene.isSet();
      await first.signal('SIGCONT');
      return scene.ended(handle);
    },
    checks: { isTakenOver: true },
  },
  {
    name: 'whole machine frozen, and thawed after another one took over: its CLI ends before it deploys',
    isSample: true,
    orgs: ['acme'],
    does: async (scene) => {
      const first = await scene.worker('worker-1', { machine: 'machine-1' });
      const { handle, release } = await scene.startHeldAt(beforeDeploy);
      await scene.worker('worker-2');
      await first.signalAll('SIGSTOP');
      // The response that its provider waits for is there when it thaws.
      release();
      // On one host the lock of a frozen process is respected.
      await (hasOtherMachines() ? scene.isSet() : scene.isGivenUp('acme'));
      const deploys = deploysOf(scene.org);
      await first.signalAll('SIGCONT');
      await first.operationsEnded();
      if (hasOtherMachines()) assert.equal(deploysOf(scene.org), deploys);
      return scene.ended(handle);
    },
    checks: { isTakenOver: true },
  },
];
