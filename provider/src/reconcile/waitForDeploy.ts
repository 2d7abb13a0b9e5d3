import { messageOf } from '../errors.js';
import { SalesforceApiError } from '../salesforce/errors.js';
import type { DeployStatus } from '../salesforce/metadataApi.js';
import type { OrgConnection } from '../salesforce/orgConnection.js';
import { waitFor, WaitTimeoutError } from '../salesforce/waiting.js';
import type { OnWait } from './job.js';

/**
 * Waits until a deploy has ended; the time in the org's queue and the time at work are limited apart.
 *
 * @param onQueued called once, when the org is first asked and the deploy waits in its queue
 */
export async function waitForDeploy(
  connection: OrgConnection,
  id: string,
  onWait: OnWait,
  onQueued?: () => Promise<void>,
): Promise<DeployStatus> {
  let status: DeployStatus | undefined;
  const isQueued = (): boolean => status === undefined || status.status === 'Pending';
  return waitFor(
    async () => {
      const isFirst = status === undefined;
      status = await connection.read((api) => api.checkDeploy(id));
      if (isFirst && !status.done && isQueued()) {
        await onQueued?.();
      }
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

/** The org no longer knows a deploy: it keeps them for some time only, so this one has ended. */
const isForgotten = (thrown: unknown): boolean =>
  thrown instanceof SalesforceApiError &&
  (thrown.statusCode === 404 ||
    /^(?:NOT_FOUND|INVALID_ID_FIELD|MALFORMED_ID|INVALID_CROSS_REFERENCE_KEY)$/.test(thrown.errorCode));

/**
 * Waits for deploys that are not this run's, however they end.
 *
 * @throws WaitTimeoutError when one does not end in time, and whatever keeps the provider from looking
 */
export async function waitForDeploys(
  connection: OrgConnection,
  ids: Iterable<string>,
  onWait: OnWait,
): Promise<void> {
  for (const id of ids) {
    try {
      await waitForDeploy(connection, id, onWait);
    } catch (thrown) {
      if (thrown instanceof WaitTimeoutError) {
        throw new WaitTimeoutError(
          `${messageOf(thrown)}. It is a deploy of another run, not a failed one, and may still run: see Setup, ` +
            'Deployment Status. The next pulumi up waits for it again',
        );
      }
      if (!isForgotten(thrown)) {
        throw thrown;
      }
    }
  }
}
