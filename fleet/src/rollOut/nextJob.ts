import type { Course } from './course.js';
import {
  currentStep,
  isEarlierWavePending,
  isLookedAt,
  isPending,
  isStopped,
  type Progress,
} from './progress.js';

/** What can begin now: the operation on a stack, a full look at one before a gate, or a quick look at many. */
export type Job =
  | { readonly kind: 'operation' | 'look'; readonly place: number }
  | { readonly kind: 'quick look'; readonly places: readonly number[] };

/** Whether anything may begin. */
export function mayBegin(progress: Progress, course: Course): boolean {
  return !progress.isPaused && !progress.isAborted && !isStopped(progress, course);
}

/** The next job; none when everything runs, is done, or may not begin. */
export function nextJob(progress: Progress, course: Course, quickLookOrgs: number): Job | undefined {
  if (!mayBegin(progress, course)) return undefined;
  const unseen = quickLookPlaces(progress, course, quickLookOrgs);
  if (unseen.length > 0) return { kind: 'quick look', places: unseen };
  // What a retry runs again in earlier waves goes first.
  for (const { kind, members } of course.steps.slice(0, progress.step + 1)) {
    const place =
      kind === 'wave' ? members.find((member) => progress.marks[member] === 'waiting') : undefined;
    if (place !== undefined) return { kind: 'operation', place };
  }
  const step = currentStep(progress, course);
  if (step?.kind !== 'gate') return undefined;
  const place = step.members.find(
    (member) => isLookedAt(progress, member) && progress.looks[member] === 'waiting',
  );
  return place === undefined ? undefined : { kind: 'look', place };
}

/** Stacks for one quick look: at least one, however many orgs it has. */
function quickLookPlaces(progress: Progress, course: Course, quickLookOrgs: number): number[] {
  const places: number[] = [];
  let orgs = 0;
  for (const place of currentStep(progress, course)?.members ?? []) {
    if (progress.marks[place] !== 'unseen') continue;
    orgs += course.stacks[place]?.orgs.length ?? 0;
    if (places.length > 0 && orgs > quickLookOrgs) break;
    places.push(place);
  }
  return places;
}

/** Whether nothing is left to do. */
export function hasEnded(progress: Progress, course: Course): boolean {
  const isAnyRunning = progress.marks.includes('running') || progress.looks.includes('running');
  if (isAnyRunning) return false;
  return (
    progress.isAborted ||
    (currentStep(progress, course) === undefined && !isEarlierWavePending(progress, course))
  );
}

/** Why a gate cannot be approved now; none if it can. */
export function refusalOfApproval(progress: Progress, course: Course, stage: string): string | undefined {
  const step = currentStep(progress, course);
  if (progress.isAborted) return 'The roll-out was aborted.';
  if (step?.kind !== 'gate') {
    const where = step === undefined ? 'it is done' : `it is in stage ${step.stage}, ${step.name}`;
    return `The roll-out does not wait for an approval: ${where}.`;
  }
  if (step.stage !== stage) return `The roll-out waits for approval of stage ${step.stage}, not of ${stage}.`;
  return progress.approvedStages.includes(stage) ? `Stage ${stage} is approved already.` : undefined;
}

/** Whether the gate's look is not over yet. */
export function isLooking(progress: Progress, course: Course): boolean {
  return (
    isEarlierWavePending(progress, course) ||
    (currentStep(progress, course)?.members ?? []).some(
      (place) => isLookedAt(progress, place) && isPending(progress.looks[place]),
    )
  );
}
