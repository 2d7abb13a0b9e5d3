import { setTimeout as sleep } from 'node:timers/promises';
import DataLoader from 'dataloader';
import type { OrgConnection } from '../salesforce/orgConnection.js';
import type { ReconcileJob, ReconcileResult } from './job.js';
import { Walk } from './walk.js';
import type { OrgMemory } from './walk.js';

/** How long a walk waits for more jobs before it starts, in milliseconds: the engine hands them over one by one. */
const gatherMilliseconds = 20;

/** The end of the last walk in each org, by organization id: an org runs one deploy at a time. */
const lastWalks = new Map<string, Promise<unknown>>();

async function afterLastWalk<T>(organizationId: string, walk: () => Promise<T>): Promise<T> {
  const turn = (lastWalks.get(organizationId) ?? Promise.resolve()).then(walk);
  lastWalks.set(
    organizationId,
    turn.catch(() => undefined),
  );
  return turn;
}

/** Reconciles apps of one org; jobs that arrive together share one walk, and the next gather while it runs. */
export class OrgReconciler {
  readonly #loader: DataLoader<ReconcileJob, ReconcileResult>;

  constructor(readonly connection: OrgConnection) {
    const memory: OrgMemory = { deploysInTwoSteps: false };
    let current: Promise<unknown> = Promise.resolve();
    let tail: Promise<unknown> = Promise.resolve();
    this.#loader = new DataLoader(
      async (jobs) => {
        const walk = afterLastWalk(connection.organizationId, () => new Walk(connection, jobs, memory).run());
        current = walk.catch(() => undefined);
        return walk;
      },
      {
        cache: false,
        batchScheduleFn: (start) => {
          tail = tail
            .then(() => sleep(gatherMilliseconds))
            .then(() => {
              start();
              return current;
            });
        },
      },
    );
  }

  /**
   * Brings about what a job wants and tells what the org holds then.
   *
   * @throws ProviderError when the org was not changed, AfterDeployError when it may have been
   */
  async reconcile(job: ReconcileJob): Promise<ReconcileResult> {
    return this.#loader.load(job);
  }
}
