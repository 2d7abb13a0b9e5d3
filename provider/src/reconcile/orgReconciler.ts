import { setTimeout as sleep } from 'node:timers/promises';
import DataLoader from 'dataloader';
import type { FieldValues } from '../policy/fields.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { ReconcileJob, ReconcileResult } from './job.js';
import { OrgPreview } from './orgPreview.js';
import type { PreviewResult } from './orgPreview.js';
import { OrgView } from './orgView.js';
import { Walk } from './walk.js';
import type { OrgMemory } from './orgMemory.js';

/**
 * A walk starts when no more job has arrived for so many milliseconds: the engine hands them over one by one, on a busy machine
 * with gaps. Where many have come, more are to be expected, and one that comes too late costs a deploy of its own.
 */
const quietMilliseconds = (jobs: number): number => Math.min(Math.max(20, 10 * jobs), 500);

/**
 * The jobs of a walk that is over make room for others of the same run, which come once the engine has recorded the results. They
 * are waited for as long as a part of that walk, for a deploy of their own would cost them a whole one.
 */
const patienceMilliseconds = (lastWalk: number): number => Math.min(lastWalk / 8, 1500);

/** After so many milliseconds a walk starts in any case. */
const longestGatherMilliseconds = 10_000;

/** The last walk in each org, by organization id, and when the last one that is over ended: an org runs one deploy at a time. */
const lastWalks = new Map<string, Promise<unknown>>();
const lastEnds = new Map<string, { at: number; reconciler: OrgReconciler }>();

/** @param walk is told when the walk before it ended, by this process's clock, where it was one of another reconciler */
async function afterLastWalk<T>(
  reconciler: OrgReconciler,
  walk: (lastEnd: number | undefined) => Promise<T>,
): Promise<T> {
  const { organizationId } = reconciler.connection;
  const turn = (lastWalks.get(organizationId) ?? Promise.resolve())
    .then(() => {
      const last = lastEnds.get(organizationId);
      return walk(last?.reconciler === reconciler ? undefined : last?.at);
    })
    .finally(() => {
      lastEnds.set(organizationId, { at: performance.now(), reconciler });
    });
  lastWalks.set(
    organizationId,
    turn.catch(() => undefined),
  );
  return turn;
}

/** Reconciles apps of one org; jobs that arrive together share one walk, and the next gather while it runs. */
export class OrgReconciler {
  readonly #loader: DataLoader<ReconcileJob, ReconcileResult>;
  readonly #view: OrgView;
  #waiting: ReconcileJob[] = [];
  #lastArrival = 0;
  /** Jobs that are waiting or being worked on, now and at most so far. */
  #together = 0;
  #mostTogether = 0;
  #lastWalk = { end: 0, duration: 0 };

  readonly #preview: OrgPreview;

  constructor(readonly connection: OrgConnection) {
    this.#preview = new OrgPreview(connection);
    this.#view = new OrgView(connection);
    const memory: OrgMemory = { deploysInTwoSteps: false, view: this.#view };
    let current: Promise<unknown> = Promise.resolve();
    let tail: Promise<unknown> = Promise.resolve();
    this.#loader = new DataLoader(
      async (jobs) => {
        this.#waiting = [];
        const walk = afterLastWalk(this, async (lastEnd) => {
          // A walk through another alias of the org may have changed it.
          this.#view.doubtOwnChange(lastEnd ?? 0);
          const start = performance.now();
          const results = await new Walk(connection, jobs, memory).run();
          const end = performance.now();
          this.#lastWalk = { end, duration: end - start };
          return results;
        });
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
    this.#waiting.push(job);
    this.#lastArrival = performance.now();
    this.#view.doubt();
    this.#together += 1;
    this.#mostTogether = Math.max(this.#mostTogether, this.#together);
    try {
      return await this.#loader.load(job);
    } finally {
      this.#together -= 1;
    }
  }

  /**
   * Tells what a job would change, from one retrieve for all jobs of the run; changes nothing.
   *
   * @param validates whether the org is to validate the change
   * @param onLive told the values of the job's fields as the org holds them, before anything is refused
   * @throws ProviderError when {@link reconcile} would refuse the job
   */
  async preview(
    job: ReconcileJob,
    validates: boolean,
    onLive: (live: FieldValues) => void,
  ): Promise<PreviewResult> {
    return this.#preview.look(job, validates, onLive);
  }

  /** From when on no more jobs are to be expected. */
  #quietFrom(): number {
    const quiet = this.#lastArrival + quietMilliseconds(this.#waiting.length);
    const isRoomLeft = this.#waiting.length < this.#mostTogether;
    const { end, duration } = this.#lastWalk;
    return isRoomLeft
      ? Math.max(quiet, Math.max(this.#lastArrival, end) + patienceMilliseconds(duration))
      : quiet;
  }

  /** Waits until the jobs that come together have come; what they will need of the org is read meanwhile. */
  async #gather(): Promise<void> {
    const latestStart = performance.now() + longestGatherMilliseconds;
    for (;;) {
      this.#view.lookAhead(this.#waiting);
      const remaining = Math.min(this.#quietFrom(), latestStart) - performance.now();
      if (remaining > 0) {
        await sleep(remaining);
      } else if (this.#view.isLooking) {
        await this.#view.looked();
      } else {
        return;
      }
    }
  }
}
