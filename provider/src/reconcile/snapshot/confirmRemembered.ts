import { absent } from '../../policy/fields.js';
import { componentKey } from '../../components/componentName.js';
import { shownComponent } from '../../components/components.js';
import type { Component } from '../../components/components.js';
import { ElementNotShownError } from '../../components/componentXml.js';
import { mostComponentsPerRead } from '../../org/metadataApi.js';
import type { ReconciledOrg } from '../batchEntry.js';
import { planAll } from '../plan/plan.js';
import type { WholePlan } from '../plan/plan.js';
import { readByName, readsByName } from './readByName.js';
import type { NamedComponent } from './readByName.js';
import { onlyReads } from '../request.js';
import type { OnWait, ReconcileRequest } from '../request.js';
import { typesFor } from './retrieve.js';
import { Snapshot } from './snapshot.js';

/** How many apps a run refreshes by readMetadata before it retrieves all apps at once: the limit of one request. */
const mostAppsRefreshed = mostComponentsPerRead;

/** How many apps a run previews in this way: they arrive one after the other. */
const mostAppsPreviewed = 3;

/** The plan of a request that is not refused. */
export type ConfirmedPlan = Exclude<WholePlan, { kind: 'refused' }>;

/** Whether requests that only read are tried by {@link confirmRemembered} first. */
export function isRefreshedByName(org: ReconciledOrg, requests: readonly ReconcileRequest[]): boolean {
  return requests.every(onlyReads) && isReadByName(org, requests, mostAppsRefreshed);
}

/** Whether a preview is tried by {@link confirmRemembered} first. */
export function isPreviewedByName(org: ReconciledOrg, request: ReconcileRequest): boolean {
  return isReadByName(org, [request], mostAppsPreviewed);
}

/** Whether nothing of the org has been retrieved yet, and the state has the name of every component and a value for every field. */
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
 * Plans requests from what readMetadata returns: an org answers that at once, while a retrieve is a job.
 *
 * It is not documented what an org leaves out of such a response, so it can only confirm. A plan counts only if it refuses nothing, uses
 * only elements that were returned, and finds every value as it is in the state. A retrieve decides about the other requests.
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

/** @returns `undefined` when not every component was returned together with the app that it belongs to */
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

/** Lists are left to the retrieve that follows: names that were not asked for do not prove that something is missing. */
function withoutLists(components: readonly Component[]): Snapshot {
  const notAsked = { error: new ElementNotShownError('the org', 'a list') };
  return new Snapshot(components)
    .withAnswer('appList', notAsked)
    .withAnswer('componentList', notAsked)
    .withAnswer('listedComponents', notAsked);
}
