import { ProviderError } from '../errors.js';
import { describeValue, difference, fieldsOf, isGoodAnswer } from '../policy/difference.js';
import { absent, timeoutPairs } from '../policy/fields.js';
import type { FieldValues } from '../policy/fields.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { ReadBefore } from './componentView.js';
import type { EndedDeploy } from './deploy.js';
import { withAdvice } from './refusalAdvice.js';
import { AfterDeployError, describeApp } from './job.js';
import type { ObservedApp, ReconcileJob, ReconcileResult } from './job.js';

/** How often one walk sends a deploy that the org does not take. */
export const mostDeployTries = 3;

/** A job on its way through a walk. */
export interface Running extends ReadBefore {
  job: ReconcileJob;
  /** The values before anything was changed. */
  before: FieldValues;
}

/** Whether the org holds what it held before anything was changed. */
export function isUnchanged({ before }: Running, after: ObservedApp): boolean {
  return fieldsOf(before).every((field) => after.live[field] === before[field]);
}

/** The error of a job of which a part was changed before something went wrong. */
export function halfDone(
  connection: OrgConnection,
  { job, before }: Running,
  after: ObservedApp,
  cause: string,
): AfterDeployError {
  const open = describeOpen(difference(job.wanted, after.live), after.live);
  return new AfterDeployError(`${describeApp(job.app, connection)}: ${cause}. ${open}`, before, after);
}

/**
 * What a job ends in after a deploy, told from what the org holds now and not from how the deploy ended: also a deploy that
 * failed or was cancelled may have been committed.
 *
 * @param after the app as it was read after the deploy
 * @param failed the org's messages about components, by job
 * @param canRepeat whether a deploy that the org did not take is sent again
 * @returns `undefined` when the job is to be deployed again: not taken, or rolled back for the failures of others
 */
export function resultAfterDeploy(
  connection: OrgConnection,
  running: Running,
  after: ObservedApp,
  outcome: EndedDeploy,
  failed: ReadonlyMap<ReconcileJob, readonly string[]>,
  canRepeat: boolean,
): ReconcileResult | Error | undefined {
  const { job, before } = running;
  const subject = describeApp(job.app, connection);
  const open = difference(job.wanted, after.live);
  if (fieldsOf(open).length === 0) {
    if (outcome.kind === 'failed') {
      job.log.warn(`${subject}: ${outcome.reason}; the org holds the values of this stack all the same.`);
    }
    return { isPresent: true, before, after };
  }
  const isCertain = outcome.kind === 'succeeded' && !(outcome.isAssumed && canRepeat);
  if (isCertain && isGoodAnswer(job.wanted, after.live)) {
    describeKeptTimeouts(open, after.live, job.kept).forEach((line) => {
      job.log.warn(`${subject}: ${line}`);
    });
    return { isPresent: true, before, after };
  }
  const found = describeOpen(open, after.live);
  switch (outcome.kind) {
    case 'succeeded':
      if (outcome.isAssumed && canRepeat) {
        return undefined;
      }
      return new AfterDeployError(
        `${subject}: deploy ${outcome.id} succeeded, but not every value is what was sent: ${found}`,
        before,
        after,
      );
    case 'notTaken': {
      if (canRepeat) {
        return undefined;
      }
      const cause = `${withAdvice(outcome.reason, 'Repeat the command later')}. It was tried ${mostDeployTries} times`;
      return isUnchanged(running, after)
        ? new ProviderError(`${subject}: ${cause}. The org's settings are unchanged`)
        : halfDone(connection, running, after, cause);
    }
    case 'unknown':
      return new AfterDeployError(
        `${subject}: ${outcome.reason}. When the org was read afterwards: ${found}`,
        before,
        after,
        outcome.id,
      );
    case 'failed': {
      const own = failed.get(job);
      if (own === undefined && failed.size > 0 && isUnchanged(running, after)) {
        return undefined;
      }
      const problem =
        own === undefined
          ? withAdvice(outcome.reason, 'Look at it in Setup, Deployment Status, and repeat the command')
          : withAdvice([...new Set(own)].join('; '), 'Correct what the org names, and repeat the command');
      return isUnchanged(running, after)
        ? new ProviderError(`${subject}: ${problem}. The org's settings are unchanged`)
        : halfDone(connection, running, after, problem);
    }
  }
}

/** Says which fields are not as wanted. */
function describeOpen(open: FieldValues, live: FieldValues): string {
  return fieldsOf(open)
    .map(
      (field) =>
        `${field} is ${describeValue(field, live[field] ?? absent)}, wanted ${describeValue(field, open[field] ?? absent)}`,
    )
    .join('; ');
}

/** One sentence for every timeout that the org kept beside `UserSession`, unless the state remembers that it did so before. */
function describeKeptTimeouts(open: FieldValues, live: FieldValues, kept: FieldValues = {}): string[] {
  return timeoutPairs
    .filter(({ timeout }) => open[timeout] !== undefined && kept[timeout] !== live[timeout])
    .map(
      ({ type, timeout }) =>
        `the org kept ${timeout} (${describeValue(timeout, live[timeout] ?? absent)}) beside ${type} UserSession although its ` +
        'removal was deployed. It has no effect there: a timeout counts only with Custom (documented).',
    );
}
