import { reasonOf } from '../../errors.js';
import { isAbout } from '../../components/components.js';
import { SalesforceApiError } from '../../org/errors.js';
import type { DeployStatus } from '../../org/metadataApi.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { isTransient } from '../../org/retryTransient.js';
import { WaitTimeoutError } from '../../org/waiting.js';
import type { ChangedComponent } from './changedComponents.js';
import type { OnWait } from '../request.js';
import { waitForDeploy } from './waitForDeploy.js';

/** A deploy in the org's list (DeployRequest, Tooling API 49.0), which not every user may read. */
interface ListedDeploy {
  id: string;
  createdById: string | undefined;
  status: string | undefined;
  /** By the org's clock, in milliseconds and whole seconds. */
  created: number;
  /** `undefined` and 0: not known yet, for example while a deploy waits in the queue. */
  componentCount: number | undefined;
}

/**
 * The condition for deploys that have not ended. A deploy that is being finalized (65.0) is `Finalizing` in Salesforce's WSDL and in the
 * Salesforce CLI, but `FinalizingDeploy` in the reference.
 */
export const hasNotEnded =
  "Status IN ('Pending', 'InProgress', 'Finalizing', 'FinalizingDeploy', 'Canceling')";

/** The deploys that meet a condition and are not check-only, newest first. */
async function listDeploys(connection: OrgConnection, condition: string): Promise<ListedDeploy[]> {
  const records = await connection.read((api) =>
    api.toolingQuery(
      'SELECT Id, CreatedById, Status, CreatedDate, NumberComponentsTotal FROM DeployRequest ' +
        `WHERE CheckOnly = false AND ${condition} ORDER BY CreatedDate DESC`,
    ),
  );
  return records.flatMap(parseListedDeploy);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function parseListedDeploy(record: Readonly<Record<string, unknown>>): ListedDeploy[] {
  const { Id: id, NumberComponentsTotal: count } = record;
  return typeof id === 'string'
    ? [
        {
          id,
          createdById: textOf(record['CreatedById']),
          status: textOf(record['Status']),
          created: Date.parse(textOf(record['CreatedDate']) ?? ''),
          componentCount: typeof count === 'number' ? count : undefined,
        },
      ]
    : [];
}

/**
 * The deploys that have not ended and that were sent by the user that the provider signs in as. One of them may come from a run that was
 * killed, and may make the change that this run is about to make. The org runs one deploy at a time, so waiting for them costs no more
 * than the queue would.
 *
 * @returns an empty list if the user may not read the org's list of deploys
 */
export async function findRunningDeploys(connection: OrgConnection): Promise<string[]> {
  try {
    const deploys = await listDeploys(connection, hasNotEnded);
    if (deploys.length === 0) {
      return [];
    }
    const userId = await connection.userId();
    return deploys.filter(({ createdById }) => createdById === userId).map(({ id }) => id);
  } catch (thrown) {
    if (thrown instanceof SalesforceApiError && !isTransient(thrown)) {
      return [];
    }
    throw thrown;
  }
}

/**
 * Cancels a deploy that waits in the org's queue behind others: its components were read before the others change them, and a deploy
 * replaces whole components. Two runs that look at the org at the same moment both find it idle; of the two deploys that they then send,
 * the second one is canceled here.
 *
 * The deploy may already be running; its final status shows whether the org canceled it. If the org refuses, or the user may not read
 * its list of deploys, the deploy stays in the queue.
 *
 * @returns the deploys ahead of it; empty if it was left in the queue
 */
export async function withdrawBehindOthers(connection: OrgConnection, id: string): Promise<string[]> {
  try {
    const deploys = await listDeploys(connection, hasNotEnded);
    const ours = deploys.find((deploy) => deploy.id === id);
    const ahead = deploys.filter((deploy) => ours !== undefined && deploy.id !== id && isAhead(deploy, ours));
    if (ahead.length > 0) {
      await connection.send((api) => api.cancelDeploy(id));
    }
    return ahead.map((deploy) => deploy.id);
  } catch {
    return [];
  }
}

/** If two deploys were created in the same second, the id decides, so that exactly one of them gives way. */
function isAhead(other: ListedDeploy, ours: ListedDeploy): boolean {
  return (
    other.status !== 'Pending' ||
    (other.created === ours.created ? other.id < ours.id : other.created < ours.created)
  );
}

/** A deploy that waited less than this did not wait behind another one: the org's times are in whole seconds. */
const shortestQueueMilliseconds = 1000;

/** A component that another deploy changed while ours waited in the org's queue. */
export interface OvertakenChange {
  change: ChangedComponent;
  /** The other deploy. */
  deploy: DeployStatus;
}

/**
 * Looks for deploys that changed the same components while ours waited in the org's queue: ours has overwritten what they set. That
 * cannot be undone from here, but it must be reported. A manual change in that time leaves no such trace.
 *
 * @param ours our deploy, which has ended
 * @returns an empty list if the user may not read the org's list of deploys
 */
export async function findOvertakenChanges(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
  ours: DeployStatus,
): Promise<OvertakenChange[]> {
  const created = Date.parse(ours.createdDate ?? '');
  const started = Date.parse(ours.startDate ?? '');
  if (!(started - created >= shortestQueueMilliseconds)) {
    return [];
  }
  try {
    const others = await listDeploys(
      connection,
      `CompletedDate >= ${new Date(created).toISOString()} ` +
        `AND CompletedDate <= ${new Date(started + shortestQueueMilliseconds).toISOString()}`,
    );
    const found: OvertakenChange[] = [];
    for (const { id } of others.filter((other) => other.id !== ours.id)) {
      const deploy = await connection.read((api) => api.checkDeploy(id));
      found.push(
        ...changed.filter((change) => hasChanged(deploy, change)).map((change) => ({ change, deploy })),
      );
    }
    return found;
  } catch {
    return [];
  }
}

function hasChanged(deploy: DeployStatus, { component }: ChangedComponent): boolean {
  return deploy.componentSuccesses.some((message) => message.changed && isAbout(message, component));
}

/** Says what our deploy has overwritten, and what to do. */
export function describeOvertakenChange({ change: { component }, deploy }: OvertakenChange): string {
  const by = deploy.createdByName === undefined ? '' : ` by ${deploy.createdByName}`;
  return (
    `${component.type} ${component.fullName} was changed by deploy ${deploy.id}${by} while the deploy of this stack was waiting in the ` +
    "org's queue. This stack then overwrote the component with what it had read before. Check what else that deploy set, apart from " +
    'the settings that this stack manages (Setup, Deployment Status), and deploy it again.'
  );
}

/** What the org reports about a deploy whose response was lost. */
export type LostDeploy =
  | { kind: 'found'; status: DeployStatus }
  /** This one may be it; its end was not seen. */
  | { kind: 'running'; id: string; thrown: WaitTimeoutError }
  | { kind: 'none' }
  /** The user may not read the list, or more than one deploy may be it. */
  | { kind: 'unknown'; reason: string };

/** Clocks are compared in whole seconds (HTTP's Date), so the list begins a little before the deploy was sent. */
const clockToleranceMilliseconds = 2000;

/**
 * Looks up a deploy in the org's list by its user, its time by the org's clock and its number of components; then compares the components
 * of each candidate. It waits for candidates that are still running.
 */
export async function findLostDeploy(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
  sentAt: Date | undefined,
  onWait: OnWait,
): Promise<LostDeploy> {
  try {
    const since = new Date((sentAt ?? new Date()).getTime() - clockToleranceMilliseconds);
    const userId = await connection.userId();
    const deploys = await listDeploys(
      connection,
      `CreatedById = '${userId}' AND CreatedDate >= ${since.toISOString()}`,
    );
    const count = new Set(changed.map(({ component }) => component.path)).size;
    const found: DeployStatus[] = [];
    for (const { id, componentCount = 0 } of deploys) {
      if (componentCount !== 0 && componentCount !== count) {
        continue;
      }
      let status: DeployStatus;
      try {
        status = await waitForDeploy(connection, id, onWait);
      } catch (thrown) {
        if (thrown instanceof WaitTimeoutError) {
          return { kind: 'running', id, thrown };
        }
        throw thrown;
      }
      if (hasComponents(status, changed)) {
        found.push(status);
      }
    }
    const [status] = found;
    if (status === undefined) {
      return { kind: 'none' };
    }
    return found.length === 1
      ? { kind: 'found', status }
      : { kind: 'unknown', reason: `${found.length} deploys of this user could be the one` };
  } catch (thrown) {
    return { kind: 'unknown', reason: `the deploy could not be looked up (${reasonOf(thrown)})` };
  }
}

function hasComponents(status: DeployStatus, changed: readonly ChangedComponent[]): boolean {
  const deployed = [...status.componentSuccesses, ...status.componentFailures];
  return changed.every(({ component }) => deployed.some((message) => isAbout(message, component)));
}
