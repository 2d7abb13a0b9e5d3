import type { Fault, RequestKind } from 'salesforce-local-org';
import {
  apiError,
  badMessage,
  endedJwtSession,
  invalidCrossReference,
  pendingWithoutCounts,
  soapAnswer,
} from '../support/apiAnswers.js';
import type { Target } from './targets.js';

/** What happens to a request, or to the deploy that it asks about. */
export type Effect =
  /** The org's own fault of one request. */
  | { kind: 'request'; faultOn: (on: RequestKind) => Fault }
  | { kind: 'refused' }
  | { kind: 'queued' }
  | { kind: 'canceled'; committed: boolean }
  /** Deploys fail one app's components with this text. */
  | { kind: 'components'; problem: string; passes: boolean };

/** A row of the matrix. */
export interface FaultKind {
  name: string;
  effect: Effect;
  /** Minutes that one request and one wait may take (`salesforce:timeoutMinutes`) while the fault is there. */
  timeoutMinutes: number;
  /** Milliseconds that the org asks to wait before the request is repeated. */
  retryAfterMs?: number;
  /** Why the fault makes no sense at a request; `undefined`: it does. */
  excludes: (target: Target) => string | undefined;
}

/** Long enough for a busy machine. */
export const ampleMinutes = 0.5;
/** What a request and its repeats have in all: long enough for a busy machine without the fault, short enough to be waited out. */
const scarceMinutes = 0.12;
/** What passes only delays the next look at a job: a fault for ever is there until the limit of the wait, in minutes. */
export const foreverAtPollMinutes = 0.1;

const page =
  '<!DOCTYPE html><html><head><title>Error</title></head><body><p>Something broke</p></body></html>';

const everywhere = (): undefined => undefined;

const withSession = ({ name, on }: Target): string | undefined =>
  on === 'token' || on === 'versions' ? `the ${name} request carries no session` : undefined;

const onlyDeploy = ({ on }: Target): string | undefined =>
  on === 'deploy' ? undefined : 'only a deploy takes the lock of the org’s setup';

const onlyDeployStatus = ({ name }: Target): string | undefined =>
  name === 'deploy status' ? undefined : 'it happens to the deploy, which only its status shows';

/** Whether a request asks how a job is doing. */
export const isStatusPoll = (on: RequestKind): boolean =>
  on === 'checkRetrieveStatus' || on === 'checkDeployStatus';

const onlyStatusPolls = ({ on }: Target): string | undefined =>
  isStatusPoll(on) ? undefined : 'it passes at the status of a job only';

const onlyRecords = ({ on }: Target): string | undefined =>
  on === 'readMetadata' ? undefined : 'it is an answer to readMetadata only';

const recordMissing: Fault = {
  kind: 'status',
  status: 200,
  contentType: 'text/xml; charset=utf-8',
  body: soapAnswer('readMetadataResponse', '<records xsi:nil="true"/>'),
};

const request = (
  name: string,
  fault: Fault | ((on: RequestKind) => Fault),
  more: Partial<FaultKind> = {},
): FaultKind => ({
  name,
  effect: { kind: 'request', faultOn: typeof fault === 'function' ? fault : () => fault },
  timeoutMinutes: ampleMinutes,
  excludes: everywhere,
  ...more,
});

const scarce = { timeoutMinutes: scarceMinutes };
const retryAfter = { retryAfterMs: 2000 };

/** Every fault. */
export const faultKinds: readonly FaultKind[] = [
  {
    name: 'connection refused',
    effect: { kind: 'refused' },
    timeoutMinutes: ampleMinutes,
    excludes: everywhere,
  },
  request('reset before sending', { kind: 'reset', when: 'before' }),
  request('reset after the org acted', { kind: 'reset', when: 'after' }),
  request('answer lost', { kind: 'hang', when: 'after' }, scarce),
  request('answer truncated', { kind: 'truncate' }),
  request('body malformed', { kind: 'malformed' }),
  request('HTML 500', { kind: 'status', status: 500, body: page, contentType: 'text/html' }),
  request('500 with an error of the API', { kind: 'serverError' }),
  request('500 with an error, after the org acted', { kind: 'serverError', when: 'after' }),
  request('503', { kind: 'status', status: 503 }),
  request('503 after the org acted', { kind: 'status', status: 503, when: 'after' }),
  request('420', { kind: 'status', status: 420 }),
  request('420 with Retry-After', { kind: 'status', status: 420, retryAfter: '2' }, retryAfter),
  request('429', { kind: 'status', status: 429 }),
  request('429 with Retry-After', { kind: 'status', status: 429, retryAfter: '2' }, retryAfter),
  request('hang beyond the limit', { kind: 'hang' }, scarce),
  request('session expired', { kind: 'sessionExpired' }, { excludes: withSession }),
  request('session ended, another code', endedJwtSession, { excludes: withSession }),
  request('invalid cross reference id', invalidCrossReference, { ...scarce, excludes: onlyStatusPolls }),
  request('Bad Message 400', badMessage, { ...scarce, excludes: onlyStatusPolls }),
  request('Pending without counts', pendingWithoutCounts, { ...scarce, excludes: onlyDeployStatus }),
  request(
    'type refused',
    apiError(500, 'INVALID_TYPE', 'This type of metadata is not available for this organization'),
    { excludes: onlyRecords },
  ),
  request('record missing', recordMissing, { excludes: onlyRecords }),
  request('org locked, refused', { kind: 'locked' }, { excludes: onlyDeploy }),
  {
    name: 'org locked, deploy fails',
    effect: {
      kind: 'components',
      problem: 'ALREADY_IN_PROCESS: the setup is locked by another change',
      passes: true,
    },
    timeoutMinutes: ampleMinutes,
    excludes: onlyDeployStatus,
  },
  {
    name: 'deploy queued for long',
    effect: { kind: 'queued' },
    timeoutMinutes: 0.08,
    excludes: onlyDeployStatus,
  },
  {
    name: 'cancelled before commit',
    effect: { kind: 'canceled', committed: false },
    timeoutMinutes: ampleMinutes,
    excludes: onlyDeployStatus,
  },
  {
    name: 'cancelled after commit',
    effect: { kind: 'canceled', committed: true },
    timeoutMinutes: ampleMinutes,
    excludes: onlyDeployStatus,
  },
  {
    name: 'one app’s component fails',
    effect: { kind: 'components', problem: 'The policy is locked by the release team', passes: false },
    timeoutMinutes: ampleMinutes,
    excludes: onlyDeployStatus,
  },
];
