import { setTimeout as sleep } from 'node:timers/promises';
import type { OrgConnection } from '../org/orgConnection.js';
import type { ResourceLog } from '../run/engine/engineLog.js';
import { reconcileBatch } from './batch.js';
import type { ReconciledOrg } from './batchEntry.js';
import { isRefreshedByName } from './snapshot/confirmRemembered.js';
import { OrgSnapshots } from './snapshot/orgSnapshots.js';
import type { OrgTurns } from './orgTurns.js';
import { previewRequest } from './preview.js';
import type { PreviewResult } from './preview.js';
import type { ReconcileRequest, ReconcileResult } from './request.js';

/**
 * A batch starts when no further request has arrived for this many milliseconds: the engine passes them on one by one, with gaps on a
 * busy machine. After many requests more are likely, and one that comes too late costs a deploy of its own.
 */
const quietMilliseconds = (requests: number): number => Math.min(Math.max(20, 10 * requests), 500);

/**
 * When a batch ends, the engine records its results and then sends further requests of the same run. The next batch waits for them for a
 * fraction of the time that the last one took, because a deploy of their own would cost that whole time.
 */
const patienceMilliseconds = (lastBatch: number): number => Math.min(lastBatch / 8, 1500);

/** After this many milliseconds a batch starts in any case. */
const longestGatherMilliseconds = 10_000;

/** A request that is waiting for its batch. */
interface Waiting {
  request: ReconcileRequest;
  settle: (result: ReconcileResult | Error) => void;
}

/** Reconciles apps of one org. Requests that arrive together share one batch; the next ones gather while it runs. */
export class OrgReconciler {
  readonly #org: ReconciledOrg;
  readonly #turns: OrgTurns;
  #waiting: Waiting[] = [];
  #isWorking = false;
  #lastArrival = 0;
  /** Requests that are waiting or being worked on, now and at most so far. */
  #together = 0;
  #mostTogether = 0;
  #lastBatch = { end: 0, duration: 0 };
  #previews: Promise<unknown> = Promise.resolve();

  /**
   * @param turns shared by all reconcilers of the run
   * @param stackLog the log for messages about several resources
   */
  constructor(
    readonly connection: OrgConnection,
    turns: OrgTurns,
    stackLog: ResourceLog,
  ) {
    this.#org = {
      connection,
      snapshots: new OrgSnapshots(connection),
      deploysInTwoSteps: false,
      readsByName: true,
      appsReadByName: 0,
      stackLog,
      appsInFirstDeploy: undefined,
      engineHadRoom: false,
    };
    this.#turns = turns;
  }

  /**
   * Makes the change that a request wants and returns the values that the org has afterwards.
   *
   * @throws ProviderError when the org was not changed, AfterDeployError when it may have been
   */
  async reconcile(request: ReconcileRequest): Promise<ReconcileResult> {
    const result = await new Promise<ReconcileResult | Error>((settle) => {
      this.#waiting.push({ request, settle });
      this.#lastArrival = performance.now();
      this.#together += 1;
      this.#mostTogether = Math.max(this.#mostTogether, this.#together);
      if (!this.#isWorking) {
        this.#isWorking = true;
        void this.#work();
      }
    });
    if (result instanceof Error) {
      throw result;
    }
    return result;
  }

  /**
   * Returns what a request would change. Previews run one after the other, from one retrieve for all requests of the run, and change
   * nothing.
   *
   * @param validates whether the org validates the change
   * @throws ProviderError when {@link reconcile} would refuse the request
   */
  async preview(request: ReconcileRequest, validates: boolean): Promise<PreviewResult> {
    const preview = this.#previews.then(() => previewRequest(this.#org, request, validates));
    this.#previews = preview.catch(() => undefined);
    return preview;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather();
      const batch = this.#waiting;
      this.#waiting = [];
      const lastArrival = this.#lastArrival;
      const { organizationId } = this.connection;
      const results = await this.#turns.take(organizationId, this, async (lastOwnChange) => {
        const start = performance.now();
        const requests = batch.map(({ request }) => request);
        const reconciled = await reconcileBatch(this.#org, requests, { lastArrival, lastOwnChange });
        const end = performance.now();
        this.#lastBatch = { end, duration: end - start };
        this.#org.engineHadRoom ||= this.#waiting.length > 0;
        return reconciled;
      });
      this.#together -= batch.length;
      for (const { request, settle } of batch) {
        settle(results.get(request) ?? new Error('no result'));
      }
    }
    this.#isWorking = false;
  }

  /** The time from which no more requests are expected. */
  #quietFrom(): number {
    const quiet = this.#lastArrival + quietMilliseconds(this.#waiting.length);
    const isRoomLeft = this.#waiting.length < this.#mostTogether;
    const { end, duration } = this.#lastBatch;
    return isRoomLeft
      ? Math.max(quiet, Math.max(this.#lastArrival, end) + patienceMilliseconds(duration))
      : quiet;
  }

  /**
   * Waits until the requests that belong together have arrived. Meanwhile the org is read, unless an earlier deploy must be waited for
   * first; requests that arrive before it has been read join the batch.
   */
  async #gather(): Promise<void> {
    const latestStart = performance.now() + longestGatherMilliseconds;
    let reading: Promise<unknown> | undefined;
    for (;;) {
      const remaining = Math.min(this.#quietFrom(), latestStart) - performance.now();
      if (remaining > 0) {
        await sleep(Math.min(remaining, quietMilliseconds(1)));
        reading ??= this.#readAhead();
      } else if (reading !== undefined) {
        await reading;
        reading = undefined;
      } else {
        return;
      }
    }
  }

  async #readAhead(): Promise<void> {
    const requests = this.#waiting.map(({ request }) => request);
    const isRetrieved = !isRefreshedByName(this.#org, requests);
    if (isRetrieved && requests.every(({ pendingDeploy }) => pendingDeploy === undefined)) {
      await this.#org.snapshots.readAhead(requests);
    }
  }
}
