import {
  CancellationScope,
  ParentClosePolicy,
  condition,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { ProgramActivities, QuickLook, StackOutcome } from '../contract/activities.js';
import {
  requestNames,
  stackId,
  type ApprovalRequest,
  type Claim,
  type RequestRecord,
  type RunOptions,
} from '../contract/runs.js';
import type { Operation } from '../contract/stacks.js';
import type { Course } from '../rollOut/course.js';
import { afterEvent, type ProgressEvent } from '../rollOut/events.js';
import { hasEnded, mayBegin, nextJob, refusalOfApproval, type Job } from '../rollOut/nextJob.js';
import { firstProgress, type Progress } from '../rollOut/progress.js';
import { abort, approve, pause, resume, retry } from './messages.js';
import { programActivityOptions, stack as stackWorkflow } from './stack.js';
import { StatusBoard } from './statusBoard.js';
import { findWorker } from './workers.js';

/** What a run hands over when it continues as a new one. */
export interface Carried {
  readonly progress: Progress;
  readonly digest?: string;
  readonly startedAt: string;
}

export interface RunInput {
  readonly name: string;
  readonly program: string;
  readonly digest?: string;
  readonly isQuick?: boolean;
  readonly options: RunOptions;
}

/** The engine allows 2,000 workflows that one workflow has started and that run. */
const mostAtATime = 1000;

/** The engine allows 50 MB of history. */
const mostHistoryBytes = 20_000_000;

/** Follows a course: begins what may begin, keeps the status, and handles requests. */
export class CourseRun {
  private progress: Progress;
  private digest: string | undefined;
  private readonly board: StatusBoard;
  /** Whether a worker has the program, as far as is known. */
  private isWorkerKnown = false;
  private isDraining = false;
  private running = 0;
  /** Rises with each change, so that whoever waits looks again. */
  private version = 0;
  private readonly jobs = new CancellationScope();

  constructor(
    private readonly input: RunInput,
    private readonly course: Course,
    carried: Carried | undefined,
  ) {
    this.progress = carried?.progress ?? firstProgress(course, input.isQuick);
    this.digest = carried?.digest ?? input.digest;
    const startedAt = carried?.startedAt ?? new Date().toISOString();
    this.board = new StatusBoard(input, course, startedAt, () => ({
      progress: this.progress,
      digest: this.digest,
    }));
    this.listen();
  }

  /** Until the end, or until the history is long: then the result is what the next run carries on. */
  async follow(): Promise<Carried | undefined> {
    // Whoever cancels the workflow gets an orderly, urgent abort and a truthful status.
    CancellationScope.current().cancelRequested.catch(() => {
      this.abort({ by: 'the engine', why: 'the workflow was cancelled', isUrgent: true });
    });
    return CancellationScope.nonCancellable(async () => {
      this.board.publish();
      void this.lookForWorker();
      void this.watchWorkers();
      while (!hasEnded(this.progress, this.course)) {
        const seen = this.version;
        this.isDraining ||= isHistoryLong(this.input.options);
        if (this.isDraining && this.running === 0) return this.carried();
        this.beginJobs();
        await condition(() => this.version !== seen);
      }
      this.board.publish();
      return undefined;
    });
  }

  get result(): { readonly progress: Progress; readonly board: StatusBoard } {
    return { progress: this.progress, board: this.board };
  }

  private carried(): Carried {
    return {
      progress: this.progress,
      ...(this.digest === undefined ? {} : { digest: this.digest }),
      startedAt: this.board.startedAt,
    };
  }

  private listen(): void {
    setHandler(
      approve,
      ({ stage, by, why }) => {
        this.ask({ request: requestNames.approve, stage, by, why });
        return this.board.status;
      },
      {
        validator: ({ stage }: ApprovalRequest) => {
          const refusal = refusalOfApproval(this.progress, this.course, stage);
          if (refusal !== undefined) throw new Error(refusal);
        },
      },
    );
    setHandler(pause, ({ by, why }) => {
      this.ask({ request: requestNames.pause, by, why });
    });
    setHandler(retry, ({ by, why }) => {
      this.ask({ request: requestNames.retry, by, why });
    });
    setHandler(resume, ({ by, why, budget }) => {
      this.ask({ request: requestNames.resume, by, why, ...(budget === undefined ? {} : { budget }) });
    });
    setHandler(abort, (request) => {
      this.abort(request);
    });
  }

  private abort({ by, why, isUrgent }: Claim & { readonly isUrgent?: boolean }): void {
    this.ask({ request: requestNames.abort, by, why });
    if (isUrgent === true) this.jobs.cancel();
  }

  private ask(record: Omit<RequestRecord, 'at'>): void {
    this.happen({ type: 'asked', record: { ...record, at: new Date().toISOString() } });
  }

  private happen(event: ProgressEvent): void {
    this.progress = afterEvent(this.progress, event, this.course, Date.now());
    this.changed();
  }

  private changed(): void {
    this.version++;
    this.board.changed();
  }

  private beginJobs(): void {
    const { quickLookOrgs } = this.input.options;
    const atATime = Math.min(this.input.options.atATime, mostAtATime);
    while (this.isWorkerKnown && !this.isDraining && this.running < atATime) {
      const job = nextJob(this.progress, this.course, quickLookOrgs);
      if (job === undefined) return;
      this.running++;
      void this.jobs.run(() => this.do(job));
    }
  }

  private async do(job: Job): Promise<void> {
    const places = job.kind === 'quick look' ? job.places : [job.place];
    const isLook = job.kind === 'look';
    for (const place of places) this.happen({ type: 'begun', place, isLook });
    const outcomes =
      job.kind === 'quick look'
        ? await this.lookQuickly(job.places)
        : [await this.workOn(job.place, isLook ? 'drift' : this.course.operation)];
    this.running--;
    for (const [index, place] of places.entries()) {
      const outcome = outcomes[index];
      this.happen(
        outcome === undefined ? { type: 'waits', place, isLook } : { type: 'ended', place, isLook, outcome },
      );
    }
  }

  /** None of a stack that needs a full look. */
  private async lookQuickly(places: readonly number[]): Promise<(StackOutcome | undefined)[]> {
    const task = { program: this.input.program, digest: this.digest ?? '', askedBy: this.input.name };
    const { quickLook } = proxyActivities<ProgramActivities>(
      programActivityOptions(task, this.input.options.timings),
    );
    const stacks = places.flatMap((place) => this.course.stacks[place] ?? []);
    const looks: readonly QuickLook[] = await quickLook({ ...task, stacks }).catch(() => []);
    const clean = new Set(looks.filter(({ isClean }) => isClean).map(({ stack }) => stack));
    return stacks.map(({ stack }) =>
      clean.has(stack) ? { stack, status: 'unchanged', orgs: [] } : undefined,
    );
  }

  /** None if it did not begin: whoever holds the stack still does, and this run may not begin anything now. */
  private async workOn(place: number, operation: Operation): Promise<StackOutcome | undefined> {
    const stack = this.course.stacks[place];
    if (stack === undefined) return undefined;
    const task = {
      operation,
      program: this.input.program,
      digest: this.digest ?? '',
      stack,
      askedBy: this.input.name,
      earlierHolders: this.progress.holders[place] ?? [],
    };
    const { firstRetryAfter, askForStackAgainAfter } = this.input.options.timings;
    for (let pause = firstRetryAfter; ; pause = Math.min(2 * pause, askForStackAgainAfter)) {
      try {
        const child = await startChild(stackWorkflow, {
          workflowId: stackId(stack.stack),
          args: [task, this.input.options.timings],
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        });
        return await child.result();
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) return endedBadly(stack.stack, error);
      }
      if (!(await this.mayAskAgain(stack.stack, pause))) return undefined;
    }
  }

  /** Waits while another run holds the stack; false when this run may not begin anything any more. */
  private async mayAskAgain(stack: string, after: number): Promise<boolean> {
    const mayGoOn = (): boolean => mayBegin(this.progress, this.course) && !this.isDraining;
    this.board.held.add(stack);
    this.changed();
    await CancellationScope.nonCancellable(() => condition(() => !mayGoOn(), after));
    this.board.held.delete(stack);
    this.changed();
    return mayGoOn();
  }

  private async lookForWorker(): Promise<void> {
    this.isWorkerKnown = false;
    while (!this.isWorkerKnown) {
      const { program, options } = this.input;
      const found = await findWorker(program, this.digest, options.timings);
      if ('digest' in found) {
        // The digest of today has been found: a worker that has it takes the work.
        this.isWorkerKnown = true;
        this.digest = found.digest;
      }
      this.board.noWorker = 'objection' in found ? found.objection : undefined;
      this.changed();
    }
  }

  /** A queue without a worker is silent: nothing fails there, so somebody has to ask. */
  private async watchWorkers(): Promise<void> {
    for (;;) {
      const before = this.version;
      await sleep(this.input.options.timings.quietAfter);
      if (this.version === before && this.running > 0 && this.isWorkerKnown) await this.lookForWorker();
    }
  }
}

function endedBadly(stack: string, error: unknown): StackOutcome {
  const message = isCancellation(error)
    ? 'It was stopped before its end.'
    : `The workflow of the stack failed: ${error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error)}`;
  return { stack, status: 'failed', orgs: [], message };
}

function isHistoryLong({ historyEvents }: RunOptions): boolean {
  const { historyLength, historySize } = workflowInfo();
  return historyLength >= historyEvents || historySize >= mostHistoryBytes;
}
