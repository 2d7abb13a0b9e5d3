/**
 * What crosses between the command line, the workflows and the activities. All of it is JSON, and all of it stays readable in the
 * engine's history: no command, path, program text, environment variable or secret may become a field here.
 */

/** One org of the inventory. */
export interface FleetOrg {
  readonly name: string;
  readonly stage: string;
  /** Waves run in ascending order. Either all orgs of a stage name one, or none does. */
  readonly wave?: number;
  /** A reference that the worker's command resolves; never a credential. */
  readonly credential: string;
  /** The org that the credentials must be for. */
  readonly address: string;
  /** Plain settings of the program: the stack's configuration. */
  readonly configuration: Readonly<Record<string, string>>;
  /** The name of the stack that this org shares with others. */
  readonly shard?: string;
}

/** The unit of lock, wave and retry: one org, or the orgs of one shard. */
export interface FleetStack {
  readonly stack: string;
  readonly stage: string;
  readonly wave?: number;
  readonly orgs: readonly FleetOrg[];
}

/** What is done to a stack. `drift` is the full look: through the Pulumi CLI, of everything. */
export type Operation = 'up' | 'preview' | 'drift' | 'destroy';

/** The argument of the activities `up`, `preview`, `drift` and `destroy`. */
export interface StackTask {
  readonly operation: Operation;
  /** A name in the worker's own list of programs. */
  readonly program: string;
  /** Of the program's folder and lock file; the worker's program has the same one. */
  readonly digest: string;
  readonly stack: FleetStack;
  /** The name of the roll-out or drift run that asks for it, for logs. */
  readonly askedBy: string;
  /** Who held the stack in earlier activities of the same roll-out that ended without a word. */
  readonly earlierHolders: readonly Holder[];
}

