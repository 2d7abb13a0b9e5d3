import type { OrgConnection } from '../org/orgConnection.js';
import { hasNotEnded } from './runningDeploys.js';

/**
 * Takes a deploy back that waits in the org's queue behind others: what they change was read before they do, and a deploy replaces
 * whole components. Two runs that look at the org at the same moment both find it free; of the two deploys that they then send, the
 * second one is taken back here.
 *
 * Whether the org does as it was asked shows in the status that the deploy ends with: it may be at work already. A refusal, and an
 * org that keeps its list of deploys from the user (DeployRequest, Tooling API 49.0), leave the deploy where it is.
 *
 * @returns the deploys ahead of it; none where it was left in the queue
 */
export async function withdrawBehindOthers(connection: OrgConnection, id: string): Promise<string[]> {
  try {
    const running = await connection.read((api) =>
      api.toolingQuery(`SELECT Id, Status, CreatedDate FROM DeployRequest WHERE ${hasNotEnded}`),
    );
    const deploys = running.flatMap(parseRunningDeploy);
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

interface RunningDeploy {
  id: string;
  isPending: boolean;
  createdDate: string;
}

function parseRunningDeploy({
  Id: id,
  Status: status,
  CreatedDate: createdDate,
}: Record<string, unknown>): RunningDeploy[] {
  return typeof id === 'string' && typeof createdDate === 'string'
    ? [{ id, isPending: status === 'Pending', createdDate }]
    : [];
}

/** Dates are whole seconds, so that of two deploys of one second the id decides: exactly one of them gives way. */
function isAhead(other: RunningDeploy, ours: RunningDeploy): boolean {
  if (!other.isPending) {
    return true;
  }
  const [theirs, own] = [Date.parse(other.createdDate), Date.parse(ours.createdDate)];
  return theirs === own ? other.id < ours.id : theirs < own;
}
