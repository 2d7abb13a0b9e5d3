import { fieldsOf } from '../policy/difference.js';
import { pick } from '../policy/restore.js';
import { formatId, parseInputs } from '../resourceState.js';
import type { Properties } from '../resourceState.js';
import type { Run } from '../run/run.js';
import { applyChange } from './change.js';
import { declareInOrg } from './conflicts.js';

/** The result of create. */
export interface CreateResult {
  id: string;
  outs: Record<string, unknown>;
}

/**
 * Adopts an app's settings, which always exist, and sets them as the program declares. Keeps the values found before for
 * destroy; if the same run has deleted a resource with these settings, the values that the deleted resource had found.
 *
 * @throws ProviderError when the org was not changed, ChangedOrgError when it was or may have been
 */
export async function create(
  run: Pick<Run, 'declarations' | 'shared' | 'configuration' | 'orgs' | 'log'>,
  properties: Properties,
): Promise<CreateResult> {
  const inputs = parseInputs(properties);
  const reconciler = await run.orgs.reconcilerForApp(inputs.app, inputs.org);
  const { organizationId } = reconciler.connection;
  await declareInOrg(run, inputs, organizationId);
  const id = formatId(organizationId, inputs.app);
  const outs = await applyChange(run, reconciler, {
    inputs,
    properties,
    knownNames: undefined,
    valuesFound: (before) => ({ ...before, ...pick(run.declarations.takenOver(id), fieldsOf(before)) }),
  });
  return { id, outs };
}
