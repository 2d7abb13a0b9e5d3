import assert from 'node:assert/strict';
import type { OutcomeStatus, StackOutcome } from '../../src/contract/activities.js';
import type { RequestRecord } from '../../src/contract/runs.js';
import { defaultPlan } from '../../src/rollOut/checkPlan.js';
import { driftCourse, rollOutCourse, type Course } from '../../src/rollOut/course.js';
import { afterEvent } from '../../src/rollOut/events.js';
import { hasEnded, nextJob, refusalOfApproval, type Job } from '../../src/rollOut/nextJob.js';
import { firstProgress, type Progress } from '../../src/rollOut/progress.js';
import { retryInput } from '../../src/rollOut/retryInput.js';
import { defaultOptions } from '../../src/rollOut/runOptions.js';
import { moreProblems, stateOf, waveStatuses } from '../../src/rollOut/status.js';
import { fleetStack, fleetStacks } from '../support/stacks.js';

const plan = { ...defaultPlan, canary: 1, percentages: [100] };
const dev2uat1prod2 = [...fleetStacks('dev', 2), ...fleetStacks('uat', 1), ...fleetStacks('prod', 2)];

/** A run without an engine: jobs end with the status that `fails` or `drifts` says, else unchanged. */
class Run {
  progress: Progress;
  now = 0;
  readonly begun: string[] = [];
  readonly outcomes = new Map<string, StackOutcome>();

  constructor(
    readonly course: Course,
    isQuick = false,
  ) {
    this.progress = firstProgress(course, isQuick);
  }

  next(): Job | undefined {
    return nextJob(this.progress, this.course, 2);
  }

  /** Until nothing can begin. */
  go(): void {
    for (let job = this.next(); job !== undefined; job = this.next()) {
      assert.ok(job.kind !== 'quick look');
      this.begin(job.place, job.kind === 'look');
      this.end(job.place, job.kind === 'look');
    }
  }

  begin(place: number, isLook: boolean): void {
    this.begun.push(`${isLook ? 'look ' : ''}${this.name(place)}`);
    this.progress = afterEvent(this.progress, { type: 'begun', place, isLook }, this.course, this.now);
  }

  end(place: number, isLook: boolean): void {
    const name = `${isLook ? 'look ' : ''}${this.name(place)}`;
    const outcome = this.outcomes.get(name) ?? { stack: this.name(place), status: 'unchanged', orgs: [] };
    this.progress = afterEvent(
      this.progress,
      { type: 'ended', place, isLook, outcome },
      this.course,
      this.now,
    );
  }

  ask(request: RequestRecord['request'], more: Partial<RequestRecord> = {}): void {
    const record = { request, by: 'Ada', why: 'ticket 7', at: '2026-01-01T00:00:00.000Z', ...more };
    this.progress = afterEvent(this.progress, { type: 'asked', record }, this.course, this.now);
  }

  will(name: string, status: OutcomeStatus, more: Partial<StackOutcome> = {}): void {
    this.outcomes.set(name, {
      stack: name.replace('look ', ''),
      status,
      orgs: [],
      message: `${name} ${status}`,
      ...more,
    });
  }

  taken(): string[] {
    return this.begun.splice(0);
  }

  get state(): string {
    return stateOf(this.progress, this.course).state;
  }

  get message(): string {
    return stateOf(this.progress, this.course).message;
  }

  private name(place: number): string {
    return this.course.stacks[place]?.stack ?? '';
  }
}

const rollOutOf = (stacks = dev2uat1prod2, changes = {}): Run =>
  new Run(rollOutCourse({ operation: 'up', plan: { ...plan, ...changes }, options: defaultOptions }, stacks));

