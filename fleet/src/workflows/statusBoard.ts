import { setHandler, upsertMemo } from '@temporalio/workflow';
import { statusName, type RollOutStatus } from '../contract/status.js';
import type { Course } from '../rollOut/course.js';
import type { Progress } from '../rollOut/progress.js';
import { moreProblems, stateOf, waveStatuses } from '../rollOut/status.js';
import { status } from './messages.js';

/** The memo is written into the history each time: it lists few problems, and not each change writes it. */
const mostProblemsInMemo = 20;
const memosARun = 50;

/** Shows the status: to a query, and in the memo, which can be read while no worker lives. */
export class StatusBoard {
  /** Why no worker takes the program. */
  noWorker: string | undefined;
  /** Stacks that somebody else holds. */
  readonly held = new Set<string>();
  private shown = '';
  private changesSinceMemo = 0;

  constructor(
    private readonly input: { readonly name: string; readonly program: string },
    private readonly course: Course,
    readonly startedAt: string,
    private readonly current: () => { readonly progress: Progress; readonly digest: string | undefined },
  ) {
    setHandler(status, () => this.status);
  }

  get status(): RollOutStatus {
    const { progress, digest } = this.current();
    return {
      name: this.input.name,
      operation: this.course.operation,
      program: this.input.program,
      ...(digest === undefined ? {} : { digest }),
      ...this.state,
      waves: waveStatuses(progress, this.course),
      problems: progress.problems,
      moreProblems: moreProblems(progress),
      requests: progress.requests,
      startedAt: this.startedAt,
    };
  }

  /** Writes the memo when the state is another one, or much happened. */
  changed(): void {
    this.changesSinceMemo++;
    const { state, message } = this.state;
    const isMuch = this.changesSinceMemo >= (2 * this.course.stacks.length) / memosARun;
    if (isMuch || `${state} ${message}` !== this.shown) this.publish();
  }

  publish(): void {
    const { problems, ...rest } = this.status;
    this.shown = `${rest.state} ${rest.message}`;
    this.changesSinceMemo = 0;
    upsertMemo({
      [statusName]: {
        ...rest,
        problems: problems.slice(0, mostProblemsInMemo),
        moreProblems: rest.moreProblems + Math.max(0, problems.length - mostProblemsInMemo),
      } satisfies RollOutStatus,
    });
  }

  private get state(): ReturnType<typeof stateOf> {
    const { progress } = this.current();
    const found = stateOf(progress, this.course);
    if (found.state !== 'running' && found.state !== 'looks before the gate') return found;
    if (this.noWorker !== undefined) return { state: 'waits for a worker', message: this.noWorker };
    if (this.held.size === 0) return found;
    const held = this.held.size === 1 ? '1 stack is' : `${this.held.size} stacks are`;
    return { ...found, message: `${found.message} ${held} held by another run.` };
  }
}
