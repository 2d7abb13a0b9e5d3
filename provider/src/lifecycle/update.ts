import { fieldsOf, wantedValues } from '../policy/difference.js';
import { pick } from '../policy/restore.js';
import { parseInputs, parseState } from '../resourceState.js';
import type { Properties } from '../resourceState.js';
import type { Run } from '../run/run.js';
import { applyChange, describeDroppedFields } from './change.js';
import { declareInOrg } from './conflicts.js';

/** The result of update: the full outputs, because the engine drops what is not in them. */
export interface UpdateResult {
  outs: Record<string, unknown>;
}

/**
 * Sets an app's settings as the program declares. Destroy restores a newly managed field to the value found at this
 * update; a field that was removed from the program keeps its value.
 *
 * @throws ProviderError when the org was not changed, ChangedOrgError when it was or may have been
 */
export async function update(
  run: Pick<Run, 'declarations' | 'shared' | 'configuration' | 'orgs' | 'log'>,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<UpdateResult> {
  const state = parseState(id, olds);
  const inputs = parseInputs(news);
  const reconciler = await run.orgs.reconcilerOf({ ...state, org: inputs.org });
  await declareInOrg(run, inputs, state.organizationId);
  const wanted = wantedValues(inputs.settings);
  const log = run.log.of(run.declarations.urnOf(inputs.app, inputs.org, wanted));
  describeDroppedFields(state, inputs).forEach((line) => {
    log.warn(line);
  });
  const outs = await applyChange(run, reconciler, {
    inputs,
    properties: news,
    valuesKept: state.valuesKept,
    knownNames: state.names,
    pendingDeploy: state.pendingDeploy,
    valuesFound: (before) => {
      const added = fieldsOf(wanted).filter((field) => !state.managedFields.includes(field));
      return {
        ...pick(state.valuesFound, fieldsOf(wanted)),
        ...pick(before, added),
        ...pick(run.declarations.takenOver(id), added),
      };
    },
  });
  return { outs };
}
