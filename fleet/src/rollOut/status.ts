import type { RollOutState, WaveStatus } from '../contract/status.js';
import type { Course, Step } from './course.js';
import { hasEnded, isLooking } from './nextJob.js';
import {
  currentStep,
  failedOrgsOfWave,
  isLookedAt,
  isStopped,
  type Mark,
  type Progress,
} from './progress.js';

export interface StateAndMessage {
  readonly state: RollOutState;
  /** One sentence. */
  readonly message: string;
}

/** What a run does or waits for. */
export function stateOf(progress: Progress, course: Course): StateAndMessage {
  if (hasEnded(progress, course)) return endOf(progress);
  if (progress.isAborted) return { state: 'aborted', message: untilEnd(progress, 'abort') };
  if (progress.isPaused) return { state: 'paused', message: untilEnd(progress, 'pause') };
  const step = currentStep(progress, course);
  if (isStopped(progress, course)) {
    const failed = failedOrgsOfWave(progress, course);
    return {
      state: 'stopped',
      message: `In ${placeOf(step)}, ${orgs(failed)} failed and ${progress.budget} may: retry, resume with a budget of at least ${failed}, or abort.`,
    };
  }
  if (step?.kind === 'gate') return stateAtGate(progress, course, step);
  return { state: 'running', message: step === undefined ? 'Stacks run again.' : `Runs ${placeOf(step)}.` };
}

function stateAtGate(progress: Progress, course: Course, step: Step): StateAndMessage {
  const isApproved = progress.approvedStages.includes(step.stage);
  if (isLooking(progress, course)) {
    const approval = isApproved ? 'It is approved.' : 'It waits for approval too.';
    return {
      state: 'looks before the gate',
      message: `Looks at the stage before ${step.stage}. ${approval}`,
    };
  }
  const unclean = step.members.filter((place) => isUnclean(progress.looks[place])).length;
  if (unclean > 0) {
    return {
      state: 'waits for a clean look',
      message: `${countStacks(unclean)} of the stage before ${step.stage} drifted or could not be read: mend them, then retry, or abort.`,
    };
  }
  return {
    state: 'waits for approval',
    message:
      step.members.length === 0
        ? `Stage ${step.stage} waits for approval.`
        : `The stage before ${step.stage} is clean; ${step.stage} waits for approval.`,
  };
}

function endOf(progress: Progress): StateAndMessage {
  const failed = progress.marks.filter((mark) => mark === 'failed').length;
  if (progress.isAborted) {
    const notBegun = progress.marks.filter((mark) => mark === 'waiting' || mark === 'unseen').length;
    return {
      state: 'aborted',
      message: `${lastClaim(progress, 'abort')} ${countStacks(notBegun)} not begun.`,
    };
  }
  return failed > 0
    ? { state: 'done with failures', message: `${countStacks(failed)} failed.` }
    : { state: 'done', message: 'All stacks are done.' };
}

function untilEnd(progress: Progress, request: 'abort' | 'pause'): string {
  const running = progress.marks.filter((mark) => mark === 'running').length;
  return `${lastClaim(progress, request)} ${countStacks(running)} still to end.`;
}

function lastClaim(progress: Progress, request: 'abort' | 'pause'): string {
  const record = progress.requests.findLast((one) => one.request === request);
  const verb = request === 'abort' ? 'Aborted' : 'Paused';
  return record === undefined ? `${verb}.` : `${verb} by ${record.by}: ${record.why}.`;
}

/** Counts of each step, in order. */
export function waveStatuses(progress: Progress, course: Course): WaveStatus[] {
  return course.steps.map((step, index) => {
    const isGate = step.kind === 'gate';
    const members = isGate ? step.members.filter((place) => isLookedAt(progress, place)) : step.members;
    const markOf = (place: number): Mark | undefined => {
      if (!isGate) return progress.marks[place];
      if (index === progress.step) return progress.looks[place];
      return index < progress.step ? 'unchanged' : 'waiting';
    };
    const counts = { unseen: 0, waiting: 0, running: 0, unchanged: 0, changed: 0, drifted: 0, failed: 0 };
    let orgCount = 0;
    let failedOrgs = 0;
    for (const place of members) {
      counts[markOf(place) ?? 'waiting']++;
      orgCount += course.stacks[place]?.orgs.length ?? 0;
      if (!isGate) failedOrgs += progress.failedOrgs[place] ?? 0;
    }
    const { unseen, waiting, ...others } = counts;
    return {
      stage: step.stage,
      wave: step.name,
      stacks: members.length,
      orgs: orgCount,
      waiting: waiting + unseen,
      ...others,
      failedOrgs,
    };
  });
}

/** Failed or drifted stacks beyond those that are listed. */
export function moreProblems({ marks, looks, problems }: Progress): number {
  return [...marks, ...looks].filter(isUnclean).length - problems.length;
}

function isUnclean(mark: Mark | undefined): boolean {
  return mark === 'failed' || mark === 'drifted';
}

function placeOf(step: Step | undefined): string {
  return step === undefined ? 'the last step' : `stage ${step.stage}, ${step.name}`;
}

/** A number of stacks in words. */
export function countStacks(count: number): string {
  return count === 1 ? '1 stack' : `${count} stacks`;
}

function orgs(count: number): string {
  return count === 1 ? '1 org' : `${count} orgs`;
}
