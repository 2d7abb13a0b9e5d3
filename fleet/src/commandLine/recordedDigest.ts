import type { Client } from '@temporalio/client';
import { workflowTypes } from '../contract/runs.js';
import { statusName } from '../contract/status.js';
import { statusOf } from '../reports/statusOf.js';

/** The digest of the program that the last roll-out has used; undefined if the engine remembers none. */
export async function recordedDigest(client: Client, program: string): Promise<string | undefined> {
  for await (const { memo } of client.workflow.list({ query: `WorkflowType = '${workflowTypes.rollOut}'` })) {
    const status = statusOf(memo?.[statusName]);
    if (status.program === program && status.operation === 'up' && status.digest !== undefined)
      return status.digest;
  }
  return undefined;
}
