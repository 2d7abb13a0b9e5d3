import { absent } from '../policy/fields.js';
import { componentKey } from '../components/componentName.js';
import { shownComponent } from '../components/components.js';
import type { Component } from '../components/components.js';
import { ElementNotShownError } from '../components/componentXml.js';
import { mostComponentsPerRead } from '../org/metadataApi.js';
import type { ReconciledOrg } from './batchEntry.js';
import { planAll } from './plan.js';
import type { WholePlan } from './plan.js';
import { readByName, readsByName } from './readByName.js';
import type { NamedComponent } from './readByName.js';
import { onlyReads } from './request.js';
import type { OnWait, ReconcileRequest } from './request.js';
import { typesFor } from './retrieve.js';
import { Snapshot } from './snapshot.js';

/** How many apps a run refreshes by readMetadata before it retrieves all apps at once: as many as one request takes. */
const mostAppsRefreshed = mostComponentsPerRead;

/** How many apps a run previews so: they come one after the other. */
const mostAppsPreviewed = 3;

/** A plan of a request that is not refused. */
export type ConfirmedPlan = Exclude<WholePlan, { kind: 'refused' }>;

/** Whether requests that only read are tried by {@link confirmRemembered} first. */
export function isRefreshedByName(org: ReconciledOrg, requests: readonly ReconcileRequest[]): boolean {
  return requests.every(onlyReads) && isReadByName(org, requests, mostAppsRefreshed);
}

/** Whether a preview is tried by {@link confirmRemembered} first. */
export function isPreviewedByName(org: ReconciledOrg, request: ReconcileRequest): boolean {
  return isReadByName(org, [request], mostAppsPreviewed);
}

/** Nothing of the org has been retrieved yet, and the state knows the name of every component and a value of every field. */
function isReadByName(
  { snapshots, readsByName: mayRead, appsReadByName }: ReconciledOrg,
  requests: readonly ReconcileRequest[],
  most: number,
): boolean {
  return (
    mayRead && snapshots.isEmpty && appsReadByName + requests.length <= most && requests.every(isRemembered)
  );
}

function isRemembered(request: ReconcileRequest): boolean {
  const { fields, knownNames, pendingDeploy, remembered } = request;
  return (
    pendingDeploy === undefined &&
    typesFor([request]).every((type) => knownNames?.[type] !== undefined) &&
    fields.every((field) => (remembered?.[field] ?? absent) !== absent)
  );
}

/**
 * Plans requests from what readMetadata shows, which an org answers at once, while a retrieve is a job.
 *
 * Nobody has published what an org leaves out of such an answer, so it only confirms. A plan counts only if it refuses nothing, rests on
 * nothing that was not shown, and finds every value as the state remembers it. For the other requests a retrieve has to decide.
 */
export async function confirmRemembered(
  org: ReconciledOrg,
  requests: readonly ReconcileRequest[],
  onWait: OnWait,
): Promise<Map<ReconcileRequest, ConfirmedPlan>> {
  org.appsReadByName += requests.length;
  const components = await readComponents(org, requests);
  if (components === undefined) {
    org.readsByName = false;
    return new Map();
  }
  const planned = requests.map((request) => ({ request }));
  const { plans } = await planAll(org.connection, planned, withoutLists(components), onWait);
  const whole = [...plans].flatMap(([{ request }, plan]) =>
    plan.kind === 'refused' || plan.live === undefined ? [] : [[request, plan] as const],
  );
  org.readsByName = whole.length === requests.length;
  return new Map(
    whole.filter(([{ fields, remembered }, { live }]) =>
      fields.every((field) => live?.[field] === remembered?.[field]),
    ),
  );
}

/** @returns `undefined` when not every component was shown, with the app that it belongs to */
async function readComponents(
  { connection }: ReconciledOrg,
  requests: readonly ReconcileRequest[],
): Promise<Component[] | undefined> {
  const named = requests.flatMap((request) =>
    typesFor([request]).map((type): NamedComponent => ({
      type,
      fullName: request.knownNames?.[type] ?? '',
    })),
  );
  const unique = [...new Map(named.map((each) => [componentKey(each), each])).values()];
  const shown = await readByName(connection, readsByName(unique));
  try {
    return unique.map(({ type, fullName }) => {
      const texts = shown?.get(componentKey({ type, fullName }));
      if (texts === undefined) {
        throw new ElementNotShownError(type, 'fullName');
      }
      return shownComponent(type, fullName, texts);
    });
  } catch (thrown) {
    if (thrown instanceof ElementNotShownError) {
      return undefined;
    }
    throw thrown;
  }
}

/** Lists are for the retrieve that follows: what is missing is never concluded from names that were not asked for. */
function withoutLists(components: readonly Component[]): Snapshot {
  const notAsked = { error: new ElementNotShownError('the org', 'a list') };
  return new Snapshot(components)
    .withAnswer('appList', notAsked)
    .withAnswer('componentList', notAsked)
    .withAnswer('listedComponents', notAsked);
}
