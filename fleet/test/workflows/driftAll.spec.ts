import { ScheduleOverlapPolicy } from '@temporalio/client';
import assert from 'node:assert/strict';
import { fleetTaskQueue } from '../../src/contract/activities.js';
import { driftAllId, workflowTypes, type DriftAllInput } from '../../src/contract/runs.js';
import type { DriftAllResult } from '../../src/contract/status.js';
import { packStacks } from '../../src/rollOut/packedStacks.js';
import { Engine } from '../support/engine.js';
import { MockedProgram } from '../support/mockedProgram.js';
import { testOptions } from '../support/runs.js';
import { fleetStacks } from '../support/stacks.js';
import { until } from '../support/until.js';

const input: DriftAllInput = {
  name: 'nightly',
  program: 'agents',
  digest: 'd1',
  isQuick: false,
  options: testOptions,
};

describe('the workflow that looks at all stacks', function () {
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

  const look = (changes: Partial<DriftAllInput>, count: number): Promise<DriftAllResult> =>
    engine.client.workflow.execute<(...args: unknown[]) => Promise<DriftAllResult>>(workflowTypes.driftAll, {
      taskQueue: fleetTaskQueue,
      workflowId: driftAllId(`nightly-${count}`),
      args: [{ ...input, ...changes }, packStacks(fleetStacks('prod', count))],
    });

  it('looks fully, and reports what drifted and what failed', async () => {
    program.on('drift prod-2', () => 'drifted');
    program.on('drift prod-3', () => {
      throw new Error('no answer');
    });
    const { status } = await look({}, 4);
    assert.equal(status.state, 'done with failures');
    assert.deepEqual(program.quickLooks.toSorted(), []);
    const [wave] = status.waves;
    assert.deepEqual([wave?.unchanged, wave?.drifted, wave?.failed], [2, 1, 1]);
    assert.deepEqual(status.problems.map(({ stack, status: one }) => `${stack} ${one}`).toSorted(), [
      'prod-2 drifted',
      'prod-3 failed',
    ]);
  });

  it('looks quickly first, and fully at whatever was not clean', async () => {
    program.unclean.add('prod-2').add('prod-5');
    program.on('drift prod-2', () => 'drifted');
    const { status } = await look({ isQuick: true }, 5);
    assert.deepEqual(program.quickLooks.toSorted(), [
      ['prod-1', 'prod-2', 'prod-3'],
      ['prod-4', 'prod-5'],
    ]);
    assert.deepEqual(program.done.toSorted(), ['drift prod-2', 'drift prod-5']);
    assert.deepEqual([status.waves[0]?.unchanged, status.waves[0]?.drifted], [4, 1]);
  });

  it('looks fully at everything when the quick look fails', async () => {
    await engine.stopWorkers();
    await engine.workflowWorker({
      programOfToday: (name) => Promise.resolve({ worker: 'w1', program: name, digest: 'd1' }),
    });
    await engine.programWorker('agents', 'd1', {
      ...program.activities,
      quickLook: () => Promise.reject(new Error('no')),
    });
    const { status } = await look({ isQuick: true }, 3);
    assert.equal(status.waves[0]?.unchanged, 3);
    assert.equal(program.done.length, 3);
  });

  it('runs on a schedule: a run that would overlap is skipped, and missed ones can be run', async () => {
    const release = program.hold('drift prod-1');
    const schedule = await engine.client.schedule.create({
      scheduleId: 'nightly',
      spec: { calendars: [{ hour: 3 }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP },
      state: { paused: true },
      action: {
        type: 'startWorkflow',
        workflowType: workflowTypes.driftAll,
        taskQueue: fleetTaskQueue,
        workflowId: driftAllId('nightly'),
        args: [input, packStacks(fleetStacks('prod', 1))],
      },
    });
    try {
      const info = async (): Promise<{ taken: number; skipped: number; running: number }> => {
        const { numActionsTaken, numActionsSkippedOverlap, runningActions } = (await schedule.describe())
          .info;
        return { taken: numActionsTaken, skipped: numActionsSkippedOverlap, running: runningActions.length };
      };
      // By itself, a trigger of this client allows every overlap.
      await schedule.trigger(ScheduleOverlapPolicy.SKIP);
      await until(() => program.done.length === 1);
      await schedule.trigger(ScheduleOverlapPolicy.SKIP);
      await until(async () => (await info()).skipped === 1);
      assert.deepEqual(await info(), { taken: 1, skipped: 1, running: 1 });
      release();
      await until(async () => (await info()).running === 0);
      program.forget('drift prod-1');
      await schedule.backfill({
        start: new Date('2026-01-01T00:00:00Z'),
        end: new Date('2026-01-03T00:00:00Z'),
        overlap: ScheduleOverlapPolicy.BUFFER_ALL,
      });
      await until(() => program.done.length === 3);
      await until(async () => (await info()).running === 0);
      assert.equal((await info()).taken, 3);
    } finally {
      await schedule.delete();
    }
  });
});
