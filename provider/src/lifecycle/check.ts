import { messageOf } from '../errors.js';
import { containsUnknown } from '../policy/difference.js';
import { parseInputs } from '../resourceState.js';
import type { Properties } from '../resourceState.js';
import type { Run } from '../run/run.js';
import { checkInputs } from './checkInputs.js';
import type { CheckResult } from './checkInputs.js';
import { canBePreviewed, previewInOrg } from './previewInOrg.js';

/**
 * Checks the inputs of a resource, completes them, and records what the program declares. In a preview it also
 * checks a new resource in the org (`salesforce:preview`) and refuses what `up` would refuse. Existing resources are checked by
 * diff, which knows their org.
 *
 * @param olds the inputs of the last `up`; empty for a new resource
 * @param news the program's inputs; a preview may not know all of them
 */
export async function check(
  run: Pick<
    Run,
    'declarations' | 'shared' | 'configuration' | 'orgs' | 'log' | 'stackLog' | 'appLines' | 'entry'
  >,
  olds: Properties,
  news: Properties,
): Promise<CheckResult> {
  const result = checkInputs(run, news);
  const { inputs, failures } = result;
  if (failures.length > 0) {
    return result;
  }
  const urn = typeof news['__urn'] === 'string' ? news['__urn'] : undefined;
  const isNew = olds['externalClientApplication'] === undefined;
  if (run.declarations.isPreview && isNew && canBePreviewed(inputs)) {
    try {
      await previewInOrg(run, parseInputs(inputs), {
        urn,
        isComplete: !containsUnknown(inputs),
      });
    } catch (thrown) {
      return { inputs, failures: [{ property: '', reason: messageOf(thrown) }] };
    }
  }
  return result;
}
