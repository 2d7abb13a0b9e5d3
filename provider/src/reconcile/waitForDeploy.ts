import { withParts } from '../errors.js';
import type { DeployStatus } from '../org/metadataApi.js';
import type { OrgConnection } from '../org/orgConnection.js';
import { outlookOf } from '../org/retryTransient.js';
import { followJob, WaitTimeoutError } from '../org/waiting.js';
import type { OnWait } from './request.js';

/** How {@link waitForDeploy} looks. */
export interface DeployLook {
  /** Asks the org once how the deploy is doing. */
  look?: () => Promise<DeployStatus>;
  /** Called once, when the org is first asked and the deploy waits in its queue. */
  onQueued?: () => Promise<void>;
}

/** Waits until a deploy has ended; the time in the org's queue and the time at work are limited apart. */
export async function waitForDeploy(
  connection: OrgConnection,
  id: string,
  onWait: OnWait,
  { look = () => lookAt(connection, id), onQueued }: DeployLook = {},
): Promise<DeployStatus> {
  let status: DeployStatus | undefined;
  return followJob(
    async () => {
      const isFirst = status === undefined;
      status = await look();
      if (isFirst && !status.done && status.status === 'Pending') {
        await onQueued?.();
      }
      return status.done ? status : undefined;
    },
    {
      timeoutMinutes: connection.timeoutMinutes,
      org: `org ${connection.label}`,
      job: `deploy ${id}`,
      code: 'ECA6001',
      phase: () =>
        status === undefined ? undefined : status.status === 'Pending' ? "in the org's queue" : 'at work',
      beforeLook: (elapsed) => {
        onWait(`deploy ${id}${status === undefined ? '' : describeProgress(status)}`, elapsed);
      },
    },
  );
}

const lookAt = (connection: OrgConnection, id: string): Promise<DeployStatus> =>
  connection.send((api) => api.checkDeploy(id));

function describeProgress({
  status,
  numberComponentsDeployed: deployed,
  numberComponentsTotal: total,
}: DeployStatus): string {
  if (status === 'Pending') {
    return " waits in the org's queue";
  }
  return ` ${status}${deployed === undefined || total === undefined ? '' : ` ${deployed}/${total} components`}`;
}

/** The org has no such deploy any more: it keeps them for some time only, so this one has ended. */
class ForgottenDeploy extends Error {}

/** For so long an org may say that it does not find a deploy that it still runs, in milliseconds. */
const longestMissMilliseconds = 60_000;

/**
 * Looks at a deploy of an earlier run, which the org may have forgotten. "Invalid cross reference id" says so too, and passes as well: the
 * list of deploys decides, or that it lasts.
 */
function lookAtEarlier(connection: OrgConnection, id: string): () => Promise<DeployStatus> {
  let missedSince: number | undefined;
  return async () => {
    try {
      const status = await lookAt(connection, id);
      missedSince = undefined;
      return status;
    } catch (thrown) {
      const outlook = outlookOf(thrown);
      if (outlook === 'forgotten') {
        throw new ForgottenDeploy();
      }
      if (outlook === 'notFound') {
        const isFirst = missedSince === undefined;
        missedSince ??= performance.now();
        const hasLasted = performance.now() - missedSince >= longestMissMilliseconds;
        if (hasLasted || (isFirst && (await isUnlisted(connection, id)))) {
          throw new ForgottenDeploy();
        }
      }
      throw thrown;
    }
  };
}

/** Whether the org's list of deploys (DeployRequest, Tooling API 49.0) lacks one; a list that may not be read shows nothing. */
async function isUnlisted(connection: OrgConnection, id: string): Promise<boolean> {
  if (!/^[A-Za-z0-9]+$/.test(id)) {
    return false;
  }
  try {
    const records = await connection.read((api) =>
      api.toolingQuery(`SELECT Id FROM DeployRequest WHERE Id = '${id}'`),
    );
    return records.length === 0;
  } catch {
    return false;
  }
}

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
      await waitForDeploy(connection, id, onWait, { look: lookAtEarlier(connection, id) });
    } catch (thrown) {
      if (thrown instanceof WaitTimeoutError) {
        const state = thrown.lastLookFailed
          ? 'which may have run to its end'
          : 'not a failed one, and may still run';
        const advice = `It is a deploy of another run, ${state}: see Setup, Deployment Status. The next pulumi up waits for it again`;
        const code = thrown.lastLookFailed ? thrown.parts.code : 'ECA6002';
        throw new WaitTimeoutError({ ...withParts(thrown.parts, { advice }), code });
      }
      if (!(thrown instanceof ForgottenDeploy)) {
        throw thrown;
      }
    }
  }
}
