import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import type {
  ProgramActivities,
  QuickLook,
  QuickLookTask,
  StackOutcome,
  StackTask,
} from '../../src/contract/activities.js';

type Behaviour = (
  task: StackTask,
  attempt: number,
) => StackOutcome['status'] | Promise<StackOutcome['status']>;

/** Activities without the Pulumi CLI. They record what they did, and that no stack was worked on twice at a time. */
export class MockedProgram {
  /** "up dev-1", in the order of their beginnings. */
  readonly done: string[] = [];
  readonly tasks: StackTask[] = [];
  readonly quickLooks: string[][] = [];
  /** Stacks that a quick look does not find clean. */
  readonly unclean = new Set<string>();
  twice = 0;
  /** Sends no heartbeat of its own. */
  isSilent = false;
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly busy = new Set<string>();

  constructor(
    readonly digest = 'd1',
    readonly program = 'agents',
  ) {}

  /** What an operation does: "up dev-1", or "up" for all stacks. Otherwise it finds nothing to change. */
  on(operation: string, behaviour: Behaviour): void {
    this.behaviours.set(operation, behaviour);
  }

  forget(operation: string): void {
    this.behaviours.delete(operation);
  }

  /** An operation that is under way until the returned function is called. */
  hold(operation: string): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.on(operation, async () => {
      await promise;
      return 'changed' as const;
    });
    return () => {
      resolve(undefined);
    };
  }

  get activities(): ProgramActivities {
    const operate = (task: StackTask): Promise<StackOutcome> => this.operate(task);
    return {
      up: operate,
      preview: operate,
      drift: operate,
      destroy: operate,
      quickLook: (task) => this.quickLook(task),
      ready: () => Promise.resolve({ worker: 'w1', program: this.program, digest: this.digest }),
    };
  }

  private quickLook({ stacks }: QuickLookTask): Promise<QuickLook[]> {
    this.quickLooks.push(stacks.map(({ stack }) => stack));
    return Promise.resolve(stacks.map(({ stack }) => ({ stack, isClean: !this.unclean.has(stack) })));
  }

  private async operate(task: StackTask): Promise<StackOutcome> {
    const { stack } = task.stack;
    const key = `${task.operation} ${stack}`;
    const context = Context.current();
    this.done.push(key);
    this.tasks.push(task);
    if (this.busy.has(stack)) this.twice++;
    this.busy.add(stack);
    // A cancellation comes with the response to a heartbeat.
    const beats = this.isSilent
      ? undefined
      : setInterval(() => {
          context.heartbeat({ holders: [], step: key });
        }, 10);
    try {
      const behaviour = this.behaviours.get(key) ?? this.behaviours.get(task.operation);
      const status = await Promise.race([
        behaviour === undefined ? 'unchanged' : behaviour(task, context.info.attempt),
        context.cancelled,
      ]);
      return { stack, status, orgs: [], message: `${key} ${status}`, worker: 'w1' };
    } catch (error) {
      if (error instanceof CancelledFailure || error instanceof ApplicationFailure) throw error;
      throw ApplicationFailure.retryable(String(error));
    } finally {
      clearInterval(beats);
      this.busy.delete(stack);
    }
  }
}
