import { setTimeout as sleep } from 'node:timers/promises';
import type { OrgConnection } from '../org/orgConnection.js';
import type { ResourceLog } from '../run/engine.js';
import { reconcileBatch } from './batch.js';
import type { ReconciledOrg } from './batchEntry.js';
import { isRefreshedByName } from './confirmRemembered.js';
import { OrgSnapshots } from './orgSnapshots.js';
import type { OrgTurns } from './orgTurns.js';
import { previewRequest } from './preview.js';
import type { PreviewResult } from './preview.js';
import type { ReconcileRequest, ReconcileResult } from './request.js';

/**
 * A batch starts when no more request has arrived for so many milliseconds: the engine hands them over one by one, on a busy machine
 * with gaps. Where many have come, more are to be expected, and one that comes too late costs a deploy of its own.
 */
const quietMilliseconds = (requests: number): number => Math.min(Math.max(20, 10 * requests), 500);

/**
 * The requests of a batch that is over make room for others of the same run, which come once the engine has recorded the results. They
 * are waited for as long as a part of that batch, for a deploy of their own would cost them a whole one.
 */
const patienceMilliseconds = (lastBatch: number): number => Math.min(lastBatch / 8, 1500);

/** After so many milliseconds a batch starts in any case. */
const longestGatherMilliseconds = 10_000;

/** A request that waits for its batch. */
interface Waiting {
  request: ReconcileRequest;
  settle: (result: ReconcileResult | Error) => void;
}

/** Reconciles apps of one org; requests that arrive together share one batch, and the next gather while it runs. */
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
   * @param turns of all reconcilers of the run
   * @param stackLog where what concerns several resources is logged
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
    };
    this.#turns = turns;
  }

  /**
   * Brings about what a request wants and tells what the org holds then.
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
   * Tells what a request would change, one after the other, from one retrieve for all requests of the run; changes nothing.
   *
   * @param validates whether the org is to validate the change
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
        return reconciled;
      });
      this.#together -= batch.length;
      for (const { request, settle } of batch) {
        settle(results.get(request) ?? new Error('no result'));
      }
    }
    this.#isWorking = false;
  }

  /** From when on no more requests are to be expected. */
  #quietFrom(): number {
    const quiet = this.#lastArrival + quietMilliseconds(this.#waiting.length);
    const isRoomLeft = this.#waiting.length < this.#mostTogether;
    const { end, duration } = this.#lastBatch;
    return isRoomLeft
      ? Math.max(quiet, Math.max(this.#lastArrival, end) + patienceMilliseconds(duration))
      : quiet;
  }

  /**
   * Waits until the requests that come together have come. The org is read meanwhile, unless there is a deploy to be waited for first;
   * whoever comes until it has been read needs no batch of its own.
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
