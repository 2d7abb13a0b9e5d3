import { say } from './pulumiCli/progress.js';

/** What has to be ended or removed when a tool is done, however it ends. */
export class CleanUp {
  readonly #tasks = new Set<() => Promise<void>>();
  #running: Promise<void> | undefined;

  /**
   * Adds a task.
   *
   * @returns runs the task now, instead of at the end
   */
  add(task: () => Promise<void>): () => Promise<void> {
    this.#tasks.add(task);
    return async () => {
      if (this.#tasks.delete(task)) await task();
    };
  }

  /** Runs every task, the latest first; a second call waits for the first. */
  run(): Promise<void> {
    return (this.#running ??= this.#runAll());
  }

  async #runAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const task of [...this.#tasks].reverse()) {
      this.#tasks.delete(task);
      await task().catch((failure: unknown) => failures.push(failure));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be cleaned up');
  }
}

/** Cleans up when this process gets a signal to end, and then ends it; a second signal does not interrupt that. */
export function cleanUpOnSignals(cleanUp: CleanUp): void {
  let isStopped = false;
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      if (isStopped) return;
      isStopped = true;
      say(`Stopped by ${signal}; cleaning up.`);
      void cleanUp.run().finally(() => process.exit(code));
    });
  }
}
