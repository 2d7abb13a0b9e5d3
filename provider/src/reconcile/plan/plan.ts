import { fieldsOf, valuesToDeploy } from '../../policy/difference.js';
import type { FieldValues } from '../../policy/fields.js';
import type { AppComponents } from '../../components/components.js';
import { namesOf } from '../../components/components.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { assertStillRead } from './componentView.js';
import type { ReadBefore } from './componentView.js';
import { findApp } from './findApp.js';
import type { Location } from './findApp.js';
import { ask } from '../snapshot/needs.js';
import { liveAppOf } from './liveApp.js';
import { assertChangeIsPossible } from './preconditions.js';
import type { LiveApp, OnWait, ReconcileRequest, ReconcileResult } from '../request.js';
import { isSignInApp } from './signInApp.js';
import { NotAskedYet } from '../snapshot/snapshot.js';
import type { Need, Snapshot } from '../snapshot/snapshot.js';
import { warningsFor } from './warnings.js';
import type { Warning } from './warnings.js';

/** What a plan needs from an org in addition to a snapshot. */
export type PlannedOrg = Pick<OrgConnection, 'label' | 'organizationId' | 'apiVersion' | 'signInConsumerKey'>;

/** What was read for a request before. */
export interface Earlier {
  /** The values when the app was first found. */
  before?: FieldValues | undefined;
  /** The app as it was found; later snapshots must contain it too. */
  found?: ReadBefore | undefined;
}

/** What a request requires, given a snapshot of the org. */
export type Plan =
  /** There is nothing to change. */
  | ({ kind: 'settled'; result: ReconcileResult } & Seen)
  /** The change is not allowed or not possible; `error` is what was thrown. */
  | ({ kind: 'refused'; error: unknown } & Seen)
  | ({
      kind: 'change';
      changes: FieldValues;
      components: AppComponents;
      /** What a user should know about the change although it is valid. */
      warnings: readonly Warning[];
    } & Seen)
  /** The snapshot does not contain what decides. */
  | { kind: 'needs'; needs: readonly Need[] };

/** What a snapshot contains of a request's app; empty if it does not contain the app. */
interface Seen extends Earlier {
  /** The values now. */
  live?: FieldValues | undefined;
}

/** A plan that needs nothing more. */
export type WholePlan = Exclude<Plan, { kind: 'needs' }>;

/** Plans one request; pure. */
export function planFor(
  request: ReconcileRequest,
  snapshot: Snapshot,
  org: PlannedOrg,
  earlier: Earlier = {},
): Plan {
  let seen: Seen = { before: earlier.before, found: earlier.found };
  try {
    const location = locate(request, snapshot, org, earlier.found);
    if (!location.isPresent) {
      return { kind: 'settled', result: location, ...seen };
    }
    const { components, removed } = location;
    const after = liveAppOf(request, components, namesOf(components));
    const { live, names } = after;
    const { before = live, found = { names, removed } } = earlier;
    seen = { before, found, live };
    const changes = valuesToDeploy(request.wanted, live, request.kept);
    if (fieldsOf(changes).length === 0) {
      return { kind: 'settled', result: { isPresent: true, before, after }, ...seen };
    }
    request.beforeChange?.();
    const signInApp = isSignInApp(request, snapshot, org, components, changes);
    assertChangeIsPossible(request, org, components, changes, signInApp);
    const warnings = warningsFor(request, snapshot, org, components, changes, signInApp);
    return { kind: 'change', changes, components, warnings, ...seen };
  } catch (thrown) {
    return thrown instanceof NotAskedYet
      ? { kind: 'needs', needs: thrown.needs }
      : { kind: 'refused', error: thrown, ...seen };
  }
}

/** An app is found once; after that every snapshot must contain it. */
function locate(
  request: ReconcileRequest,
  snapshot: Snapshot,
  org: PlannedOrg,
  found: ReadBefore | undefined,
): Location {
  return found === undefined
    ? findApp(request, snapshot, org)
    : { isPresent: true, components: stillRead(request, snapshot, org, found), removed: found.removed };
}

function stillRead(
  request: ReconcileRequest,
  snapshot: Snapshot,
  org: PlannedOrg,
  found: ReadBefore,
): AppComponents {
  const components = snapshot.app(request.app, org);
  assertStillRead(request.fields, components, found, snapshot.messages);
  return components;
}

/**
 * A request's app in a snapshot that was taken after the app was found.
 *
 * @throws NotReadError when a component of the app was no longer returned
 */
export function appIn(
  snapshot: Snapshot,
  request: ReconcileRequest,
  org: PlannedOrg,
  found: ReadBefore = { names: {}, removed: new Set() },
): LiveApp {
  const components = stillRead(request, snapshot, org, found);
  return liveAppOf(request, components, namesOf(components));
}

/** Plans requests, and asks the org for what the snapshot does not contain. */
export async function planAll<Planned extends { request: ReconcileRequest } & Earlier>(
  connection: OrgConnection,
  planned: readonly Planned[],
  first: Snapshot,
  onWait: OnWait,
): Promise<{ plans: Map<Planned, WholePlan>; snapshot: Snapshot }> {
  for (let snapshot = first; ;) {
    const plans = new Map<Planned, WholePlan>();
    const needs = new Set<Need>();
    for (const each of planned) {
      const plan = planFor(each.request, snapshot, connection, each);
      if (plan.kind === 'needs') {
        plan.needs.forEach((need) => needs.add(need));
      } else {
        plans.set(each, plan);
      }
    }
    if (needs.size === 0) {
      return { plans, snapshot };
    }
    snapshot = await ask(connection, snapshot, needs, onWait);
  }
}
