import {
  containsUnknown,
  fieldsOf,
  fieldValuesIn,
  valuesToDeploy,
  wantedValues,
} from '../policy/difference.js';
import { unknownValue } from '../policy/fields.js';
import { parseInputs, parseState } from '../resourceState.js';
import type { Properties, ResourceState } from '../resourceState.js';
import type { Run } from '../run/run.js';
import { wrongOrg } from '../run/signedInOrgs.js';
import { inspectAccessToken } from '../signIn/accessToken.js';
import { chooseSignInWay } from '../signIn/signInWays.js';
import { declareInOrg } from './conflicts.js';
import { previewInOrg } from './previewInOrg.js';

/** The result of diff. */
export interface DiffResult {
  changes: boolean;
  replaces?: string[];
}

/**
 * Compares the values of the last read with the checked inputs, field by field. Sends no request, except if `org` has
 * changed (the sign-in shows whether it leads to another org, which replaces the resource) and in a preview of a change,
 * which reads the org (`salesforce:preview`).
 *
 * @param olds the outputs of the last read, create or update
 * @param news the checked inputs; a preview may not know all of them
 * @throws ProviderError when the sign-in leads to another org than the one in the state, or a preview finds that `up` would be
 *   refused
 */
export async function diff(
  run: Pick<
    Run,
    'declarations' | 'shared' | 'configuration' | 'orgs' | 'log' | 'stackLog' | 'appLines' | 'entry'
  >,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<DiffResult> {
  const { declarations, orgs } = run;
  const state = parseState(id, olds);
  const app = news['externalClientApplication'];
  if (app !== state.app) {
    return { changes: true, replaces: ['externalClientApplication'] };
  }
  if (news['org'] === unknownValue) {
    return { changes: true };
  }
  const inputs = parseInputs(news);
  const hasOtherAlias = inputs.org !== state.org;
  if (!hasOtherAlias) {
    assertTokenIsOf(run.configuration, state);
  } else if ((await orgs.reconcilerFor(inputs.org)).connection.organizationId !== state.organizationId) {
    return { changes: true, replaces: ['org'] };
  }
  const hasUnknown = Object.entries(news).some(
    ([name, value]) => !name.startsWith('__') && containsUnknown(value),
  );
  const wanted = wantedValues(fieldValuesIn(news));
  const fields = fieldsOf(wanted);
  await declareInOrg(run, inputs, state.organizationId);
  const changes =
    hasOtherAlias ||
    hasUnknown ||
    fields.join() !== state.managedFields.join() ||
    fieldsOf(valuesToDeploy(wanted, state.live, state.valuesKept)).length > 0 ||
    inputs.allow.join() !== state.allow.join();
  if (changes && declarations.isPreview) {
    await previewInOrg(run, inputs, {
      urn: declarations.urnOf(inputs.app, inputs.org, wanted),
      isComplete: !hasUnknown,
      state,
    });
  }
  return { changes };
}

/** An access token shows its org without a request, so a wrong one is reported in the preview. */
function assertTokenIsOf(stackConfiguration: Run['configuration'], state: ResourceState): void {
  const configuration = stackConfiguration.of(state.org);
  const way = chooseSignInWay(configuration);
  const organizationId =
    way.kind === 'accessToken' ? inspectAccessToken(way.accessToken).organizationId : undefined;
  if (organizationId !== undefined && organizationId !== state.organizationId) {
    throw wrongOrg(state.app, state.organizationId, organizationId, configuration.label);
  }
}