/** An attempt that may have left a lock behind. */
export interface Holder {
  readonly worker: string;
  readonly host: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** The details of each heartbeat. Each beat replaces the one before, so it carries the holders of all attempts, `earlierHolders` too. */
export interface Heartbeat {
  readonly holders: readonly Holder[];
  /** What the Pulumi CLI does now. */
  readonly step: string;
}

/** How an operation ended. For `drift`, `unchanged` means that everything was read and nothing differs. */
export type OutcomeStatus = 'unchanged' | 'changed' | 'drifted' | 'failed';

export interface OrgOutcome {
  readonly org: string;
  readonly status: OutcomeStatus;
  /** The provider's own message, redacted. */
  readonly message?: string;
}

/** The result of the activities, and of the workflow `stack`. */
export interface StackOutcome {
  readonly stack: string;
  readonly status: OutcomeStatus;
  /** One for each org. Without any, `status` is that of all orgs of the stack. */
  readonly orgs: readonly OrgOutcome[];
  /** The provider's own message, redacted. */
  readonly message?: string;
  /** Which worker did it. */
  readonly worker?: string;
  /** E.g. "took away the lock of worker-2, pid 4711". */
  readonly recovered?: string;
  /** The kind of failure: see {@link failureTypes}. */
  readonly failure?: string;
  /** Who held the stack last, when it ended without a word. */
  readonly holders?: readonly Holder[];
}

/** The argument of the activity `quickLook`. */
export interface QuickLookTask {
  readonly program: string;
  readonly digest: string;
  readonly stacks: readonly FleetStack[];
  readonly askedBy: string;
}

/** What a quick look found of one stack. Whatever is not clean gets the full look, which decides. */
export interface QuickLook {
  readonly stack: string;
  /** Every setting that the last `up` verified was read from every org of the stack, and none differs. */
  readonly isClean: boolean;
  /** Why a full look is needed. */
  readonly reason?: string;
}

/** The activities that need a program. They run on the task queue of the program's digest: see {@link programTaskQueue}. */
export interface ProgramActivities {
  up(task: StackTask): Promise<StackOutcome>;
  preview(task: StackTask): Promise<StackOutcome>;
  drift(task: StackTask): Promise<StackOutcome>;
  destroy(task: StackTask): Promise<StackOutcome>;
  quickLook(task: QuickLookTask): Promise<readonly QuickLook[]>;
  /** Answers at once: a worker has the program with this digest. */
  ready(): Promise<WorkerProgram>;
}

/** The activities that any worker does. They run on the task queue {@link fleetTaskQueue}. */
export interface WorkerActivities {
  /** The digest of the worker's program of this name, as it is now; none without such a program. */
  programOfToday(program: string): Promise<WorkerProgram>;
}

export interface WorkerProgram {
  readonly worker: string;
  readonly program: string;
  readonly digest?: string;
}

/**
 * The types of `ApplicationFailure` that activities throw. `details[0]` of each is a {@link StackOutcome}, when there is one.
 * Those of {@link nonRetryableFailures} are thrown as non-retryable.
 */
export const failureTypes = {
  /** The org refuses the settings. */
  refusedByOrg: 'RefusedByOrg',
  /** The program or its configuration is wrong. */
  refusedByProgram: 'RefusedByProgram',
  /** The credentials are for another address than the inventory's. */
  otherAddress: 'OtherAddress',
  /** The worker has no such program, or its digest changed since the worker started. */
  otherProgram: 'OtherProgram',
  /** The command for credentials failed. */
  credentials: 'Credentials',
  /** Somebody else holds the stack. */
  locked: 'Locked',
  /** What may pass: network, a busy org. */
  passing: 'Passing',
  /** The plan does not fit the stacks: the roll-out itself fails. */
  refusedPlan: 'RefusedPlan',
} as const;

export const nonRetryableFailures: readonly string[] = [
  failureTypes.refusedByOrg,
  failureTypes.refusedByProgram,
  failureTypes.otherAddress,
];

/** The task queue of all workflows, and of the activities that need no program. */
export const fleetTaskQueue = 'fleet';

/** A worker polls the queues of the digests that it has: so it never takes what another program must do. */
export function programTaskQueue(program: string, digest: string): string {
  return `${fleetTaskQueue}/${program}/${digest}`;
}

/** Names of the workflow types. */
export const workflowTypes = { rollOut: 'rollOut', stack: 'stack', driftAll: 'driftAll' } as const;

export const rollOutId = (name: string): string => `roll-out/${name}`;
/** The id of the workflow is the stack's lock: the engine runs one of an id at a time. */
export const stackId = (stack: string): string => `stack/${stack}`;
export const driftAllId = (name: string): string => `drift/${name}`;

/** Every interval and time-out, so that tests run in milliseconds. All are in milliseconds. */
export interface Timings {
  /** A worker that is silent for as long is lost. */
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
  /** A clean look before a gate counts for as long. */
  readonly lookIsFreshFor: number;
}

export interface RunOptions {
  /** How many stacks are worked on at a time. */
  readonly atATime: number;
  /** Orgs in one quick look. */
  readonly quickLookOrgs: number;
  /** A run with as many events in its history continues as a new one. The engine's limit is 51,200. */
  readonly historyEvents: number;
  readonly timings: Timings;
}

export interface RollOutPlan {
  /** In order; each org's stage is one of them. */
  readonly stages: readonly string[];
  /** So many orgs of each stage go first. */
  readonly canary: number;
  /** How much of a stage is done after each wave that follows the canary: ascending, the last one is 100. */
  readonly percentages: readonly number[];
  /** So many orgs of a wave may fail; one more stops the roll-out. */
  readonly budget: number;
  /** Stages that begin only when they are approved and a full look at the stage before is clean. */
  readonly gates: readonly string[];
}

/** The first argument of the workflow `rollOut`; the second is `packStacks(stacks)`. */
export interface RollOutInput {
  readonly name: string;
  readonly operation: Exclude<Operation, 'drift'>;
  readonly program: string;
  /** None: the program of today. The digest is found as the roll-out starts, and is the same to its end. */
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

/** Who says so, and why: a claim, not a proof. */
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

/** What was asked of a run, for its record. */
export interface RequestRecord extends Claim {
  readonly request: keyof typeof requestNames;
  /** Of an approval. */
  readonly stage?: string;
  /** Of a resume that changes it. */
  readonly budget?: number;
  /** ISO 8601. */
  readonly at: string;
}

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
  /** What `retry` starts again, with their recorded configuration. */
  readonly failed: readonly FleetStack[];
  /** Failed stacks beyond those that are listed. */
  readonly moreFailed: number;
}

/** The result of `driftAll`. */
export interface DriftAllResult {
  readonly status: RollOutStatus;
}
