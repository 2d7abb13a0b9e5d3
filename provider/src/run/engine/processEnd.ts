/** By these a process is ended that may still do something: the engine sends the first, on Windows the third, and waits five seconds. */
const endSignals = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const;

/** What a provider process does before a signal ends it. */
export class ProcessEnd {
  readonly #tasks = new Set<() => unknown>();

  /** Adds a task: what it returns is waited for. */
  add(task: () => unknown): void {
    if (this.#tasks.size === 0) {
      endSignals.forEach((signal) => process.once(signal, this.#end));
    }
    this.#tasks.add(task);
  }

  /** Removes a task; without any a signal ends the process at once. */
  remove(task: () => unknown): void {
    this.#tasks.delete(task);
    if (this.#tasks.size === 0) {
      endSignals.forEach((signal) => process.off(signal, this.#end));
    }
  }

  readonly #end = (signal: NodeJS.Signals): void => {
    const tasks = [...this.#tasks].map((task) => Promise.resolve().then(task));
    void Promise.allSettled(tasks).then(() => {
      endSignals.forEach((one) => process.off(one, this.#end));
      process.kill(process.pid, signal);
    });
  };
}
