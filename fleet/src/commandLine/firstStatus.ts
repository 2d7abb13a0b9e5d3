import type { DriftAllInput, RollOutInput } from '../contract/runs.js';
import type { Operation } from '../contract/stacks.js';
import type { RollOutStatus } from '../contract/status.js';

/** What the engine keeps as the status of a run until a worker has taken it. */
export function firstStatus(
  { name, program, digest }: Pick<RollOutInput | DriftAllInput, 'name' | 'program' | 'digest'>,
  operation: Operation,
): RollOutStatus {
  return {
    name,
    operation,
    program,
    ...(digest === undefined ? {} : { digest }),
    state: 'waits for a worker',
    message: 'No worker has taken it yet.',
    waves: [],
    problems: [],
    moreProblems: 0,
    requests: [],
    startedAt: new Date().toISOString(),
  };
}
