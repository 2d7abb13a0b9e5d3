import { messageOf } from '../errors.js';
import { isAbout } from '../components/components.js';
import type { DeployStatus } from '../org/metadataApi.js';
import type { OrgConnection } from '../org/orgConnection.js';
import { WaitTimeoutError } from '../org/waiting.js';
import type { ChangedComponent } from './change.js';
import type { OnWait } from './job.js';
import { waitForDeploy } from './waitForDeploy.js';

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
 * Looks a deploy up in the org's list (DeployRequest, Tooling API 49.0): by who sent it, when by the org's clock, and how
 * many components; then each candidate's components are compared. A candidate that still runs is waited for.
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
    const records = await connection.read((api) =>
      api.toolingQuery(
        'SELECT Id, NumberComponentsTotal FROM DeployRequest WHERE CheckOnly = false ' +
          `AND CreatedById = '${userId}' AND CreatedDate >= ${since.toISOString()} ORDER BY CreatedDate DESC`,
      ),
    );
    const count = new Set(changed.map(({ component }) => component.path)).size;
    const found: DeployStatus[] = [];
    for (const { Id: id, NumberComponentsTotal: total } of records) {
      // A deploy that waits in the queue does not know its number of components yet.
      const mayBeOurs = typeof total !== 'number' || total === 0 || total === count;
      if (typeof id === 'string' && mayBeOurs) {
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
    }
    const [status] = found;
    if (status === undefined) {
      return { kind: 'none' };
    }
    return found.length === 1
      ? { kind: 'found', status }
      : { kind: 'unknown', reason: `${found.length} deploys of this user could be it` };
  } catch (thrown) {
    return { kind: 'unknown', reason: `it could not be looked up (${messageOf(thrown)})` };
  }
}

function hasComponents(status: DeployStatus, changed: readonly ChangedComponent[]): boolean {
  const deployed = [...status.componentSuccesses, ...status.componentFailures];
  return changed.every(({ component }) => deployed.some((message) => isAbout(message, component)));
}
