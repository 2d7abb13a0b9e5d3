import type { Client, WorkflowHandle } from '@temporalio/client';
import type { FleetStack } from '../contract/stacks.js';
import { askAgain } from '../engine/askAgain.js';
import { unpackStacks } from '../rollOut/packedStacks.js';

/** The stacks of a roll-out, with the configuration that they had when it began: its second argument. */
export async function recordedStacks(
  client: Client,
  { workflowId }: Pick<WorkflowHandle, 'workflowId'>,
): Promise<readonly FleetStack[]> {
  const { namespace, loadedDataConverter } = client.options;
  const { history } = await askAgain(() =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace,
      execution: { workflowId },
      maximumPageSize: 1,
    }),
  );
  let payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  for (const codec of loadedDataConverter.payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
  const [, packed] = payloads.map((payload) =>
    loadedDataConverter.payloadConverter.fromPayload<unknown>(payload),
  );
  if (!(packed instanceof Uint8Array)) throw new Error(`the engine has not kept the stacks of ${workflowId}`);
  return unpackStacks(packed);
}
