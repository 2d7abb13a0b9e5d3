import { formatMessage, reasonOf } from '../../errors.js';
import type { ComponentFailure } from '../../org/metadataApi.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import type { ChangedComponent } from './changedComponents.js';
import { deploy } from './deploy.js';
import { describeOvertakenChange, findOvertakenChanges } from './deployQueue.js';
import type { DeployOutcome } from '../outcome.js';
import { isPluginSettingsRefusal } from './refusalAdvice.js';
import { describeApp } from '../request.js';
import type { OnWait } from '../request.js';

/**
 * The same components in an order that never leaves JWT policies on an app that does not issue JWT-based tokens: the global settings
 * first when such tokens are turned on, the policies first when they are turned off.
 */
export function inTwoSteps(changed: readonly ChangedComponent[]): ChangedComponent[][] {
  const isFirst = ({ request, component }: ChangedComponent): boolean => {
    const isGlobal = component.type === 'ExtlClntAppGlobalOauthSettings';
    // Another resource may set the policies of the same app.
    const turnsOn = changed.some(
      (other) => other.request.app === request.app && other.request.wanted.isNamedUserJwtEnabled === true,
    );
    return isGlobal === turnsOn;
  };
  return [changed.filter(isFirst), changed.filter((change) => !isFirst(change))].filter(
    (step) => step.length > 0,
  );
}

/** Whether the org refused policies together with the token format, so that two deploys may succeed where one did not. */
export function wantsTwoSteps(
  failures: readonly ComponentFailure[],
  changed: readonly ChangedComponent[],
): boolean {
  return failures.some(({ problem }) => isPluginSettingsRefusal(problem)) && inTwoSteps(changed).length > 1;
}

/**
 * Deploys changed components, in one deploy or in two.
 *
 * @throws what {@link deploy} throws, when nothing was deployed before
 */
export async function deployInSteps(
  connection: OrgConnection,
  steps: readonly (readonly ChangedComponent[])[],
  onWait: OnWait,
  mayWithdraw: boolean,
): Promise<DeployOutcome> {
  let outcome: DeployOutcome = {
    kind: 'notTaken',
    reason: { code: 'ECA6105', cause: 'nothing was deployed' },
  };
  for (const [index, step] of steps.entries()) {
    try {
      outcome = await deploy(connection, step, onWait, mayWithdraw);
    } catch (thrown) {
      if (index === 0) {
        throw thrown;
      }
      const cause = `only the first of two deploys was made: ${reasonOf(thrown)}`;
      return { kind: 'unknown', reason: { code: 'ECA6103', cause }, id: undefined };
    }
    if (outcome.kind !== 'succeeded') {
      return outcome;
    }
    for (const overtaken of await findOvertakenChanges(connection, step, outcome.status)) {
      const { request } = overtaken.change;
      const subject = describeApp(request.app, connection);
      const cause = describeOvertakenChange(overtaken);
      request.log.warn(formatMessage({ code: 'ECA7002', subject, cause }));
    }
  }
  return outcome;
}
