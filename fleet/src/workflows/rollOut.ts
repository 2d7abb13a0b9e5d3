import { ApplicationFailure, continueAsNew } from '@temporalio/workflow';
import { failureTypes } from '../contract/activities.js';
import type { DriftAllInput, RollOutInput } from '../contract/runs.js';
import type { DriftAllResult, RollOutResult } from '../contract/status.js';
import { checkPlan } from '../rollOut/checkPlan.js';
import { driftCourse, rollOutCourse } from '../rollOut/course.js';
import { unpackStacks } from '../rollOut/packedStacks.js';
import type { Mark } from '../rollOut/progress.js';
import { CourseRun, type Carried } from './courseRun.js';

/** Stages, waves and gates over all stacks. */
export async function rollOut(
  input: RollOutInput,
  packedStacks: Uint8Array,
  carried?: Carried,
): Promise<RollOutResult> {
  const stacks = unpackStacks(packedStacks);
  const faults = checkPlan(input.plan, stacks);
  if (faults.length > 0) throw ApplicationFailure.nonRetryable(faults.join(' '), failureTypes.refusedPlan);
  const run = new CourseRun(input, rollOutCourse(input, stacks), carried);
  const next = await run.follow();
  if (next !== undefined) return continueAsNew<typeof rollOut>(input, packedStacks, next);
  const { progress, board } = run.result;
  const namesOf = (...marks: Mark[]): string[] =>
    stacks.flatMap(({ stack }, place) => (marks.includes(progress.marks[place] ?? 'waiting') ? [stack] : []));
  return { status: board.status, input, failed: namesOf('failed'), notBegun: namesOf('unseen', 'waiting') };
}

/** A look at all stacks: what a schedule starts. */
export async function driftAll(
  input: DriftAllInput,
  packedStacks: Uint8Array,
  carried?: Carried,
): Promise<DriftAllResult> {
  const run = new CourseRun(input, driftCourse(input, unpackStacks(packedStacks)), carried);
  const next = await run.follow();
  if (next !== undefined) return continueAsNew<typeof driftAll>(input, packedStacks, next);
  return { status: run.result.board.status };
}
