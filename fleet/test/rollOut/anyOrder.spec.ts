import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultPlan } from '../../src/rollOut/checkPlan.js';
import { rollOutCourse, type Course } from '../../src/rollOut/course.js';
import { afterEvent, type ProgressEvent } from '../../src/rollOut/events.js';
import { hasEnded, nextJob, refusalOfApproval } from '../../src/rollOut/nextJob.js';
import { failedOrgsOfWave, firstProgress, isPending, type Progress } from '../../src/rollOut/progress.js';
import { defaultOptions } from '../../src/rollOut/runOptions.js';
import { stateOf, waveStatuses } from '../../src/rollOut/status.js';
import { fleetStack } from '../support/stacks.js';

const stageNames = ['dev', 'uat', 'prod'] as const;
const statuses = ['unchanged', 'changed', 'failed'] as const;
const someStacks = fc.array(
  fc.record({ stage: fc.constantFrom(...stageNames), orgs: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 1, maxLength: 12 },
);
const somePlan = fc.record({
  canary: fc.nat({ max: 2 }),
  budget: fc.nat({ max: 2 }),
  percentages: fc.constantFrom([100], [30, 100]),
  gates: fc.subarray(['uat', 'prod']),
});

/** Whoever plays a run: which running job ends and how, and what people ask. */
const someMoves = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'begin',
      'begin',
      'begin',
      'end',
      'end',
      'end',
      'approve',
      'pause',
      'resume',
      'retry',
      'give back',
    ),
    pick: fc.nat({ max: 11 }),
    status: fc.constantFrom(...statuses),
    stage: fc.constantFrom(...stageNames),
  }),
  { maxLength: 120 },
);
type Move = typeof someMoves extends fc.Arbitrary<(infer One)[]> ? One : never;

interface Running {
  readonly place: number;
  readonly isLook: boolean;
}

class Game {
  progress: Progress;
  readonly running: Running[] = [];
  private now = 0;

  constructor(readonly course: Course) {
    this.progress = firstProgress(course);
  }

  play({ kind, pick, status, stage }: Move): void {
    if (kind === 'begin') this.begin();
    else if (kind === 'end' || kind === 'give back') {
      const [job] = this.running.splice(pick % Math.max(1, this.running.length), 1);
      if (job === undefined) return;
      // A look changes nothing: it finds a stack as it should be, or drifted, or fails.
      const outcomeStatus = job.isLook && status === 'changed' ? ('drifted' as const) : status;
      const { stack = '' } = this.course.stacks[job.place] ?? {};
      const outcome = { stack, status: outcomeStatus, orgs: [] };
      this.happen(kind === 'end' ? { type: 'ended', ...job, outcome } : { type: 'waits', ...job });
    } else if (kind !== 'approve' || refusalOfApproval(this.progress, this.course, stage) === undefined) {
      this.happen({ type: 'asked', record: { request: kind, stage, by: 'x', why: 'y', at: '' } });
    }
  }

  /** With everything succeeding and everything approved, every run comes to its end. */
  finish(): void {
    for (let round = 0; !hasEnded(this.progress, this.course); round++) {
      assert.ok(round < 500, `does not end: ${stateOf(this.progress, this.course).message}`);
      while (this.begin());
      while (this.running.length > 0) this.play({ kind: 'end', pick: 0, status: 'unchanged', stage: 'dev' });
      const { state } = stateOf(this.progress, this.course);
      if (state === 'paused') this.play({ kind: 'resume', pick: 0, status: 'unchanged', stage: 'dev' });
      if (state === 'stopped' || state === 'waits for a clean look') {
        this.play({ kind: 'retry', pick: 0, status: 'unchanged', stage: 'dev' });
      }
      for (const stage of stageNames) this.play({ kind: 'approve', pick: 0, status: 'unchanged', stage });
    }
  }

  private begin(): boolean {
    const job = nextJob(this.progress, this.course, 1);
    if (job === undefined) return false;
    assert.ok(job.kind !== 'quick look');
    const isLook = job.kind === 'look';
    assert.ok(!this.progress.isPaused, 'begins while paused');
    assert.ok(
      failedOrgsOfWave(this.progress, this.course) <= this.progress.budget,
      'begins beyond the budget',
    );
    assert.ok(!this.running.some((one) => one.place === job.place), 'a stack runs twice');
    this.assertTurn(job.place, isLook);
    this.running.push({ place: job.place, isLook });
    this.happen({ type: 'begun', place: job.place, isLook });
    return true;
  }

  /** Nothing begins before all earlier waves are over and all earlier gates approved. */
  private assertTurn(place: number, isLook: boolean): void {
    const index = this.course.steps.findIndex(
      ({ kind, members }, at) =>
        members.includes(place) && (isLook ? kind === 'gate' && at === this.progress.step : kind === 'wave'),
    );
    assert.ok(index !== -1 && index <= this.progress.step, 'begins before its turn');
    if (isLook) return;
    for (const { kind, stage, members } of this.course.steps.slice(0, index)) {
      if (kind === 'gate') assert.ok(this.progress.approvedStages.includes(stage), 'begins without approval');
      else if (
        index === this.progress.step &&
        this.progress.requests.every(({ request }) => request !== 'retry')
      ) {
        assert.ok(
          !members.some((member) => isPending(this.progress.marks[member])),
          'an earlier wave is not over',
        );
      }
    }
  }

  private happen(event: ProgressEvent): void {
    this.progress = afterEvent(this.progress, event, this.course, this.now++);
  }
}

describe('a roll-out in any order of events', () => {
  it('keeps turns, budget, gates and pauses, counts each stack once, survives JSON, and can always end', () => {
    fc.assert(
      fc.property(someStacks, somePlan, someMoves, (some, plan, moves) => {
        const stacks = some.map(({ stage, orgs }, index) => fleetStack(`s${index}`, stage, { orgs }));
        const course = rollOutCourse(
          { operation: 'up', plan: { ...defaultPlan, ...plan }, options: defaultOptions },
          stacks,
        );
        const game = new Game(course);
        for (const move of moves) {
          game.play(move);
          game.progress = JSON.parse(JSON.stringify(game.progress)) as Progress;
          for (const { stacks: all, waiting, running, unchanged, changed, drifted, failed } of waveStatuses(
            game.progress,
            course,
          )) {
            assert.equal(waiting + running + unchanged + changed + drifted + failed, all);
          }
        }
        game.finish();
        assert.match(stateOf(game.progress, course).state, /^done/);
      }),
      { numRuns: 300 },
    );
  });
});
