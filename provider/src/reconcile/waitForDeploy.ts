import type { DeployStatus } from '../salesforce/metadataApi.js';
import type { OrgConnection } from '../salesforce/orgConnection.js';
import { waitFor } from '../salesforce/waiting.js';
import type { OnWait } from './job.js';

/** Waits until a deploy has ended; the time in the org's queue and the time at work are limited apart. */
export async function waitForDeploy(
  connection: OrgConnection,
  id: string,
  onWait: OnWait,
): Promise<DeployStatus> {
  let status: DeployStatus | undefined;
  const isQueued = (): boolean => status === undefined || status.status === 'Pending';
  return waitFor(
    async () => {
      status = await connection.read((api) => api.checkDeploy(id));
      return status.done ? status : undefined;
    },
    {
      timeoutMinutes: connection.timeoutMinutes,
      subject: `org ${connection.label}: deploy ${id}`,
      phase: () => (isQueued() ? "in the org's queue" : 'at work'),
      beforeLook: (elapsed) => {
        onWait(
          status === undefined || isQueued()
            ? `deploy ${id} waits in the org's queue`
            : `deploy ${id} ${status.status} ${status.numberComponentsDeployed}/${status.numberComponentsTotal} components`,
          elapsed,
        );
      },
    },
  );
}
