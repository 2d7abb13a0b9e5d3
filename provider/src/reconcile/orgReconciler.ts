import { setTimeout as sleep } from 'node:timers/promises';
import DataLoader from 'dataloader';
import type { OrgConnection } from '../salesforce/orgConnection.js';
import type { ReconcileJob, ReconcileResult } from './job.js';
import { OrgPreview } from './orgPreview.js';
import type { PreviewResult } from './orgPreview.js';
import { Walk } from './walk.js';
import type { OrgMemory } from './walk.js';

/**
 * A walk starts when no more job has arrived for so many milliseconds: the engine hands them over one by one, on a busy machine
 * with gaps. Where many have come, more are to be expected, and one that comes too late costs a deploy of its own.
 */
const quietMilliseconds = (jobs: number): number => Math.min(Math.max(20, 10 * jobs), 500);

/** After so many milliseconds a walk starts in any case. */
const longestGatherMilliseconds = 3000;

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
  #waitingJobs = 0;
  #lastArrival = 0;

  readonly #preview: OrgPreview;

  constructor(readonly connection: OrgConnection) {
    this.#preview = new OrgPreview(connection);
    const memory: OrgMemory = { deploysInTwoSteps: false };
    let current: Promise<unknown> = Promise.resolve();
    let tail: Promise<unknown> = Promise.resolve();
    this.#loader = new DataLoader(
      async (jobs) => {
        this.#waitingJobs = 0;
        const walk = afterLastWalk(connection.organizationId, () => new Walk(connection, jobs, memory).run());
        current = walk.catch(() => undefined);
        return walk;
      },
      {
        cache: false,
        batchScheduleFn: (start) => {
          tail = tail
            .then(() => this.#gather())
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
    this.#waitingJobs += 1;
    this.#lastArrival = performance.now();
    return this.#loader.load(job);
  }

  /**
   * Tells what a job would change, from one retrieve for all jobs of the run; changes nothing.
   *
   * @param validates whether the org is to validate the change
   * @throws ProviderError when {@link reconcile} would refuse the job
   */
  async preview(job: ReconcileJob, validates: boolean): Promise<PreviewResult> {
    return this.#preview.look(job, validates);
  }

  /** Waits until the jobs that come together have come. */
  async #gather(): Promise<void> {
    const latestStart = performance.now() + longestGatherMilliseconds;
    for (;;) {
      const start = Math.min(this.#lastArrival + quietMilliseconds(this.#waitingJobs), latestStart);
      const remaining = start - performance.now();
      if (remaining <= 0) {
        return;
      }
      await sleep(remaining);
    }
  }
}
