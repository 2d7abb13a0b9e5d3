import * as pulumi from '@pulumi/pulumi';

/** Stands for the run of a program without an engine. */
const withoutEngine = {};

/** What each run of a program has for itself: one process may run several, one after the other or at once (Automation API). */
export class PerRun<T> {
  readonly #byRun = new WeakMap<object, T>();

  /** @param make what a run begins with */
  constructor(private readonly make: () => T) {}

  /** That of the run that calls: each has a connection of its own to its engine. */
  get current(): T {
    const run = pulumi.runtime.getMonitor() ?? withoutEngine;
    let own = this.#byRun.get(run);
    if (own === undefined) {
      own = this.make();
      this.#byRun.set(run, own);
    }
    return own;
  }
}