describe('a roll-out', () => {
  it('goes through stages and waves, looks at the stage before a gate, and waits there for approval', () => {
    const run = rollOutOf();
    run.go();
    assert.deepEqual(run.taken(), ['dev-1', 'dev-2', 'uat-1', 'look uat-1']);
    assert.equal(run.state, 'waits for approval');
    assert.equal(run.message, 'The stage before prod is clean; prod waits for approval.');
    run.ask('approve', { stage: 'prod' });
    run.go();
    assert.deepEqual(run.taken(), ['prod-1', 'prod-2']);
    assert.equal(run.state, 'done');
    assert.ok(hasEnded(run.progress, run.course));
  });

  it('refuses an approval of the wrong stage, out of time, or twice', () => {
    const run = rollOutOf();
    const refusal = (stage: string): string | undefined => refusalOfApproval(run.progress, run.course, stage);
    assert.equal(refusal('prod'), 'The roll-out does not wait for an approval: it is in stage dev, canary.');
    run.go();
    assert.equal(refusal('uat'), 'The roll-out waits for approval of stage prod, not of uat.');
    assert.equal(refusal('prod'), undefined);
    run.will('look uat-1', 'drifted');
    run.now += defaultOptions.timings.lookIsFreshFor + 1;
    run.ask('approve', { stage: 'prod' });
    assert.equal(refusal('prod'), 'Stage prod is approved already.');
    run.ask('abort');
    assert.equal(refusal('prod'), 'The roll-out was aborted.');
  });

  it('looks again when an approval comes long after the look', () => {
    const run = rollOutOf();
    run.go();
    run.taken();
    run.now += defaultOptions.timings.lookIsFreshFor + 1;
    run.ask('approve', { stage: 'prod' });
    assert.equal(run.state, 'looks before the gate');
    run.go();
    assert.deepEqual(run.taken(), ['look uat-1', 'prod-1', 'prod-2']);
  });

  it('does not open a gate for an approval alone: the stage before has to be clean', () => {
    const run = rollOutOf();
    run.will('look uat-1', 'drifted');
    run.go();
    run.ask('approve', { stage: 'prod' });
    run.go();
    assert.equal(run.state, 'waits for a clean look');
    assert.deepEqual(
      run.progress.problems.map(({ stack, status }) => [stack, status]),
      [['uat-1', 'drifted']],
    );
    run.outcomes.clear();
    run.taken();
    run.ask('retry');
    run.go();
    assert.deepEqual(run.taken(), ['look uat-1', 'prod-1', 'prod-2']);
    assert.equal(moreProblems(run.progress), 0);
    assert.deepEqual(run.progress.problems, []);
  });

  it('stops when the canary fails, and goes on after a retry', () => {
    const run = rollOutOf();
    run.will('dev-1', 'failed');
    run.go();
    assert.deepEqual(run.taken(), ['dev-1']);
    assert.equal(run.state, 'stopped');
    assert.equal(
      run.message,
      'In stage dev, canary, 1 org failed and 0 may: retry, resume with a budget of at least 1, or abort.',
    );
    run.outcomes.clear();
    run.ask('retry');
    run.go();
    assert.deepEqual(run.taken().slice(0, 2), ['dev-1', 'dev-2']);
  });

  it('counts orgs against the budget of each wave, and goes on with a larger one', () => {
    const stacks = [fleetStack('a', 'dev', { orgs: 5 }), fleetStack('b', 'dev'), fleetStack('c', 'dev')];
    const run = rollOutOf(stacks, { budget: 2, canary: 1, percentages: [100] });
    const orgs = ['a-1', 'a-2', 'a-3'].map((org) => ({ org, status: 'failed' as const }));
    run.will('a', 'failed', { orgs: [...orgs, { org: 'a-4', status: 'changed' }] });
    run.go();
    assert.equal(run.state, 'stopped');
    run.ask('resume', { budget: 3 });
    run.will('b', 'failed');
    run.go();
    assert.deepEqual(run.taken(), ['a', 'b', 'c']);
    assert.equal(run.state, 'done with failures');
    assert.equal(run.message, '2 stacks failed.');
    assert.deepEqual(
      waveStatuses(run.progress, run.course).map(({ failedOrgs, orgs: all }) => [failedOrgs, all]),
      [
        [3, 5],
        [1, 2],
      ],
    );
  });

  it('counts all orgs of a shard that failed as a whole', () => {
    const run = rollOutOf([fleetStack('a', 'dev', { orgs: 5 })], { budget: 4 });
    run.will('a', 'failed');
    run.go();
    assert.equal(run.state, 'stopped');
  });

  it('leaves out of a look what failed within the budget, and looks at it after a retry', () => {
    const run = rollOutOf([...fleetStacks('uat', 2), ...fleetStacks('prod', 1)], { budget: 1 });
    run.will('uat-2', 'failed');
    run.go();
    assert.deepEqual(run.taken(), ['uat-1', 'uat-2', 'look uat-1']);
    assert.equal(run.state, 'waits for approval');
    run.outcomes.clear();
    run.ask('retry');
    run.go();
    assert.deepEqual(run.taken(), ['uat-2', 'look uat-2']);
    assert.equal(run.state, 'waits for approval');
  });

  it('begins nothing while it is paused', () => {
    const run = rollOutOf();
    run.begin(0, false);
    run.ask('pause');
    run.end(0, false);
    assert.equal(run.next(), undefined);
    assert.equal(run.state, 'paused');
    assert.equal(run.message, 'Paused by Ada: ticket 7. 0 stacks still to end.');
    run.ask('resume');
    run.go();
    assert.equal(run.state, 'waits for approval');
  });

  it('ends an abort when the last running stack has ended', () => {
    const run = rollOutOf();
    run.begin(0, false);
    run.ask('abort');
    assert.equal(run.next(), undefined);
    assert.equal(run.message, 'Aborted by Ada: ticket 7. 1 stack still to end.');
    assert.ok(!hasEnded(run.progress, run.course));
    run.end(0, false);
    assert.ok(hasEnded(run.progress, run.course));
    assert.equal(run.message, 'Aborted by Ada: ticket 7. 4 stacks not begun.');
  });

  it('has no gate for a preview, and no look before the gate of a destroy', () => {
    const kinds = (operation: 'preview' | 'destroy'): string[] =>
      rollOutCourse({ operation, plan, options: defaultOptions }, dev2uat1prod2).steps.map(
        ({ kind, members }) => `${kind} of ${members.length}`,
      );
    assert.ok(!kinds('preview').some((kind) => kind.startsWith('gate')));
    assert.ok(kinds('destroy').includes('gate of 0'));
  });

  it('keeps who held a stack that ended without a word, until it ends otherwise', () => {
    const run = rollOutOf();
    const holders = [{ worker: 'w1', host: 'h1', startedAt: '2026-01-01T00:00:00.000Z' }];
    run.will('dev-1', 'failed', { holders });
    run.go();
    assert.deepEqual(run.progress.holders, { 0: holders });
    run.outcomes.clear();
    run.ask('retry');
    run.go();
    assert.deepEqual(run.progress.holders, {});
  });

  it('lists 200 problems, cuts their messages, and counts the others', () => {
    const run = rollOutOf(fleetStacks('dev', 250), { budget: 250 });
    for (let place = 1; place <= 250; place++)
      run.will(`dev-${place}`, 'failed', { message: 'x'.repeat(900) });
    run.go();
    assert.equal(run.progress.problems.length, 200);
    assert.equal(run.progress.problems[0]?.message.length, 501);
    assert.equal(moreProblems(run.progress), 50);
  });

  it('is run again for what failed: without gates, with the recorded program or that of today', () => {
    const input = { name: 'r', operation: 'up', program: 'p', plan, options: defaultOptions } as const;
    const status = { ...input, digest: 'd1', state: 'done with failures', message: '', waves: [] } as const;
    const result = {
      input,
      status: { ...status, problems: [], moreProblems: 0, requests: [], startedAt: '' },
      failed: ['a'],
      notBegun: [],
    };
    const expected = { ...input, plan: { ...plan, canary: 0, percentages: [100], gates: [] } };
    assert.deepEqual(retryInput(result, { isProgramOfToday: false }), { ...expected, digest: 'd1' });
    assert.deepEqual(retryInput(result, { isProgramOfToday: true }), expected);
  });

  it('is run again for what had not begun: in its waves, with the gates of stages that have not begun', () => {
    const gated = { ...plan, gates: ['uat', 'prod'] };
    const run = rollOutOf(dev2uat1prod2, gated);
    run.go();
    run.ask('approve', { stage: 'uat' });
    run.go();
    run.ask('abort');
    const input = { name: 'r', operation: 'up', program: 'p', plan: gated, options: defaultOptions } as const;
    const status = { ...input, state: 'aborted', message: '', problems: [], moreProblems: 0 } as const;
    const waves = waveStatuses(run.progress, run.course);
    const result = {
      input,
      status: { ...status, waves, requests: [], startedAt: '' },
      failed: [],
      notBegun: ['prod-1', 'prod-2'],
    };
    assert.deepEqual(retryInput(result, { isProgramOfToday: true }).plan, { ...gated, gates: ['prod'] });
  });

  it('waits for approval at once at a gate with no stack before it', () => {
    const run = rollOutOf(fleetStacks('prod', 1));
    run.go();
    assert.equal(run.state, 'waits for approval');
  });
});

