import type { FaultRow } from '../faultRow.js';
import { duringDeploy, patient } from '../scene.js';

/** What happens to the database with the state of the stacks. */
export const databaseRows: readonly FaultRow[] = [
  {
    name: 'database of the state crashes during an up, and is there again at once',
    orgs: ['acme'],
    hasDatabase: true,
    does: async (scene) => {
      await scene.worker('worker-1');
      const { handle, release } = await scene.startHeldAt(duringDeploy, { timings: patient });
      await scene.database.crash();
      await scene.database.startAgain();
      release();
      return scene.ended(handle);
    },
    // Pulumi notices, and leaves a lock, or connects again.
    checks: { changed: 'any', isTakenOver: true },
  },
  {
    name: 'database of the state crashes during an up, and is there again when the attempt has ended',
    orgs: ['acme'],
    hasDatabase: true,
    does: async (scene) => {
      await scene.worker('worker-1');
      const { handle, release } = await scene.startHeldAt(duringDeploy, { timings: patient });
      await scene.database.crash();
      release();
      await scene.isGivenUp('acme');
      await scene.database.startAgain();
      return scene.ended(handle);
    },
    checks: { changed: 'any', isTakenOver: true },
  },
];
