import * as pulumi from '@pulumi/pulumi';
import type { OrgSnapshot } from '../reconcile/apps/readOrg.js';

/** What a run of a program remembers in the program's own process. */
export interface ProgramRun {
  /** Whether the project has been checked for a missing dependency. */
  isProjectChecked: boolean;
  /** One snapshot per org, by the whole configuration of its sign-in. */
  readonly looks: Map<string, Promise<OrgSnapshot>>;
}

/** The key for the run of a program without an engine. */
const withoutEngine = {};

// eslint-disable-next-line no-restricted-syntax -- a program calls our functions from anywhere and has no object that carries its run
const runs = new WeakMap<object, ProgramRun>();

/** The current run: one process may run several programs, one after the other or concurrently (Automation API). */
export function currentProgramRun(): ProgramRun {
  const engine = pulumi.runtime.getMonitor() ?? withoutEngine;
  const run = runs.get(engine) ?? { isProjectChecked: false, looks: new Map() };
  runs.set(engine, run);
  return run;
}
