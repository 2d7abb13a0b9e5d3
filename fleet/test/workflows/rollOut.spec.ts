import { ApplicationFailure, Context } from '@temporalio/activity';
import { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import assert from 'node:assert/strict';
import { failureTypes } from '../../src/contract/activities.js';
import { requestNames, stackId } from '../../src/contract/runs.js';
import { statusName, type RollOutStatus } from '../../src/contract/status.js';
import { defaultPlan } from '../../src/rollOut/checkPlan.js';
import { Engine } from '../support/engine.js';
import { MockedProgram } from '../support/mockedProgram.js';
import {
  rollOutInput,
  startInput,
  startRollOut,
  statusOf,
  testOptions,
  testTimings,
  untilState,
} from '../support/runs.js';
import { fleetStack, fleetStacks } from '../support/stacks.js';
import { until } from '../support/until.js';

const claim = { by: 'Ada', why: 'ticket 7' };

describe('the workflow of a roll-out', function () {
  this.timeout(60_000);
  let engine: Engine;
  let program: MockedProgram;

  before(async () => {
    engine = await Engine.start();
  });
  after(() => engine.stop());
  beforeEach(async () => {
    program = new MockedProgram();
    await engine.workersFor(program);
  });
  afterEach(() => engine.stopWorkers());

  it('goes through stages and a gate, refuses the approval of a wrong stage, and records who approved', async () => {
    const stacks = [...fleetStacks('dev', 2), ...fleetStacks('uat', 2), ...fleetStacks('prod', 2)];
    const handle = await startRollOut(engine, stacks, { plan: { ...defaultPlan, percentages: [100] } });
    const { message } = await untilState(handle, 'waits for approval');
    assert.equal(message, 'The stage before prod is clean; prod waits for approval.');
    assert.deepEqual(program.done.slice(0, 4), ['up dev-1', 'up dev-2', 'up uat-1', 'up uat-2']);
    assert.deepEqual(program.done.slice(4).toSorted(), ['drift uat-1', 'drift uat-2']);
    const approve = (stage: string): Promise<unknown> =>
      handle.executeUpdate(requestNames.approve, { args: [{ ...claim, stage }] });
    await assert.rejects(approve('uat'), (error) => {
      assert.ok(error instanceof WorkflowUpdateFailedError);
      assert.equal(error.cause?.message, 'The roll-out waits for approval of stage prod, not of uat.');
      return true;
    });
    await approve('prod');
    const { status, failed } = await handle.result();
    assert.equal(status.state, 'done');
    assert.deepEqual(failed, []);
    assert.deepEqual(
      status.requests.map(({ request, stage, by, why }) => ({ request, stage, by, why })),
      [{ request: 'approve', stage: 'prod', ...claim }],
    );
    assert.deepEqual(program.done.slice(-2), ['up prod-1', 'up prod-2']);
  });

  it('tells its status without a live worker', async () => {
    const release = program.hold('up dev-2');
    const handle = await startRollOut(engine, fleetStacks('dev', 2), { plan: { ...defaultPlan, gates: [] } });
    await until(() => program.done.includes('up dev-2'));
    await handle.signal(requestNames.pause, claim);
    await untilState(handle, 'paused');
    release();
    await engine.stopWorkers();
    const { memo } = await handle.describe();
    const status = memo?.[statusName] as RollOutStatus;
    assert.equal(status.state, 'paused');
    assert.equal(status.digest, 'd1');
    assert.match(status.message, /^Paused by Ada: ticket 7\./);
    await handle.terminate();
  });

  it('waits for a stack that another roll-out holds, and never works on it twice at a time', async () => {
    const release = program.hold('up dev-1');
    const first = await startRollOut(engine, fleetStacks('dev', 1));
    await until(() => program.done.length === 1);
    const second = await startRollOut(engine, fleetStacks('dev', 1));
    await until(async () => (await statusOf(second)).message.includes('1 stack is held by another run'));
    assert.equal(program.done.length, 1);
    release();
    assert.equal((await first.result()).status.state, 'done');
    assert.equal((await second.result()).status.state, 'done');
    assert.deepEqual(program.done, ['up dev-1', 'up dev-1']);
    assert.equal(program.twice, 0);
  });

  it('gets a stack whose holder ended without a word', async () => {
    program.hold('up dev-1');
    const first = await startRollOut(engine, fleetStacks('dev', 1));
    await until(() => program.done.length === 1);
    const timings = { ...testTimings, askForStackAgainAfter: 20 };
    const second = await startRollOut(engine, fleetStacks('dev', 1), {
      options: { ...testOptions, timings },
    });
    await until(async () => (await statusOf(second)).message.includes('held by another run'));
    program.forget('up dev-1');
    await engine.client.workflow.getHandle(stackId('dev-1')).terminate();
    assert.equal((await second.result()).status.state, 'done');
    await first.terminate();
  });

  it('stops when the canary fails beyond the budget, and goes on after a retry', async () => {
    program.on('up prod-1', () => {
      throw ApplicationFailure.nonRetryable('ECA101: the app is missing', failureTypes.refusedByOrg);
    });
    const handle = await startRollOut(engine, fleetStacks('prod', 3), {
      plan: { ...defaultPlan, gates: [] },
    });
    const { problems } = await untilState(handle, 'stopped');
    assert.deepEqual(program.done, ['up prod-1']);
    assert.deepEqual(problems, [
      { stack: 'prod-1', stage: 'prod', status: 'failed', message: 'ECA101: the app is missing', orgs: [] },
    ]);
    program.forget('up prod-1');
    await handle.signal(requestNames.retry, claim);
    const { status } = await handle.result();
    assert.equal(status.state, 'done');
    assert.deepEqual(program.done.toSorted(), ['up prod-1', 'up prod-1', 'up prod-2', 'up prod-3']);
  });

  it('goes on beyond the budget when it is told to, and its result names what a retry starts again', async () => {
    program.on('up prod-1', () => {
      throw ApplicationFailure.nonRetryable('refused', failureTypes.refusedByProgram);
    });
    const stacks = fleetStacks('prod', 2);
    const handle = await startRollOut(engine, stacks, { plan: { ...defaultPlan, gates: [] } });
    await untilState(handle, 'stopped');
    await handle.signal(requestNames.resume, { ...claim, budget: 1 });
    const { status, failed, input } = await handle.result();
    assert.equal(status.state, 'done with failures');
    assert.deepEqual(failed, ['prod-1']);
    assert.equal(input.digest, 'd1');
  });

  it('tries again what may pass, within bounds, and never what is refused', async () => {
    const attempts = { passing: 0, down: 0, refused: 0 };
    program.on('up passing', (_, attempt) => {
      attempts.passing = attempt;
      if (attempt < 3) throw ApplicationFailure.retryable('busy', failureTypes.passing);
      return 'changed';
    });
    program.on('up down', (_, attempt) => {
      attempts.down = attempt;
      throw ApplicationFailure.create({
        message: 'the org is down',
        type: failureTypes.passing,
        details: [{ stack: 'down', status: 'failed', orgs: [{ org: 'down', status: 'failed' }] }],
      });
    });
    program.on('up refused', (_, attempt) => {
      attempts.refused = attempt;
      throw ApplicationFailure.retryable('other address', failureTypes.otherAddress);
    });
    const stacks = ['passing', 'down', 'refused'].map((name) => fleetStack(name, 'dev'));
    const plan = { ...defaultPlan, canary: 0, percentages: [100], budget: 2, gates: [] };
    const { status } = await (await startRollOut(engine, stacks, { plan })).result();
    assert.deepEqual(attempts, { passing: 3, down: 3, refused: 1 });
    assert.deepEqual(status.problems.map(({ stack, orgs, message }) => [stack, orgs, message]).toSorted(), [
      ['down', ['down'], 'the org is down'],
      ['refused', [], 'other address'],
    ]);
  });

  it('gives a lost worker up, and hands on who held the stack to a retry', async () => {
    const holders = [{ worker: 'w1', host: 'h1', startedAt: '2026-01-01T00:00:00.000Z' }];
    const silent = Promise.withResolvers<'unchanged'>();
    program.isSilent = true;
    program.on('up dev-1', () => {
      Context.current().heartbeat({ holders, step: 'start' });
      return silent.promise;
    });
    const timings = { ...testTimings, heartbeatTimeout: 200, attempts: 2 };
    const handle = await startRollOut(engine, fleetStacks('dev', 1), {
      options: { ...testOptions, timings },
    });
    const { problems } = await untilState(handle, 'stopped');
    assert.equal(program.done.length, 2);
    assert.match(problems[0]?.message ?? '', /^No worker came to an end with the stack: HEARTBEAT time-out/);
    program.forget('up dev-1');
    await handle.signal(requestNames.retry, claim);
    await handle.result();
    assert.deepEqual(program.tasks.at(-1)?.earlierHolders, holders);
    silent.resolve('unchanged');
  });

  it('leaves an activity to a worker with the recorded digest, and says which one there is', async () => {
    const timings = { ...testTimings, workerTimeout: 200 };
    const handle = await startRollOut(engine, fleetStacks('dev', 1), {
      digest: 'd2',
      options: { ...testOptions, timings },
    });
    const { message } = await untilState(handle, 'waits for a worker');
    assert.equal(message, 'No worker took agents with digest d2: w1 has it with digest d1.');
    assert.deepEqual(program.done, []);
    const other = new MockedProgram('d2');
    await engine.programWorker('agents', 'd2', other.activities);
    assert.equal((await handle.result()).status.state, 'done');
    assert.deepEqual(other.done, ['up dev-1']);
    assert.deepEqual(program.done, []);
  });

  it('says so when the workers with its program are gone', async () => {
    await engine.stopWorkers();
    await engine.workflowWorker({
      programOfToday: (name) => Promise.resolve({ worker: 'w2', program: name }),
    });
    const worker = await engine.programWorker('agents', 'd1', program.activities);
    program.hold('up dev-1');
    const timings = { ...testTimings, workerTimeout: 100, quietAfter: 100 };
    const handle = await startRollOut(engine, fleetStacks('dev', 1), {
      options: { ...testOptions, timings },
    });
    await until(() => program.done.length === 1);
    await engine.stopWorker(worker);
    const { message } = await untilState(handle, 'waits for a worker');
    assert.equal(message, 'No worker took agents with digest d1: w2 has no program of this name.');
    program.forget('up dev-1');
    await engine.programWorker('agents', 'd1', program.activities);
    assert.equal((await handle.result()).status.state, 'done');
  });

  it('takes the program of today when no digest is given, and keeps to it', async () => {
    const { name, operation, program: ofToday, plan, options } = rollOutInput();
    const input = { name, operation, program: ofToday, plan, options };
    const handle = await startInput(engine, fleetStacks('dev', 1), input);
    const { status } = await handle.result();
    assert.equal(status.digest, 'd1');
    assert.equal(program.tasks[0]?.digest, 'd1');
  });

  it('continues as a new run when its history is long, and does each stack once', async () => {
    const stacks = fleetStacks('dev', 30);
    const handle = await startRollOut(engine, stacks, { options: { ...testOptions, historyEvents: 100 } });
    const { status } = await handle.result();
    assert.equal(status.state, 'done');
    assert.equal(status.waves[0]?.unchanged, 30);
    assert.deepEqual(program.done.toSorted(), stacks.map(({ stack }) => `up ${stack}`).toSorted());
    const { historyLength } = await handle.describe();
    assert.ok(historyLength < 200, `${historyLength} events`);
  });

  it('gives running stacks one Ctrl-C when an abort is urgent, and begins nothing more', async () => {
    program.hold('up dev-1');
    const handle = await startRollOut(engine, fleetStacks('dev', 3), { plan: { ...defaultPlan, gates: [] } });
    await until(() => program.done.length === 1);
    await handle.signal(requestNames.abort, { ...claim, isUrgent: true });
    const { status } = await handle.result();
    assert.equal(status.state, 'aborted');
    assert.equal(status.message, 'Aborted by Ada: ticket 7. 2 stacks not begun.');
    assert.deepEqual(
      status.problems.map(({ message }) => message),
      ['It was stopped before its end.'],
    );
    const stack = await engine.client.workflow.getHandle(stackId('dev-1')).describe();
    assert.equal(stack.status.name, 'CANCELLED');
  });

  it('takes a cancelled workflow for an urgent abort', async () => {
    program.hold('up dev-1');
    const handle = await startRollOut(engine, fleetStacks('dev', 1));
    await until(() => program.done.length === 1);
    await handle.cancel();
    assert.equal((await handle.result()).status.state, 'aborted');
  });

  it('lets running stacks end when an abort is not urgent', async () => {
    const release = program.hold('up dev-1');
    const handle = await startRollOut(engine, fleetStacks('dev', 3), { plan: { ...defaultPlan, gates: [] } });
    await until(() => program.done.length === 1);
    await handle.signal(requestNames.abort, claim);
    await untilState(handle, 'aborted');
    release();
    const { status } = await handle.result();
    assert.deepEqual(
      status.waves.map(({ changed, waiting }) => [changed, waiting]),
      [
        [1, 0],
        [0, 1],
        [0, 1],
      ],
    );
  });

  it('fails with all faults of its plan', async () => {
    const plan = { ...defaultPlan, percentages: [50] };
    const handle = await startRollOut(engine, fleetStacks('test', 1), { plan });
    await assert.rejects(handle.result(), (error) => {
      assert.ok(error instanceof WorkflowFailedError);
      assert.match(error.cause?.message ?? '', /percentages rise to 100.* Stage test of stack test-1/);
      return true;
    });
  });
});
