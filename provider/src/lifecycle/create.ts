import { fieldsOf } from '../policy/difference.js';
import { pick } from '../policy/restore.js';
import { formatId, parseInputs } from '../resourceState.js';
import type { Properties } from '../resourceState.js';
import { bringAbout } from './change.js';
import { assertNoConflict } from './conflicts.js';
import { declarations, reconcilerForApp } from '../run/run.js';

/** What create answers. */
export interface CreateResult {
  id: string;
  outs: Record<string, unknown>;
}

/**
 * Adopts an app's settings, which always exist, and sets them as the program says. The values found before are kept for
 * destroy; in a run that deleted the same settings first, those that the deleted resource had found.
 *
 * @throws ProviderError when the org was not changed, ChangedOrgError when it was or may have been
 */
export async function create(properties: Properties): Promise<CreateResult> {
  const inputs = parseInputs(properties);
  const reconciler = await reconcilerForApp(inputs.app, inputs.org);
  assertNoConflict(inputs);
  const id = formatId(reconciler.connection.organizationId, inputs.app);
  const outs = await bringAbout(reconciler, {
    inputs,
    properties,
    knownNames: undefined,
    valuesFound: (before) => ({ ...before, ...pick(declarations.takenOver(id), fieldsOf(before)) }),
  });
  return { id, outs };
}
