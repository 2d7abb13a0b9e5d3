import { isAbout } from '../components/components.js';
import type { ComponentFailure } from '../org/metadataApi.js';
import type { ChangedComponent } from './change.js';
import type { ReconcileJob } from './job.js';
import { isPluginSettingsRefusal } from './refusalAdvice.js';

/** The org's messages by the jobs whose component they are about: two resources may share one. */
export function failuresByJob(
  failures: readonly ComponentFailure[],
  changed: readonly ChangedComponent[],
): Map<ReconcileJob, string[]> {
  const byJob = new Map<ReconcileJob, string[]>();
  for (const failure of failures) {
    const concerned = changed.filter(
      ({ component }) => isAbout(failure, component) || failure.fileName.endsWith(component.path),
    );
    for (const { job } of concerned) {
      byJob.set(job, [...(byJob.get(job) ?? []), failure.problem]);
    }
  }
  return byJob;
}

/**
 * The same components in an order that never leaves JWT policies beside a token format that is off: the global settings
 * first when JWT-based tokens are turned on, the policies first when they are turned off.
 */
export function inTwoSteps(changed: readonly ChangedComponent[]): ChangedComponent[][] {
  const isFirst = ({ job, component }: ChangedComponent): boolean => {
    const isGlobal = component.type === 'ExtlClntAppGlobalOauthSettings';
    // Another resource may set the policies of the same app.
    const turnsOn = changed.some(
      (other) => other.job.app === job.app && other.job.wanted.isNamedUserJwtEnabled === true,
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
