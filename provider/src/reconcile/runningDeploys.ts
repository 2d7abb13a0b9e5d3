import { SalesforceApiError } from '../org/errors.js';
import type { OrgConnection } from '../org/orgConnection.js';
import { isTransient } from '../org/retryTransient.js';

/**
 * The condition of a query for deploys that change something and have not ended. One that is being finalized (65.0) is `Finalizing` in
 * Salesforce's WSDL and in the Salesforce CLI, and `FinalizingDeploy` in the text of the reference.
 */
export const hasNotEnded =
  "CheckOnly = false AND Status IN ('Pending', 'InProgress', 'Finalizing', 'FinalizingDeploy', 'Canceling')";

/**
 * The deploys of the user that the provider signs in as that have not ended (DeployRequest, Tooling API 49.0): one of them may be
 * that of a run that was killed, and would do once more what this run is about to do. The org runs one deploy at a time, so
 * waiting for them costs nothing that the queue would not.
 *
 * @returns nothing where the org keeps its list of deploys from the user
 */
export async function findRunningDeploys(connection: OrgConnection): Promise<string[]> {
  try {
    const records = await connection.read((api) =>
      api.toolingQuery(`SELECT Id, CreatedById FROM DeployRequest WHERE ${hasNotEnded}`),
    );
    if (records.length === 0) {
      return [];
    }
    const userId = await connection.userId();
    return records.flatMap(({ Id: id, CreatedById: creator }) =>
      typeof id === 'string' && creator === userId ? [id] : [],
    );
  } catch (thrown) {
    if (thrown instanceof SalesforceApiError && !isTransient(thrown)) {
      return [];
    }
    throw thrown;
  }
}