describe('a drift run', () => {
  it('looks quickly at as many orgs as one look takes, then fully at what was not clean', () => {
    const stacks = [...fleetStacks('dev', 3), fleetStack('shard', 'prod', { orgs: 9 })];
    const run = new Run(driftCourse({ options: defaultOptions }, stacks), true);
    assert.deepEqual(run.next(), { kind: 'quick look', places: [0, 1] });
    for (const place of [0, 1]) run.begin(place, false);
    assert.deepEqual(run.next(), { kind: 'quick look', places: [2] });
    run.begin(2, false);
    assert.deepEqual(run.next(), { kind: 'quick look', places: [3] });
    run.begin(3, false);
    for (const place of [0, 2, 3]) run.end(place, false);
    run.progress = afterEvent(run.progress, { type: 'waits', place: 1, isLook: false }, run.course, 0);
    run.will('dev-2', 'drifted');
    run.taken();
    run.go();
    assert.deepEqual(run.taken(), ['dev-2']);
    assert.equal(run.state, 'done');
    assert.equal(waveStatuses(run.progress, run.course)[0]?.drifted, 1);
  });

  it('is not stopped by failures, and keeps what drifted when it is asked to retry', () => {
    const run = new Run(driftCourse({ options: defaultOptions }, fleetStacks('dev', 3)));
    run.will('dev-1', 'drifted');
    run.will('dev-2', 'failed');
    run.begin(2, false);
    for (const place of [0, 1]) {
      run.begin(place, false);
      run.end(place, false);
    }
    run.ask('retry');
    assert.deepEqual(
      run.progress.problems.map(({ stack }) => stack),
      ['dev-1'],
    );
    run.end(2, false);
    run.go();
    assert.equal(run.state, 'done with failures');
  });
});
