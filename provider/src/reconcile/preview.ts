import { ProviderError } from '../errors.js';
import type { FieldValues } from '../policy/fields.js';
import type { ReconciledOrg } from './batchEntry.js';
import { patchComponents } from './deploy/changedComponents.js';
import { confirmRemembered, isPreviewedByName } from './snapshot/confirmRemembered.js';
import { planAll } from './plan/plan.js';
import type { WholePlan } from './plan/plan.js';
import type { Warning } from './plan/warnings.js';
import { failureForApp } from './deploy/refusalAdvice.js';
import { RefusedAppError } from './request.js';
import type { OnWait, ReconcileRequest, ReconcileResult } from './request.js';
import { validate } from './deploy/checkOnlyDeploy.js';
import { withProgress } from './waitProgress.js';

/** The result of a preview of a request. */
export type PreviewResult =
  | {
      isPresent: true;
      /** The values of the request's fields in the org. */
      live: FieldValues;
      /** The warnings that `up` would print. */
      warnings: readonly Warning[];
      /** The id of the check-only deploy by which the org validated the change; `undefined` when it was not asked. */
      validatedBy: string | undefined;
    }
  | (ReconcileResult & { isPresent: false });

/**
 * Returns what a request would change, from the first snapshot of the run, however old it is. It changes nothing.
 *
 * @param validates whether the org validates the change
 * @throws RefusedAppError when a batch would refuse the request because of its app; ProviderError for any other failure
 */
export async function previewRequest(
  org: ReconciledOrg,
  request: ReconcileRequest,
  validates: boolean,
): Promise<PreviewResult> {
  return withProgress([request], (onWait) => preview(org, request, validates, onWait));
}

async function preview(
  org: ReconciledOrg,
  request: ReconcileRequest,
  validates: boolean,
  onWait: OnWait,
): Promise<PreviewResult> {
  const { connection } = org;
  try {
    const plan =
      (validates ? undefined : await planByName(org, request, onWait)) ??
      (await planFromSnapshot(org, request, onWait));
    if (plan.kind === 'refused') {
      const { parts } = failureForApp(request, connection, plan.error);
      // An org that returns no app at all refuses every one of the program.
      throw parts.code === 'ECA3003' ? new ProviderError(parts) : new RefusedAppError(parts);
    }
    if (plan.kind === 'settled') {
      return plan.result.isPresent
        ? { isPresent: true, live: plan.result.before, warnings: [], validatedBy: undefined }
        : plan.result;
    }
    const validatedBy = validates
      ? await validate(connection, request, patchComponents(request, plan.components, plan.changes), onWait)
      : undefined;
    return { isPresent: true, live: plan.live ?? {}, warnings: plan.warnings, validatedBy };
  } catch (thrown) {
    throw thrown instanceof RefusedAppError ? thrown : failureForApp(request, connection, thrown);
  }
}

/** @returns `undefined` if a retrieve has to decide */
async function planByName(
  org: ReconciledOrg,
  request: ReconcileRequest,
  onWait: OnWait,
): Promise<WholePlan | undefined> {
  return isPreviewedByName(org, request)
    ? (await confirmRemembered(org, [request], onWait)).get(request)
    : undefined;
}

async function planFromSnapshot(
  { connection, snapshots }: ReconciledOrg,
  request: ReconcileRequest,
  onWait: OnWait,
): Promise<WholePlan> {
  const planned = { request };
  const { plans, snapshot } = await planAll(
    connection,
    [planned],
    await snapshots.get([request], onWait),
    onWait,
  );
  snapshots.keep(snapshot);
  return plans.get(planned) ?? { kind: 'refused', error: undefined };
}
