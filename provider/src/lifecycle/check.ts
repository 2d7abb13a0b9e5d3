import { messageOf } from '../errors.js';
import { unknownValue } from '../jwtPolicy/fields.js';
import { parseInputs } from '../resourceState.js';
import type { Properties } from '../resourceState.js';
import { checkInputs } from './checkInputs.js';
import type { CheckResult } from './checkInputs.js';
import { previewInOrg } from './previewInOrg.js';
import { declarations } from './run.js';

/**
 * Checks the inputs of a resource, completes them, and records what the program declares. In a preview a new resource is
 * also looked at in the org (`salesforce:preview`): what `up` would refuse is refused here. What exists already is looked at by
 * diff, which knows the org that it is in.
 *
 * @param olds the inputs of the last `up`; empty for a new resource
 * @param news the program's inputs; a preview may not know all of them
 */
export async function check(olds: Properties, news: Properties): Promise<CheckResult> {
  const result = checkInputs(olds, news);
  const { inputs, failures } = result;
  const isNew = olds['externalClientApplication'] === undefined;
  const isKnown = inputs['externalClientApplication'] !== unknownValue && inputs['org'] !== unknownValue;
  if (failures.length > 0 || !declarations.isPreview || !isNew || !isKnown) {
    return result;
  }
  const urn = news['__urn'];
  try {
    await previewInOrg(parseInputs(inputs), {
      urn: typeof urn === 'string' ? urn : undefined,
      isComplete: !Object.values(inputs).includes(unknownValue),
    });
    return result;
  } catch (thrown) {
    return { inputs, failures: [{ property: '', reason: messageOf(thrown) }] };
  }
}
