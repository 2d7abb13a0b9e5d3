import { reasonOf } from '../errors.js';
import { isAbout } from '../components/components.js';
import { SalesforceApiError } from '../org/errors.js';
import type { DeployStatus } from '../org/metadataApi.js';
import type { OrgConnection } from '../org/orgConnection.js';
import { isTransient } from '../org/retryTransient.js';
import { WaitTimeoutError } from '../org/waiting.js';
import type { ChangedComponent } from './changedComponents.js';
import type { OnWait } from './request.js';
import { waitForDeploy } from './waitForDeploy.js';

/** A deploy in the org's list (DeployRequest, Tooling API 49.0), which not every user may read. */
interface ListedDeploy {
  id: string;
  createdById: string | undefined;
  status: string | undefined;
  /** By the org's clock, in milliseconds and whole seconds. */
  created: number;
  /** `undefined` and 0: not known yet, as for a deploy that waits in the queue. */
  componentCount: number | undefined;
}

/**
 * The condition of deploys that have not ended. One that is being finalized (65.0) is `Finalizing` in Salesforce's WSDL and in the
 * Salesforce CLI, and `FinalizingDeploy` in the text of the reference.
 */
export const hasNotEnded =
  "Status IN ('Pending', 'InProgress', 'Finalizing', 'FinalizingDeploy', 'Canceling')";

/** The deploys that change something and fulfil a condition, the newest first. */
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
 * The deploys of the user that the provider signs in as that have not ended: one of them may be that of a run that was killed, and
 * would do once more what this run is about to do. The org runs one deploy at a time, so waiting for them costs nothing that the queue
 * would not.
 *
 * @returns nothing where the org keeps its list of deploys from the user
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
 * Takes a deploy back that waits in the org's queue behind others: what they change was read before they do, and a deploy replaces
 * whole components. Two runs that look at the org at the same moment both find it free; of the two deploys that they then send, the
 * second one is taken back here.
 *
 * Whether the org does as it was asked shows in the status that the deploy ends with: it may be at work already. A refusal, and an
 * org that keeps its list of deploys from the user, leave the deploy where it is.
 *
 * @returns the deploys ahead of it; none where it was left in the queue
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

/** Of two deploys of one second the id decides: exactly one of them gives way. */
function isAhead(other: ListedDeploy, ours: ListedDeploy): boolean {
  return (
    other.status !== 'Pending' ||
    (other.created === ours.created ? other.id < ours.id : other.created < ours.created)
  );
}

/** A deploy that waited less than this in the org's queue waited behind nobody: the org's times are in whole seconds. */
const shortestQueueMilliseconds = 1000;

/** A component that another deploy changed while ours waited in the org's queue. */
export interface OvertakenChange {
  change: ChangedComponent;
  /** The other deploy. */
  deploy: DeployStatus;
}

/**
 * Looks for deploys that the org ran while one of ours waited in its queue and that changed the same components: ours has
 * replaced what they set. That cannot be undone from here, but it must not stay unsaid. A change by hand in that time leaves no
 * such trace.
 *
 * @param ours our deploy, ended
 * @returns nothing where the org keeps its list of deploys from the user
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

/** Says what a deploy of ours has replaced, and what to do. */
export function describeOvertakenChange({ change: { component }, deploy }: OvertakenChange): string {
  const by = deploy.createdByName === undefined ? '' : ` by ${deploy.createdByName}`;
  return (
    `${component.type} ${component.fullName} was changed by deploy ${deploy.id}${by} while the deploy of this stack waited in the org's ` +
    'queue, and this stack has replaced the component with what it read before. Look at what that deploy set besides the settings ' +
    'that this stack manages (Setup, Deployment Status), and deploy it again.'
  );
}

/** What the org says about a deploy whose answer was lost. */
export type LostDeploy =
  | { kind: 'found'; status: DeployStatus }
  /** It could be this one, whose end was not seen. */
  | { kind: 'running'; id: string; thrown: WaitTimeoutError }
  | { kind: 'none' }
  /** The list may not be read, or more than one deploy could be it. */
  | { kind: 'unknown'; reason: string };

/** Clocks are compared in whole seconds (HTTP's Date), so the list begins a little before the deploy was sent. */
const clockToleranceMilliseconds = 2000;

/**
 * Looks a deploy up in the org's list: by who sent it, when by the org's clock, and how many components; then each candidate's
 * components are compared. A candidate that still runs is waited for.
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
      : { kind: 'unknown', reason: `${found.length} deploys of this user could be it` };
  } catch (thrown) {
    return { kind: 'unknown', reason: `it could not be looked up (${reasonOf(thrown)})` };
  }
}

function hasComponents(status: DeployStatus, changed: readonly ChangedComponent[]): boolean {
  const deployed = [...status.componentSuccesses, ...status.componentFailures];
  return changed.every(({ component }) => deployed.some((message) => isAbout(message, component)));
}
