import { formatMessage, ProviderError, withParts } from '../errors.js';
import type { MessageParts } from '../errors.js';
import { describeValue, difference, fieldsOf, isGoodAnswer } from '../policy/difference.js';
import { absent, timeoutPairs } from '../policy/fields.js';
import type { FieldValues } from '../policy/fields.js';
import { isAbout } from '../components/components.js';
import type { ComponentFailure, DeployStatus } from '../org/metadataApi.js';
import type { ChangedComponent } from './changedComponents.js';
import { isLockedRefusal, orAdvice, withAdvice } from './refusalAdvice.js';
import { AfterDeployError, describeApp } from './request.js';
import type { NamedOrg, LiveApp, ReconcileRequest, ReconcileResult } from './request.js';

/** How a deploy ended. */
export type DeployOutcome =
  | {
      kind: 'succeeded';
      id: string;
      status: DeployStatus;
      /** The answer was lost, and this deploy was found by its components: it may be somebody else's. */
      isAssumed: boolean;
    }
  /** The org refused it, for components or as a whole. */
  | { kind: 'failed'; id: string; reason: MessageParts; failures: readonly ComponentFailure[] }
  /** The org did not take it: it may be sent again. */
  | { kind: 'notTaken'; reason: MessageParts }
  /** It was taken back in the org's queue: the deploys ahead of it may change what was read. */
  | { kind: 'withdrawn'; ahead: readonly string[] }
  /** The org may have acted, or may still act: only reading it tells. */
  | { kind: 'unknown'; reason: MessageParts; id: string | undefined };

/** How a deploy ended that was not taken back. */
export type EndedDeploy = Exclude<DeployOutcome, { kind: 'withdrawn' }>;

/** How a deploy that has ended went. */
export function outcomeOf(status: DeployStatus): EndedDeploy {
  if (status.status === 'Succeeded' && status.success) {
    return { kind: 'succeeded', id: status.id, status, isAssumed: false };
  }
  const by = status.canceledByName === undefined ? '' : ` by ${status.canceledByName}`;
  const problems = status.componentFailures.map(({ problem }) => problem);
  const causes = [status.errorStatusCode, status.errorMessage, ...problems].filter(
    (text) => text !== undefined,
  );
  const words = causes.join('; ');
  const end = `deploy ${status.id} ended as ${status.status}${by}`;
  const reason = withAdvice(words, words === '' ? end : `${end}: ${words}`);
  return causes.some(isLockedRefusal)
    ? { kind: 'notTaken', reason }
    : { kind: 'failed', id: status.id, reason, failures: status.componentFailures };
}

/** The org's messages by the requests whose component they are about: two resources may share one. */
export function failuresByRequest(
  failures: readonly ComponentFailure[],
  changed: readonly ChangedComponent[],
): Map<ReconcileRequest, string[]> {
  const byRequest = new Map<ReconcileRequest, string[]>();
  for (const failure of failures) {
    const concerned = changed.filter(
      ({ component }) => isAbout(failure, component) || failure.fileName.endsWith(component.path),
    );
    for (const { request } of concerned) {
      byRequest.set(request, [...(byRequest.get(request) ?? []), failure.problem]);
    }
  }
  return byRequest;
}

/** How often one batch sends a deploy that the org does not take. */
export const mostDeployTries = 3;

/** Whether the org holds what it held before anything was changed. */
export function isUnchanged(before: FieldValues, after: LiveApp): boolean {
  return fieldsOf(before).every((field) => after.live[field] === before[field]);
}

/** The error of a request of which a part was changed before something went wrong. */
export function halfDone(
  org: NamedOrg,
  request: ReconcileRequest,
  before: FieldValues,
  after: LiveApp,
  cause: MessageParts,
): AfterDeployError {
  const subject = describeApp(request.app, org);
  const orgState = describeOpen(difference(request.wanted, after.live), after.live);
  return new AfterDeployError(
    withParts(cause, { subject: cause.subject === subject ? undefined : subject, orgState }),
    before,
    after,
  );
}

/**
 * What a request ends in after a deploy, told from what the org holds now and not from how the deploy ended: also a deploy that
 * failed or was cancelled may have been committed.
 *
 * @param after the app as it was read after the deploy
 * @param failed the org's messages about components, by request
 * @param canRepeat whether a deploy that the org did not take is sent again
 * @returns `undefined` when the request is to be deployed again: not taken, or rolled back for the failures of others
 */
export function resultAfterDeploy(
  org: NamedOrg,
  request: ReconcileRequest,
  before: FieldValues,
  after: LiveApp,
  outcome: EndedDeploy,
  failed: ReadonlyMap<ReconcileRequest, readonly string[]>,
  canRepeat: boolean,
): ReconcileResult | Error | undefined {
  const subject = describeApp(request.app, org);
  const open = difference(request.wanted, after.live);
  if (fieldsOf(open).length === 0) {
    if (outcome.kind === 'failed') {
      const cause = `${outcome.reason.cause}; the org holds the values of this stack all the same.`;
      request.log.warn(formatMessage({ code: 'ECA5017', subject, cause }));
    }
    return { isPresent: true, before, after };
  }
  const isCertain = outcome.kind === 'succeeded' && !(outcome.isAssumed && canRepeat);
  if (isCertain && isGoodAnswer(request.wanted, after.live)) {
    describeKeptTimeouts(open, after.live, request.kept).forEach((line) => {
      request.log.warn(formatMessage({ code: 'ECA3104', subject, cause: line }));
    });
    return { isPresent: true, before, after };
  }
  const found = describeOpen(open, after.live);
  const unchangedOrHalfDone = (cause: MessageParts): Error =>
    isUnchanged(before, after)
      ? new ProviderError(withParts(cause, { subject, orgState: "The org's settings are unchanged" }))
      : halfDone(org, request, before, after, cause);
  switch (outcome.kind) {
    case 'succeeded':
      if (outcome.isAssumed && canRepeat) {
        return undefined;
      }
      return new AfterDeployError(
        {
          code: 'ECA5016',
          subject,
          cause: `deploy ${outcome.id} succeeded, but not every value is what was sent: ${found}`,
        },
        before,
        after,
      );
    case 'notTaken': {
      if (canRepeat) {
        return undefined;
      }
      return unchangedOrHalfDone(
        withParts(orAdvice(outcome.reason, 'Repeat the command later'), {
          advice: `It was tried ${mostDeployTries} times`,
        }),
      );
    }
    case 'unknown':
      return new AfterDeployError(
        withParts(outcome.reason, { subject, orgState: `When the org was read afterwards: ${found}` }),
        before,
        after,
        outcome.id,
      );
    case 'failed': {
      const own = failed.get(request);
      if (own === undefined && failed.size > 0 && isUnchanged(before, after)) {
        return undefined;
      }
      return unchangedOrHalfDone(
        own === undefined
          ? orAdvice(outcome.reason, 'Look at it in Setup, Deployment Status, and repeat the command')
          : orAdvice(
              withAdvice([...new Set(own)].join('; ')),
              'Correct what the org names, and repeat the command',
            ),
      );
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
