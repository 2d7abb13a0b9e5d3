import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failureTypes, type Heartbeat, type Holder, type StackTask } from '../contract/activities.js';
import type { SendHeartbeat } from './heartbeats.js';
import { Lease } from './lease.js';

/** The share of the heartbeat timeout for which the CLI may go on without a response; the rest is for ending it. */
const leaseShare = 0.7;
/** The number of heartbeats per heartbeat timeout. */
const beatsInTime = 5;
/** If the activity has no heartbeat timeout. */
const defaultTimeoutMs = 60_000;

/** One attempt of an activity: its heartbeats, its lease, and who tried before. */
export class Attempt {
  /** All attempts, this one last. */
  readonly holders: readonly Holder[];
  readonly #context: Context;
  readonly #send: SendHeartbeat;
  readonly #timeoutMs: number;
  readonly #cancel = new AbortController();
  #step = 'begin';
  #timer: NodeJS.Timeout | undefined;
  #isLost = false;

  private constructor(
    { earlierHolders }: Pick<StackTask, 'earlierHolders'>,
    worker: string,
    readonly lease: Lease,
    send: SendHeartbeat,
  ) {
    this.#context = Context.current();
    this.#send = send;
    const { heartbeatTimeoutMs } = this.#context.info;
    const heartbeatDetails: unknown = this.#context.info.heartbeatDetails;
    this.#timeoutMs = heartbeatTimeoutMs ?? defaultTimeoutMs;
    const own = { worker, host: hostname(), startedAt: new Date().toISOString() };
    this.holders = [...holdersIn(heartbeatDetails, earlierHolders), own];
    this.#context.cancellationSignal.addEventListener('abort', () => {
      this.#cancel.abort();
    });
    if (this.#context.cancellationSignal.aborted) this.#cancel.abort();
  }

  /**
   * Begins an attempt. When it returns, the server knows of it.
   *
   * @param folder a private folder, for the lease
   * @throws ApplicationFailure when the server does not answer
   */
  static async begin(
    task: Pick<StackTask, 'earlierHolders'>,
    worker: string,
    folder: string,
    send: SendHeartbeat,
  ): Promise<Attempt> {
    const attempt = new Attempt(task, worker, await Lease.create(join(folder, 'lease')), send);
    await attempt.#beat();
    attempt.assertOurs();
    attempt.#timer = setInterval(() => void attempt.#beat(), attempt.#timeoutMs / beatsInTime);
    return attempt;
  }

  /** Aborts when the operation should end in an orderly way: cancelled, or the worker is told to stop. */
  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  /** How often the watchdog looks whether the lease is over, in milliseconds. */
  get watchIntervalMs(): number {
    return Math.max(20, Math.round(this.#timeoutMs / 40));
  }

  /** What is done now, for the heartbeats. */
  set step(step: string) {
    this.#step = step;
  }

  /** Whether the attempt may no longer touch the stack. */
  get isOver(): boolean {
    return this.#isLost || this.lease.isOver;
  }

  /** @throws ApplicationFailure when the attempt may no longer touch the stack */
  assertOurs(): void {
    if (this.isOver) throw this.silence();
  }

  /** The failure of an attempt that is over. */
  private silence(): ApplicationFailure {
    return ApplicationFailure.create({
      type: failureTypes.passing,
      message: this.#isLost
        ? 'the server has given this attempt up'
        : 'the server did not answer in time, so the operation was ended',
    });
  }

  /**
   * The failure of an attempt that was cancelled, or whose worker stops.
   *
   * Waits until the worker knows of the cancellation too, which it learns later: until then it would count as an ordinary failure.
   */
  async cancelled(message: string): Promise<Error> {
    const { cancellationSignal } = this.#context;
    while (!cancellationSignal.aborted && !this.isOver) await sleep(this.watchIntervalMs);
    return this.#context.cancellationDetails?.workerShutdown === true
      ? ApplicationFailure.create({ type: failureTypes.passing, message: `the worker stops: ${message}` })
      : new CancelledFailure(message);
  }

  /** Ends the heartbeats and the lease. */
  end(): void {
    clearInterval(this.#timer);
    this.lease.end();
  }

  async #beat(): Promise<void> {
    const sentAt = Date.now();
    const details: Heartbeat = { holders: this.holders, step: this.#step };
    let answer;
    try {
      answer = await this.#send(details, this.#timeoutMs * leaseShare);
    } catch {
      // Without a response the lease expires.
      return;
    }
    if (answer === 'lost') {
      this.#isLost = true;
      this.lease.end();
      return;
    }
    this.lease.extendTo(sentAt + this.#timeoutMs * leaseShare);
    if (answer === 'cancel') this.#cancel.abort();
  }
}

function holdersIn(details: unknown, earlier: readonly Holder[]): readonly Holder[] {
  const holders: unknown =
    typeof details === 'object' && details !== null && 'holders' in details ? details.holders : undefined;
  return Array.isArray(holders) ? holders.filter(isHolder) : earlier;
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === 'object' &&
    value !== null &&
    'worker' in value &&
    'host' in value &&
    'startedAt' in value &&
    [value.worker, value.host, value.startedAt].every((part) => typeof part === 'string')
  );
}
