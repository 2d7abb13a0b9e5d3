import type { MessageParts } from '../errors.js';
import type { FieldValues } from '../policy/fields.js';
import type { ReconciledOrg } from './batchEntry.js';
import { patchComponents } from './changedComponents.js';
import { planAll } from './plan.js';
import { failureForApp } from './refusalAdvice.js';
import type { ReconcileRequest, ReconcileResult } from './request.js';
import { validate } from './validate.js';
import { progressReporter } from './waitProgress.js';

/** What a preview of a request ends in. */
export type PreviewResult =
  | {
      isPresent: true;
      /** What `up` would warn of. */
      warnings: readonly MessageParts[];
      /** The deploy with `checkOnly` by which the org validated the change; `undefined` when it was not asked. */
      validatedBy: string | undefined;
    }
  | (ReconcileResult & { isPresent: false });

/**
 * Tells what a request would change, from the first snapshot of the run however old it is; changes nothing.
 *
 * @param validates whether the org is to validate the change
 * @param onLive told the values of the request's fields as the org holds them, before anything is refused
 * @throws ProviderError when a batch would refuse the request
 */
export async function previewRequest(
  { connection, snapshots }: ReconciledOrg,
  request: ReconcileRequest,
  validates: boolean,
  onLive: (live: FieldValues) => void,
): Promise<PreviewResult> {
  try {
    const onWait = progressReporter([request]);
    const planned = { request };
    const { plans, snapshot } = await planAll(connection, [planned], await snapshots.get([request]), onWait);
    snapshots.keep(snapshot);
    const plan = plans.get(planned);
    if (plan?.live !== undefined) {
      onLive(plan.live);
    }
    if (plan === undefined || plan.kind === 'refused') {
      throw plan?.error;
    }
    if (plan.kind === 'settled') {
      return plan.result.isPresent ? { isPresent: true, warnings: [], validatedBy: undefined } : plan.result;
    }
    const validatedBy = validates
      ? await validate(connection, request, patchComponents(request, plan.components, plan.changes), onWait)
      : undefined;
    return { isPresent: true, warnings: plan.warnings, validatedBy };
  } catch (thrown) {
    throw failureForApp(request.app, connection, thrown);
  }
}
