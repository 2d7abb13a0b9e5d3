import { withParts } from '../../errors.js';
import type { DeployStatus } from '../../org/metadataApi.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { outlookOf } from '../../org/retryTransient.js';
import { followJob, WaitTimeoutError } from '../../org/waiting.js';
import type { OnWait } from '../request.js';

/** How {@link waitForDeploy} asks for the status. */
export interface DeployLook {
  /** Asks the org once for the status of the deploy. */
  look?: () => Promise<DeployStatus>;
  /** Called once, if the first response shows that the deploy is waiting in the org's queue. */
  onQueued?: () => Promise<void>;
}

/** Waits until a deploy has ended. The time in the org's queue and the time while it runs have separate limits. */
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
        status === undefined
          ? undefined
          : status.status === 'Pending'
            ? "in the org's queue"
            : 'while running',
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
    return " is waiting in the org's queue";
  }
  return ` ${status}${deployed === undefined || total === undefined ? '' : ` ${deployed}/${total} components`}`;
}

/** The org no longer has the deploy: it keeps deploys for a limited time, so this one has ended. */
class ForgottenDeploy extends Error {}

/** How long an org may report "not found" for a deploy that it is still running, in milliseconds. */
const longestMissMilliseconds = 60_000;

/**
 * Asks for the status of an earlier run's deploy, which the org may no longer have. "Invalid cross reference id" can mean that, but can
 * also be temporary: the list of deploys decides, or how long the error lasts.
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

/** Whether the org's list of deploys (DeployRequest, Tooling API 49.0) lacks one; false if the user may not read the list. */
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

/** What to do about a deploy whose end was not seen, because of what was thrown. */
export function adviceOnUnseenEnd(thrown: unknown): string {
  const isSeenRunning = thrown instanceof WaitTimeoutError && !thrown.lastLookFailed;
  const state = isSeenRunning ? 'The deploy has not failed and may still be running' : 'It may have finished';
  return `${state}: see Setup, Deployment Status. The next pulumi up resumes waiting for it`;
}

/**
 * Waits for deploys that were sent earlier, mostly by other runs, however they end.
 *
 * @throws WaitTimeoutError when one does not end in time; the error of a status request that failed
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
        const code = thrown.lastLookFailed ? thrown.parts.code : 'ECA6002';
        throw new WaitTimeoutError({
          ...withParts(thrown.parts, { advice: `It was sent earlier. ${adviceOnUnseenEnd(thrown)}` }),
          code,
        });
      }
      if (!(thrown instanceof ForgottenDeploy)) {
        throw thrown;
      }
    }
  }
}
