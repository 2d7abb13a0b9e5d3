import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from '../errors.js';
import type { OrgConnection } from '../org/orgConnection.js';
import { failureOf, open } from './batchEntry.js';
import type { Entry, ReconciledOrg } from './batchEntry.js';
import { adviseOnParallelism, warn } from './batchMessages.js';
import type { WarnedRequest } from './batchMessages.js';
import { patchComponents } from './deploy/changedComponents.js';
import type { ChangedComponent } from './deploy/changedComponents.js';
import { confirmRemembered, isRefreshedByName } from './snapshot/confirmRemembered.js';
import { findRunningDeploys } from './deploy/deployQueue.js';
import { deployInSteps, inTwoSteps, wantsTwoSteps } from './deploy/deploySteps.js';
import { describeForeignChange, findForeignChanges } from './deploy/foreignChanges.js';
import { failuresByRequest, mostDeployTries, resultAfterDeploy } from './outcome.js';
import type { EndedDeploy } from './outcome.js';
import { planAll } from './plan/plan.js';
import type { WholePlan } from './plan/plan.js';
import { readBack } from './snapshot/readBack.js';
import type { OnWait, ReconcileRequest, ReconcileResult } from './request.js';
import type { Snapshot } from './snapshot/snapshot.js';
import { waitForDeploys } from './deploy/waitForDeploy.js';
import { withProgress } from './waitProgress.js';

/** How often one batch gives way to deploys that are ahead of its own; after that it deploys even in an org that is always busy. */
const mostWithdrawals = 2;

/** How often one batch waits for other deploys of its user, so that a user who deploys all the time cannot block it for ever. */
const mostWaits = 3;

/** How often one batch starts again because somebody else changes the same components. */
const mostForeignChanges = 3;

/** The pause before a deploy is sent again, times the number of tries. */
const repeatDelayMilliseconds = 1000;

/** When the org may last have changed without the run seeing it, by this process's clock. */
export interface Freshness {
  /** When the last request of the batch arrived. */
  lastArrival: number;
  /** When this run last changed the org in another way, such as through another alias. */
  lastOwnChange: number;
}

/**
 * Reconciles all requests that arrived together: reads the org, plans, deploys and reads back until each request has its result. The
 * org's values are the baseline, so a batch that was cut off is simply repeated. A request that fails does not stop the others.
 *
 * @returns the result of each request: an Error is a value here
 */
export async function reconcileBatch(
  org: ReconciledOrg,
  requests: readonly ReconcileRequest[],
  freshness: Freshness,
): Promise<Map<ReconcileRequest, ReconcileResult | Error>> {
  const entries = requests.map((request): Entry => ({ request }));
  try {
    await withProgress(requests, (onWait) => reconcileEntries(org, entries, freshness, onWait));
  } catch (thrown) {
    org.snapshots.forget();
    for (const entry of open(entries)) {
      entry.result = failureOf(org.connection, entry, thrown);
    }
  }
  return new Map(
    entries.map((entry) => [entry.request, entry.result ?? failureOf(org.connection, entry, 'no result')]),
  );
}

