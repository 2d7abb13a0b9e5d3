import { formatMessage, orgNotChanged, ProviderError, withParts } from '../errors.js';
import type { MessageParts } from '../errors.js';
import { describeValue, difference, fieldsOf, isGoodAnswer } from '../policy/difference.js';
import { absent, timeoutPairs } from '../policy/fields.js';
import type { FieldValues } from '../policy/fields.js';
import { isAbout } from '../components/components.js';
import type { ComponentFailure, DeployStatus } from '../org/metadataApi.js';
import type { ChangedComponent } from './deploy/changedComponents.js';
import {
  correctAndRepeat,
  forFields,
  isLockedRefusal,
  orAdvice,
  withAdvice,
} from './deploy/refusalAdvice.js';
import { aboutApp, AfterDeployError, describeApp } from './request.js';
import type { NamedOrg, LiveApp, ReconcileRequest, ReconcileResult } from './request.js';

/** How a deploy ended. */
export type DeployOutcome =
  | {
      kind: 'succeeded';
      id: string;
      status: DeployStatus;
      /** The response was lost, and this deploy was found by its components: it may be somebody else's. */
      isAssumed: boolean;
    }
  /** The org refused some of its components, or all of it. */
  | { kind: 'failed'; id: string; reason: MessageParts; failures: readonly ComponentFailure[] }
  /** The org did not accept it: it may be sent again. */
  | { kind: 'notTaken'; reason: MessageParts }
  /** It was canceled in the org's queue: the deploys ahead of it may change what was read. */
  | { kind: 'withdrawn'; ahead: readonly string[] }
  /** The org may have run it, or may still run it: only reading the org shows that. */
  | { kind: 'unknown'; reason: MessageParts; id: string | undefined };

/** How a deploy ended that was not canceled by this run. */
export type EndedDeploy = Exclude<DeployOutcome, { kind: 'withdrawn' }>;

/** The outcome of a deploy that has ended. */
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

/** The org's messages by the requests whose component they are about: two resources may share a component. */
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

/** How often one batch sends a deploy that the org does not accept. */
export const mostDeployTries = 3;

/** Whether the org has the values that it had before anything was changed. */
export function isUnchanged(before: FieldValues, after: LiveApp): boolean {
  return fieldsOf(before).every((field) => after.live[field] === before[field]);
}

/**
 * The error of a request that was partly changed before something went wrong.
 *
 * @param isUnread whether a deploy was waited for that may have changed the app since it was read
 */
export function halfDone(
  org: NamedOrg,
  request: ReconcileRequest,
  before: FieldValues,
  after: LiveApp,
  cause: MessageParts,
  isUnread = false,
): AfterDeployError {
  const found = describeOpen(difference(request.wanted, after.live), after.live) || 'Its values are set';
  const orgState = isUnread ? `Read before the wait: ${found}` : found;
  return new AfterDeployError({ ...aboutApp(cause, request.app, org), orgState }, before, after);
}

/**
 * The result of a request after a deploy. The values in the org decide, not how the deploy ended: a deploy that failed or was canceled
 * may have been committed.
 *
 * @param after the app as it was read after the deploy
 * @param failed the org's messages about components, by request
 * @param canRepeat whether a deploy that the org did not accept is sent again
 * @returns `undefined` when the request must be deployed again: not accepted, or rolled back because others failed
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
      const cause = `${outcome.reason.cause}, but the org has the values of this stack.`;
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
  const unchangedOrHalfDone = (reason: MessageParts): Error => {
    const cause = forFields(reason, fieldsOf(open));
    return isUnchanged(before, after)
      ? new ProviderError(withParts(cause, { subject, orgState: orgNotChanged }))
      : halfDone(org, request, before, after, cause);
  };
  switch (outcome.kind) {
    case 'succeeded':
      if (outcome.isAssumed && canRepeat) {
        return undefined;
      }
      return new AfterDeployError(
        {
          code: 'ECA5016',
          subject,
          cause: `deploy ${outcome.id} succeeded, but the org did not keep every value: ${found}`,
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
        { ...aboutApp(outcome.reason, request.app, org), orgState: `Read back afterwards: ${found}` },
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
          ? orAdvice(outcome.reason, 'Check it in Setup, Deployment Status, and repeat the command')
          : orAdvice(withAdvice([...new Set(own)].join('; ')), correctAndRepeat),
      );
    }
  }
}

/** Says which fields do not have the wanted value. */
function describeOpen(open: FieldValues, live: FieldValues): string {
  return fieldsOf(open)
    .map(
      (field) =>
        `${field} is ${describeValue(field, live[field] ?? absent)}, expected ${describeValue(field, open[field] ?? absent)}`,
    )
    .join('; ');
}

/** One sentence for every timeout that the org kept with type `UserSession`, unless the state shows that it did so before. */
function describeKeptTimeouts(open: FieldValues, live: FieldValues, kept: FieldValues = {}): string[] {
  return timeoutPairs
    .filter(({ timeout }) => open[timeout] !== undefined && kept[timeout] !== live[timeout])
    .map(
      ({ type, timeout }) =>
        `the org kept ${timeout} (${describeValue(timeout, live[timeout] ?? absent)}) with ${type} UserSession, although ` +
        'its removal was deployed. It has no effect: a timeout applies only with Custom (documented).',
    );
}
