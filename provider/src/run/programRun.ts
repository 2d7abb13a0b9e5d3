import * as pulumi from '@pulumi/pulumi';
import type { OrgSnapshot } from '../reconcile/readOrg.js';

/** What a run of a program remembers in the program's own process. */
export interface ProgramRun {
  /** Whether what the project lacks has been looked for. */
  isProjectChecked: boolean;
  /** One look at each org, by the whole configuration of its sign-in. */
  readonly looks: Map<string, Promise<OrgSnapshot>>;
}

/** Stands for the run of a program without an engine. */
const withoutEngine = {};

// eslint-disable-next-line no-restricted-syntax -- a program calls our functions from anywhere and has nothing to carry its run in
const runs = new WeakMap<object, ProgramRun>();

/** The run that calls: one process may run several programs, one after the other or at once (Automation API). */
export function currentProgramRun(): ProgramRun {
  const engine = pulumi.runtime.getMonitor() ?? withoutEngine;
  const run = runs.get(engine) ?? { isProjectChecked: false, looks: new Map() };
  runs.set(engine, run);
  return run;
}
