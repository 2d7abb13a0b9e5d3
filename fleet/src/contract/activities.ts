import type { FleetStack, Operation } from './stacks.js';

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
