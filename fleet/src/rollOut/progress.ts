import type { Holder, OutcomeStatus } from '../contract/activities.js';
import type { RequestRecord } from '../contract/runs.js';
import type { Problem } from '../contract/status.js';
import type { Course, Step } from './course.js';

/** Of one stack. `unseen` waits for a quick look, `waiting` for its operation or its full look. */
export type Mark = 'unseen' | 'waiting' | 'running' | OutcomeStatus;

/** How far a run is: JSON, so that a run can continue as a new one. The lists go by the places of the stacks. */
export interface Progress {
  /** Place of the current step. */
  readonly step: number;
  readonly marks: readonly Mark[];
  /** Of the current gate's look. */
  readonly looks: readonly Mark[];
  /** When the look of the current gate ended clean, in epoch milliseconds. */
  readonly cleanSince?: number | undefined;
  /** How many orgs of a failed stack failed. */
  readonly failedOrgs: Readonly<Record<number, number>>;
  /** Of the current wave. */
  readonly budget: number;
  readonly isPaused: boolean;
  readonly isAborted: boolean;
  readonly approvedStages: readonly string[];
  readonly requests: readonly RequestRecord[];
  readonly problems: readonly Problem[];
  /** Of stacks whose activity ended without a word. */
  readonly holders: Readonly<Record<number, readonly Holder[]>>;
}

export function firstProgress({ stacks, budget }: Course, isQuick = false): Progress {
  return {
    step: 0,
    marks: stacks.map(() => (isQuick ? 'unseen' : 'waiting')),
    looks: stacks.map(() => 'waiting'),
    failedOrgs: {},
    budget,
    isPaused: false,
    isAborted: false,
    approvedStages: [],
    requests: [],
    problems: [],
    holders: {},
  };
}

/** The step that the run is at; none after the last one. */
export function currentStep(progress: Progress, course: Course): Step | undefined {
  return course.steps[progress.step];
}

export function isPending(mark: Mark | undefined): boolean {
  return mark === 'unseen' || mark === 'waiting' || mark === 'running';
}

/** What a gate looks at: what got the settings. A failure within the budget was accepted. */
export function isLookedAt(progress: Progress, place: number): boolean {
  return progress.marks[place] === 'unchanged' || progress.marks[place] === 'changed';
}

/** The orgs of the current wave that failed; 0 at a gate. */
export function failedOrgsOfWave(progress: Progress, course: Course): number {
  // Few fail, but a wave may have thousands of members, and this is asked at each event.
  return Object.entries(progress.failedOrgs).reduce(
    (sum, [place, orgs]) => (course.stepOf[Number(place)] === progress.step ? sum + orgs : sum),
    0,
  );
}

/** More orgs of the wave failed than may: nothing more begins. */
export function isStopped(progress: Progress, course: Course): boolean {
  return failedOrgsOfWave(progress, course) > progress.budget;
}

/** Whether a stack of an earlier wave waits or runs again, after a retry. */
export function isEarlierWavePending(progress: Progress, course: Course): boolean {
  return course.steps.some(
    ({ kind, members }, index) =>
      index < progress.step && kind === 'wave' && members.some((place) => isPending(progress.marks[place])),
  );
}