async function reconcileEntries(
  org: ReconciledOrg,
  entries: readonly Entry[],
  { lastArrival, lastOwnChange }: Freshness,
  onWait: OnWait,
): Promise<void> {
  const { connection, snapshots } = org;
  const requests = entries.map(({ request }) => request);
  let deploys = 0;
  const counts = { waits: 0, foreignChanges: 0, withdrawals: 0, tries: 0 };
  const seeAfter = async (deploys: readonly string[]): Promise<Snapshot> => {
    if (deploys.length > 0) {
      for (const entry of entries) entry.isUnread = true;
      await waitForDeploys(connection, new Set(deploys), onWait);
      snapshots.forget();
      reopen(entries);
    }
    const snapshot = (await snapshots.get(requests, onWait)).withoutAnswers();
    for (const entry of entries) entry.isUnread = false;
    return snapshot;
  };

  if (isRefreshedByName(org, requests)) {
    await settleByName(org, entries, onWait);
    if (open(entries).length === 0) {
      return;
    }
  }
  /** Whether the snapshot shows what the deploys of this batch did. */
  let isCurrent = true;
  let snapshot = await seeAfter(requests.flatMap(({ pendingDeploy }) => pendingDeploy ?? []));
  while (open(entries).length > 0) {
    const plan = await planEntries(connection, open(entries), snapshot, onWait);
    snapshot = plan.snapshot;
    const decided = [...plan.results.keys()].map(({ request }) => request);
    if (!snapshots.isFresh(snapshot, decided, lastArrival, lastOwnChange)) {
      snapshot = await snapshots.renew(snapshot, decided, requests, onWait);
      continue;
    }
    accept(org, plan);
    const { changed } = plan;
    if (changed.length === 0) {
      break;
    }
    const [running, foreign] = await Promise.all([
      counts.waits < mostWaits ? findRunningDeploys(connection) : [],
      findForeignChanges(connection, changed, snapshot, onWait),
    ]);
    if (running.length > 0) {
      counts.waits += 1;
      snapshot = await seeAfter(running);
      continue;
    }
    if (foreign !== undefined) {
      counts.foreignChanges += 1;
      if (counts.foreignChanges > mostForeignChanges) {
        throw new ProviderError({
          code: 'ECA7001',
          cause:
            'somebody else keeps changing the same components, so nothing was deployed: ' +
            foreign.changes.map(describeForeignChange).join('; '),
          advice: 'Run pulumi up again when they are done',
        });
      }
      snapshot = foreign.snapshot;
      for (const entry of open(entries).filter(({ after }) => after === undefined)) {
        // Values that somebody else set before the first change of this batch count as the values found.
        entry.before = undefined;
      }
      continue;
    }
    if (counts.tries > 0) {
      await sleep(counts.tries * repeatDelayMilliseconds);
    }
    if (deploys === 0) {
      adviseOnParallelism(org, changed);
    }
    deploys += 1;
    const steps = org.deploysInTwoSteps ? inTwoSteps(changed) : [changed];
    const mayWithdraw = counts.withdrawals < mostWithdrawals;
    const outcome = await deployInSteps(connection, steps, onWait, mayWithdraw);
    const deploying = new Set(changed.map(({ request }) => request));
    const deployed = open(entries).filter(({ request }) => deploying.has(request));
    const after = await readBack(org, deployed, changed, snapshot, outcome, onWait);
    isCurrent = after !== undefined && outcome.kind !== 'unknown';
    snapshot = after ?? snapshot;
    if (outcome.kind === 'withdrawn') {
      counts.withdrawals += 1;
      if (open(entries).length > 0) {
        snapshot = await seeAfter(outcome.ahead);
        isCurrent = true;
      }
      continue;
    }
    const mayRepeat = outcome.kind === 'notTaken' || (outcome.kind === 'succeeded' && outcome.isAssumed);
    counts.tries = mayRepeat ? counts.tries + 1 : 0;
    const failures = outcome.kind === 'failed' ? outcome.failures : [];
    if (steps.length === 1 && wantsTwoSteps(failures, changed)) {
      org.deploysInTwoSteps = true;
      continue;
    }
    judge(
      connection,
      deployed,
      outcome,
      failuresByRequest(failures, changed),
      counts.tries < mostDeployTries,
    );
  }
  if (isCurrent) {
    snapshots.release(snapshot, requests);
  } else {
    snapshots.forget();
  }
}

async function settleByName(org: ReconciledOrg, entries: readonly Entry[], onWait: OnWait): Promise<void> {
  const requests = entries.map(({ request }) => request);
  const plans = await confirmRemembered(org, requests, onWait);
  for (const entry of entries) {
    const plan = plans.get(entry.request);
    if (plan?.kind === 'settled') {
      entry.result = plan.result;
    }
  }
}

/** What was read before a wait is stale after it, even if it has already settled a request. */
function reopen(entries: readonly Entry[]): void {
  for (const entry of entries) {
    if (!(entry.result instanceof Error)) {
      entry.result = undefined;
      entry.found = undefined;
    }
  }
}

/** The requests that a snapshot settles, and what the others change. */
interface EntryPlans {
  results: Map<Entry, ReconcileResult | Error>;
  changed: ChangedComponent[];
  plans: Map<Entry, WholePlan>;
  snapshot: Snapshot;
}

async function planEntries(
  connection: OrgConnection,
  entries: readonly Entry[],
  first: Snapshot,
  onWait: OnWait,
): Promise<EntryPlans> {
  const { plans, snapshot } = await planAll(connection, entries, first, onWait);
  const results: EntryPlans['results'] = new Map();
  const changed: ChangedComponent[] = [];
  for (const [entry, plan] of plans) {
    try {
      if (plan.kind === 'refused') {
        throw plan.error;
      } else if (plan.kind === 'settled') {
        results.set(entry, plan.result);
      } else {
        changed.push(...patchComponents(entry.request, plan.components, plan.changes, changed));
      }
    } catch (thrown) {
      results.set(entry, failureOf(connection, entry, thrown));
    }
  }
  return { results, changed, plans, snapshot };
}

/** Records what the plans found and decided, and logs their warnings. */
function accept(org: ReconciledOrg, { plans, results }: EntryPlans): void {
  const warned: WarnedRequest[] = [];
  for (const [entry, plan] of plans) {
    entry.found = plan.found;
    entry.before = plan.before;
    entry.result = results.get(entry);
    if (plan.kind === 'change' && entry.isWarned !== true) {
      entry.isWarned = true;
      warned.push(...plan.warnings.map((warning) => ({ request: entry.request, warning })));
    }
  }
  warn(org, warned);
}

/** Gives a result to every request whose outcome is certain. */
function judge(
  connection: OrgConnection,
  deployed: readonly Entry[],
  outcome: EndedDeploy,
  failures: ReadonlyMap<ReconcileRequest, readonly string[]>,
  canRepeat: boolean,
): void {
  for (const entry of open(deployed)) {
    const { request, before = {}, after } = entry;
    if (after !== undefined) {
      entry.result = resultAfterDeploy(connection, request, before, after, outcome, failures, canRepeat);
    }
  }
}
