import { formatWithoutCode, ProviderError, reasonOf } from '../../errors.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import type { Entry, ReconciledOrg } from '../batchEntry.js';
import type { ChangedComponent } from '../deploy/changedComponents.js';
import { NotReadError } from '../plan/componentView.js';
import { confirmWritten } from './confirmWritten.js';
import { reread } from '../deploy/foreignChanges.js';
import type { DeployOutcome } from '../outcome.js';
import { appIn } from '../plan/plan.js';
import { AfterDeployError, describeApp, withoutOrg } from '../request.js';
import type { NamedOrg, OnWait } from '../request.js';
import type { Snapshot } from './snapshot.js';

/**
 * Reads what a deploy wrote. After a plain success it needs no job if the org confirms every value; otherwise it retrieves. If that
 * fails, the outcome is unknown, and every request concerned reports that.
 *
 * @returns `undefined` when it failed
 */
export async function readBack(
  org: ReconciledOrg,
  deployed: readonly Entry[],
  changed: readonly ChangedComponent[],
  before: Snapshot,
  outcome: DeployOutcome,
  onWait: OnWait,
): Promise<Snapshot | undefined> {
  const { connection } = org;
  const later = await readAgain(org, changed, before, outcome, onWait).catch((thrown: unknown) => ({
    thrown,
  }));
  for (const entry of deployed) {
    try {
      if ('thrown' in later) {
        throw later.thrown;
      }
      entry.after = appIn(later, entry.request, connection, entry.found);
    } catch (thrown) {
      entry.result = notReadBack(connection, entry, before, outcome, thrown);
    }
  }
  return 'thrown' in later ? undefined : later;
}

async function readAgain(
  org: ReconciledOrg,
  changed: readonly ChangedComponent[],
  before: Snapshot,
  outcome: DeployOutcome,
  onWait: OnWait,
): Promise<Snapshot> {
  const isPlainSuccess = outcome.kind === 'succeeded' && !outcome.isAssumed;
  if (isPlainSuccess && org.readsByName && org.snapshots.isRetrieveSlow) {
    const confirmed = await confirmWritten(org.connection, changed, before);
    if (typeof confirmed !== 'string') {
      return confirmed;
    }
    org.readsByName = confirmed === 'notAsked';
  }
  return reread(org.connection, changed, before, onWait);
}

function notReadBack(
  connection: OrgConnection,
  { request, before = {}, found }: Entry,
  snapshot: Snapshot,
  outcome: DeployOutcome,
  thrown: unknown,
): AfterDeployError {
  const reason =
    thrown instanceof NotReadError
      ? thrown.parts.cause
      : thrown instanceof ProviderError
        ? formatWithoutCode(withoutOrg(thrown.parts, connection))
        : reasonOf(thrown);
  return new AfterDeployError(
    {
      code: 'ECA6102',
      subject: describeApp(request.app, connection),
      cause: `${describeEnd(outcome, connection)}, but the org could not be read afterwards (${reason}), so it is unknown whether its settings changed`,
    },
    before,
    appIn(snapshot, request, connection, found),
    outcome.kind === 'unknown' ? outcome.id : undefined,
  );
}

function describeEnd(outcome: DeployOutcome, org: NamedOrg): string {
  switch (outcome.kind) {
    case 'succeeded':
      return `deploy ${outcome.id} succeeded`;
    case 'withdrawn':
      // The first of two deploys may have succeeded, and the canceled one may have been committed.
      return "a deploy was canceled because others were ahead of it in the org's queue";
    default:
      return formatWithoutCode(withoutOrg(outcome.reason, org));
  }
}
