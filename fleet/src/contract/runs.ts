import type { Operation } from './stacks.js';

/** Names of the workflow types. */
export const workflowTypes = { rollOut: 'rollOut', stack: 'stack', driftAll: 'driftAll' } as const;

export const rollOutId = (name: string): string => `roll-out/${name}`;
/** The id of the workflow is the stack's lock: the engine runs one of an id at a time. */
export const stackId = (stack: string): string => `stack/${stack}`;
export const driftAllId = (name: string): string => `drift/${name}`;

/** Every interval and time-out, so that tests run in milliseconds. All are in milliseconds. */
export interface Timings {
  /** A worker that sends no heartbeat for this long is lost. */
  readonly heartbeatTimeout: number;
  /** The longest that one attempt may take. */
  readonly attemptTimeout: number;
  readonly attempts: number;
  readonly firstRetryAfter: number;
  readonly lastRetryAfter: number;
  /** A stack that another run holds is asked for again at growing intervals; this is the longest. */
  readonly askForStackAgainAfter: number;
  /** After this time without a worker that has the program, the status says so. */
  readonly workerTimeout: number;
  /** After this time without a stack that ended, the roll-out asks whether a worker still has the program. */
  readonly quietAfter: number;
  /** How long a clean look before a gate counts. */
  readonly lookIsFreshFor: number;
}

export interface RunOptions {
  /** How many stacks are worked on at a time. */
  readonly atATime: number;
  /** Orgs in one quick look. */
  readonly quickLookOrgs: number;
  /** A run continues as a new one when its history has this many events. The engine's limit is 51,200. */
  readonly historyEvents: number;
  readonly timings: Timings;
}

export interface RollOutPlan {
  /** In order; each org's stage is one of them. */
  readonly stages: readonly string[];
  /** The number of orgs of each stage that go first. */
  readonly canary: number;
  /** How much of a stage is done after each wave that follows the canary: ascending, the last one is 100. */
  readonly percentages: readonly number[];
  /** The number of orgs of a wave that may fail; one more stops the roll-out. */
  readonly budget: number;
  /** Stages that begin only when they are approved and a full look at the stage before is clean. */
  readonly gates: readonly string[];
}

/** The first argument of the workflow `rollOut`; the second is `packStacks(stacks)`. */
export interface RollOutInput {
  readonly name: string;
  readonly operation: Exclude<Operation, 'drift'>;
  readonly program: string;
  /** Without one: the program of today. Its digest is determined at the start, and stays the same to the end. */
  readonly digest?: string;
  readonly plan: RollOutPlan;
  readonly options: RunOptions;
}

/** The first argument of the workflow `driftAll`; the second is `packStacks(stacks)`. */
export interface DriftAllInput {
  readonly name: string;
  readonly program: string;
  readonly digest?: string;
  /** A quick look first; whatever is not clean then gets the full look. */
  readonly isQuick: boolean;
  readonly options: RunOptions;
}

/** Who makes a request, and why: a claim, not a proof. */
export interface Claim {
  readonly by: string;
  readonly why: string;
}
export interface ApprovalRequest extends Claim {
  readonly stage: string;
}
export interface ResumeRequest extends Claim {
  /** The budget of the wave from now on. */
  readonly budget?: number;
}
export interface AbortRequest extends Claim {
  /** Running operations get one Ctrl-C; otherwise they end by themselves. */
  readonly isUrgent?: boolean;
}
/** `approve` is an update: the engine gives the refusal to whoever asks. The others are signals: they are kept while no worker runs. */
export const requestNames = {
  approve: 'approve',
  pause: 'pause',
  resume: 'resume',
  abort: 'abort',
  retry: 'retry',
} as const;

/** A request to a run, for its record. */
export interface RequestRecord extends Claim {
  readonly request: keyof typeof requestNames;
  /** Of an approval. */
  readonly stage?: string;
  /** Of a resume that changes it. */
  readonly budget?: number;
  /** ISO 8601. */
  readonly at: string;
}
