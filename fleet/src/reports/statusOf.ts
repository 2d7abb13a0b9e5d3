import type { RollOutStatus } from '../contract/status.js';

/**
 * The status in a value that the engine keeps.
 *
 * @throws Error if it is none, such as that of another release
 */
export function statusOf(value: unknown): RollOutStatus {
  if (isStatus(value)) return value;
  throw new Error(
    'the engine has no status that this release understands: the run was started by another release, or has just begun',
  );
}

const counts = [
  'stacks',
  'orgs',
  'waiting',
  'running',
  'unchanged',
  'changed',
  'drifted',
  'failed',
  'failedOrgs',
];

function isStatus(value: unknown): value is RollOutStatus {
  return (
    isRecord(value) &&
    ['name', 'operation', 'program', 'state', 'message', 'startedAt'].every((name) => isText(value[name])) &&
    (value['digest'] === undefined || isText(value['digest'])) &&
    typeof value['moreProblems'] === 'number' &&
    isListOf(
      value['waves'],
      (wave) =>
        isText(wave['stage']) &&
        isText(wave['wave']) &&
        counts.every((name) => typeof wave[name] === 'number'),
    ) &&
    isListOf(
      value['problems'],
      (problem) =>
        ['stack', 'stage', 'status', 'message'].every((name) => isText(problem[name])) &&
        Array.isArray(problem['orgs']) &&
        problem['orgs'].every(isText),
    ) &&
    isListOf(value['requests'], (request) =>
      ['request', 'by', 'why', 'at'].every((name) => isText(request[name])),
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const isText = (value: unknown): value is string => typeof value === 'string';

function isListOf(value: unknown, test: (item: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isRecord(item) && test(item));
}
