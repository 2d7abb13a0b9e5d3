import type { RequestRecord, RollOutInput } from './runs.js';
import type { Operation } from './stacks.js';

/** The query of `rollOut` and `driftAll`. The same value is in the memo of this name, which needs no live worker. */
export const statusName = 'status';

export type RollOutState =
  | 'running'
  | 'waits for a worker'
  | 'waits for approval'
  | 'looks before the gate'
  | 'waits for a clean look'
  | 'paused'
  | 'stopped'
  | 'aborted'
  | 'done'
  | 'done with failures';

export interface WaveStatus {
  readonly stage: string;
  /** "canary", "to 50 %", "wave 2", "gate", "look". */
  readonly wave: string;
  readonly stacks: number;
  readonly orgs: number;
  /** Counts of stacks. */
  readonly waiting: number;
  readonly running: number;
  readonly unchanged: number;
  readonly changed: number;
  readonly drifted: number;
  readonly failed: number;
  /** Counts against the budget. */
  readonly failedOrgs: number;
}

/** A stack that failed or drifted. */
export interface Problem {
  readonly stack: string;
  readonly stage: string;
  readonly status: 'failed' | 'drifted';
  readonly message: string;
  /** Of a shard: the orgs that failed or drifted. */
  readonly orgs: readonly string[];
}

/** The status of a roll-out, and of a drift run (one wave, no stage). */
export interface RollOutStatus {
  readonly name: string;
  readonly operation: Operation;
  readonly program: string;
  readonly digest?: string;
  readonly state: RollOutState;
  /** One sentence: what it waits for, what stopped it. */
  readonly message: string;
  readonly waves: readonly WaveStatus[];
  readonly problems: readonly Problem[];
  /** Problems beyond those that are listed. */
  readonly moreProblems: number;
  /** The last 100 of them. */
  readonly requests: readonly RequestRecord[];
  readonly startedAt: string;
}

/** The result of `rollOut`. */
export interface RollOutResult {
  readonly status: RollOutStatus;
  readonly input: RollOutInput;
  /** Names of the stacks that failed. `retry` starts them again, with their recorded configuration. */
  readonly failed: readonly string[];
  /** Names of the stacks that an abort kept from beginning. `retry` starts them too. */
  readonly notBegun: readonly string[];
}

/** The result of `driftAll`. */
export interface DriftAllResult {
  readonly status: RollOutStatus;
}
