import { appNotChangedOtherwise, orgNotChanged } from '../errors.js';
import type { ResourceLog } from '../run/engine/engineLog.js';
import type { FieldValues } from '../policy/fields.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { OrgSnapshots } from './snapshot/orgSnapshots.js';
import type { ReadBefore } from './plan/componentView.js';
import { halfDone, isUnchanged } from './outcome.js';
import { causeOf, failureForApp } from './deploy/refusalAdvice.js';
import type { DescribedOrg } from './deploy/refusalAdvice.js';
import { AfterDeployError } from './request.js';
import type { LiveApp, ReconcileRequest, ReconcileResult } from './request.js';

/** An org, and what one run remembers about it. */
export interface ReconciledOrg {
  readonly connection: OrgConnection;
  readonly snapshots: OrgSnapshots;
  /** The org refused JWT policies together with the token format: deploy them one after the other from then on. */
  deploysInTwoSteps: boolean;
  /** Whether the org has confirmed everything by readMetadata so far. */
  readsByName: boolean;
  /** How many apps were read by readMetadata instead of a retrieve. */
  appsReadByName: number;
  /** How many apps the first deploy changed; `undefined` before it. */
  appsInFirstDeploy: number | undefined;
  /** Whether requests arrived while others were being worked on, so that the engine had not reached its limit. */
  engineHadRoom: boolean;
  /** The log for messages about several resources; it prints each message once. */
  readonly stackLog: ResourceLog;
}

/** One request of a batch and its progress. */
export interface Entry {
  readonly request: ReconcileRequest;
  /** The values when the app was first found. */
  before?: FieldValues | undefined;
  /** The app as it was found. */
  found?: ReadBefore | undefined;
  /** The app as it was read after a deploy of this batch. */
  after?: LiveApp;
  /** Whether a deploy that was sent earlier was waited for, and the org has not been read since. */
  isUnread?: boolean;
  isWarned?: boolean;
  result?: ReconcileResult | Error | undefined;
}

/** The entries without a result. */
export const open = (entries: readonly Entry[]): Entry[] =>
  entries.filter(({ result }) => result === undefined);

/** The error for a failure. An earlier deploy of the batch may already have made a part of the change. */
export function failureOf(
  org: DescribedOrg,
  { request, before = {}, after, isUnread = false }: Entry,
  thrown: unknown,
): Error {
  const isHalfDone =
    after !== undefined && !(thrown instanceof AfterDeployError) && !isUnchanged(before, after);
  return isHalfDone
    ? halfDone(org, request, before, after, causeOf(org, thrown), isUnread)
    : failureForApp(request, org, thrown, isUnread ? appNotChangedOtherwise : orgNotChanged);
}
