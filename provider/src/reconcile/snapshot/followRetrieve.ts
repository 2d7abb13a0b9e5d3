import { SalesforceApiError, TransportError } from '../../org/errors.js';
import type { RetrieveStatus } from '../../org/metadataApi.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { isThrottled, isTransient } from '../../org/retryTransient.js';
import { followJob } from '../../org/waiting.js';
import type { OnWait } from '../request.js';

/** How often a retrieve is started again when its result is lost. */
const mostRetrieves = 3;

/**
 * Starts a retrieve and follows it to its end. The org returns the zip only once: if a response was lost and the org then refuses, the
 * zip may have been in that response, so the retrieve is started again.
 */
export async function followRetrieve(
  connection: OrgConnection,
  members: ReadonlyMap<string, readonly string[]>,
  onWait: OnWait,
): Promise<RetrieveStatus & { done: true }> {
  for (let attempt = 1; ; attempt += 1) {
    const { id } = await connection.read((api) => api.startRetrieve(members));
    let isAnswerLost = false;
    const ended = await followJob(
      async () => {
        try {
          const status = await connection.send((api) => api.checkRetrieve(id));
          return status.done ? status : undefined;
        } catch (thrown) {
          if (isAnswerLost && isRefusal(thrown)) {
            return { refusal: thrown };
          }
          isAnswerLost ||= mayHaveHeldZip(thrown);
          throw thrown;
        }
      },
      {
        timeoutMinutes: connection.timeoutMinutes,
        org: `org ${connection.label}`,
        job: `retrieve ${id}`,
        code: 'ECA6004',
        beforeLook: (elapsed) => {
          onWait(`retrieve ${id}`, elapsed);
        },
      },
    );
    if (!('refusal' in ended)) {
      return ended;
    }
    if (attempt === mostRetrieves) {
      throw ended.refusal;
    }
  }
}

/** Whether the org refused the request for the status of a retrieve. */
const isRefusal = (thrown: unknown): thrown is SalesforceApiError =>
  thrown instanceof SalesforceApiError && ['notFound', 'forgotten', 'final'].includes(thrown.outlook);

/** Whether the response that was lost, or could not be read, may have been the one with the zip. */
const mayHaveHeldZip = (thrown: unknown): boolean =>
  thrown instanceof TransportError ? thrown.mayHaveBeenSent : isTransient(thrown) && !isThrottled(thrown);
