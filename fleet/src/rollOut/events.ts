import type { StackOutcome } from '../contract/activities.js';
import type { RequestRecord } from '../contract/runs.js';
import type { FleetStack } from '../contract/stacks.js';
import type { Problem } from '../contract/status.js';
import type { Course } from './course.js';
import {
  currentStep,
  isEarlierWavePending,
  isLookedAt,
  isPending,
  isStopped,
  type Mark,
  type Progress,
} from './progress.js';

export type ProgressEvent =
  | { readonly type: 'begun'; readonly place: number; readonly isLook: boolean }
  | {
      readonly type: 'ended';
      readonly place: number;
      readonly isLook: boolean;
      readonly outcome: StackOutcome;
    }
  /** It did not begin after all, or a quick look did not find it clean. */
  | { readonly type: 'waits'; readonly place: number; readonly isLook: boolean }
  | { readonly type: 'asked'; readonly record: RequestRecord };

/** Limits of the problems that are listed, and of the characters of each message: a run's state stays far below the engine's limits. */
export const mostProblems = 200;
const longestMessage = 500;
const mostRequests = 100;

/** The progress after an event and after all that follows from it. */
export function afterEvent(progress: Progress, event: ProgressEvent, course: Course, now: number): Progress {
  return movedOn(applied(progress, event, course), course, now);
}

function applied(progress: Progress, event: ProgressEvent, course: Course): Progress {
  switch (event.type) {
    case 'begun':
      return marked(progress, event, 'running');
    case 'waits':
      return marked(progress, event, 'waiting');
    case 'ended':
      return ended(progress, event, course);
    case 'asked':
      return asked(progress, event.record, course);
  }
}

function marked(
  progress: Progress,
  { place, isLook }: { readonly place: number; readonly isLook: boolean },
  mark: Mark,
): Progress {
  return isLook
    ? { ...progress, looks: progress.looks.with(place, mark) }
    : { ...progress, marks: progress.marks.with(place, mark) };
}

function ended(
  progress: Progress,
  event: ProgressEvent & { readonly type: 'ended' },
  course: Course,
): Progress {
  const { place, isLook, outcome } = event;
  const stack = course.stacks[place];
  if (stack === undefined) return progress;
  const problems = withProblem(progress.problems, stack, outcome);
  const after = { ...marked(progress, event, outcome.status), problems };
  if (isLook) return after;
  const failedOrgs = without(progress.failedOrgs, place);
  const holders = without(progress.holders, place);
  return {
    ...after,
    failedOrgs:
      outcome.status === 'failed' ? { ...failedOrgs, [place]: countFailedOrgs(stack, outcome) } : failedOrgs,
    holders: outcome.holders === undefined ? holders : { ...holders, [place]: outcome.holders },
  };
}

function without<T>(record: Readonly<Record<number, T>>, place: number): Record<number, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== String(place)));
}

/** A stack that failed before any of its orgs did failed for all of them. */
function countFailedOrgs(stack: FleetStack, { orgs }: StackOutcome): number {
  const failed = orgs.filter(({ status }) => status === 'failed').length;
  return failed === 0 ? stack.orgs.length : failed;
}

function withProblem(problems: readonly Problem[], stack: FleetStack, outcome: StackOutcome): Problem[] {
  const others = problems.filter((problem) => problem.stack !== stack.stack);
  const { status } = outcome;
  if ((status !== 'failed' && status !== 'drifted') || others.length >= mostProblems) return others;
  const concerned = outcome.orgs.filter((org) => org.status === status);
  const message =
    outcome.message ?? concerned.find((org) => org.message !== undefined)?.message ?? `The stack ${status}.`;
  return [
    ...others,
    {
      stack: stack.stack,
      stage: stack.stage,
      status,
      message: message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message,
      orgs: concerned.map(({ org }) => org),
    },
  ];
}

function asked(progress: Progress, record: RequestRecord, course: Course): Progress {
  const after = { ...progress, requests: [...progress.requests, record].slice(-mostRequests) };
  switch (record.request) {
    case 'approve':
      return { ...after, approvedStages: [...progress.approvedStages, record.stage ?? ''] };
    case 'pause':
      return { ...after, isPaused: true };
    case 'resume':
      return { ...after, isPaused: false, budget: record.budget ?? progress.budget };
    case 'abort':
      return { ...after, isAborted: true };
    case 'retry':
      return retried(after, course);
  }
}

/** What failed waits again; a look that was not clean too. */
function retried(progress: Progress, { operation }: Course): Progress {
  return {
    ...progress,
    cleanSince: undefined,
    marks: progress.marks.map((mark) => (mark === 'failed' ? 'waiting' : mark)),
    looks: progress.looks.map((mark) => (mark === 'failed' || mark === 'drifted' ? 'waiting' : mark)),
    failedOrgs: {},
    // What a drift run found drifted is its result.
    problems: operation === 'drift' ? progress.problems.filter(({ status }) => status === 'drifted') : [],
  };
}

/** Goes over each step that is complete. */
function movedOn(progress: Progress, course: Course, now: number): Progress {
  const step = currentStep(progress, course);
  if (step === undefined || progress.isAborted) return progress;
  if (step.kind === 'gate') {
    const looked = withCleanLook(progress, course, now);
    return isGateOpen(looked, course) ? movedOn(nextStep(looked, course), course, now) : looked;
  }
  const isComplete = !step.members.some((place) => isPending(progress.marks[place]));
  return isComplete && !isStopped(progress, course)
    ? movedOn(nextStep(progress, course), course, now)
    : progress;
}

function nextStep(progress: Progress, course: Course): Progress {
  return {
    ...progress,
    cleanSince: undefined,
    step: progress.step + 1,
    budget: course.budget,
    looks: course.stacks.map(() => 'waiting'),
  };
}

/** Notes when the look ended clean. What an approval finds too old is looked at again. */
function withCleanLook(progress: Progress, course: Course, now: number): Progress {
  const step = currentStep(progress, course);
  const isClean =
    step !== undefined &&
    !isEarlierWavePending(progress, course) &&
    step.members.every((place) => !isLookedAt(progress, place) || progress.looks[place] === 'unchanged');
  if (!isClean) return progress;
  const cleanSince = progress.cleanSince ?? now;
  const isApproved = progress.approvedStages.includes(step.stage);
  if (isApproved && now - cleanSince > course.lookIsFreshFor && step.members.length > 0) {
    return { ...progress, cleanSince: undefined, looks: course.stacks.map(() => 'waiting') };
  }
  return { ...progress, cleanSince };
}

function isGateOpen(progress: Progress, course: Course): boolean {
  const stage = currentStep(progress, course)?.stage;
  return progress.cleanSince !== undefined && stage !== undefined && progress.approvedStages.includes(stage);
}
