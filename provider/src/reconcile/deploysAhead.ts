import { isAbout } from '../components/components.js';
import type { DeployStatus } from '../org/metadataApi.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { ChangedComponent } from './change.js';

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
    const others = await connection.read((api) =>
      api.toolingQuery(
        'SELECT Id FROM DeployRequest WHERE CheckOnly = false ' +
          `AND CompletedDate >= ${new Date(created).toISOString()} ` +
          `AND CompletedDate <= ${new Date(started + shortestQueueMilliseconds).toISOString()}`,
      ),
    );
    const found: OvertakenChange[] = [];
    for (const { Id: id } of others) {
      if (typeof id === 'string' && id !== ours.id) {
        const deploy = await connection.read((api) => api.checkDeploy(id));
        for (const change of changed) {
          if (hasChanged(deploy, change)) {
            found.push({ change, deploy });
          }
        }
      }
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
