import { ApplicationFailure } from '@temporalio/activity';
import { fleetTaskQueue, failureTypes } from '../../src/contract/activities.js';
import { driftAllId, requestNames, rollOutId, stackId, workflowTypes } from '../../src/contract/runs.js';
import { defaultPlan } from '../../src/rollOut/checkPlan.js';
import { packStacks } from '../../src/rollOut/packedStacks.js';
import type { Engine } from '../support/engine.js';
import type { MockedProgram } from '../support/mockedProgram.js';
import { startRollOut, statusOf, testOptions, untilState } from '../support/runs.js';
import { fleetStacks } from '../support/stacks.js';
import { until } from '../support/until.js';

const claim = { by: 'Ada', why: 'ticket 7' };

/** What each release records: a scenario returns the ids of its workflows. */
export const scenarios: Record<string, (engine: Engine, program: MockedProgram) => Promise<string[]>> = {
  'stages, a gate, a pause and an approval': async (engine) => {
    const stacks = [...fleetStacks('dev', 2), ...fleetStacks('uat', 2), ...fleetStacks('prod', 4)];
    const handle = await startRollOut(engine, stacks, {
      name: 'gate',
      plan: { ...defaultPlan, percentages: [50, 100] },
    });
    await handle.signal(requestNames.pause, claim);
    await untilState(handle, 'paused');
    await handle.signal(requestNames.resume, claim);
    await untilState(handle, 'waits for approval');
    await handle.executeUpdate(requestNames.approve, { args: [{ ...claim, stage: 'prod' }] });
    await handle.result();
    return [rollOutId('gate'), stackId('dev-1')];
  },

  'a failed canary, a retry and a larger budget': async (engine, program) => {
    program.on('up prod-1', (_, attempt) => {
      if (attempt < 2) throw ApplicationFailure.retryable('busy', failureTypes.passing);
      throw ApplicationFailure.nonRetryable('refused', failureTypes.refusedByOrg);
    });
    const plan = { ...defaultPlan, gates: [] };
    const handle = await startRollOut(engine, fleetStacks('prod', 3), { name: 'canary', plan });
    await untilState(handle, 'stopped');
    await handle.signal(requestNames.retry, claim);
    await until(async () => program.done.length === 4 && (await statusOf(handle)).state === 'stopped');
    await handle.signal(requestNames.resume, { ...claim, budget: 1 });
    await handle.result();
    program.forget('up prod-1');
    return [rollOutId('canary'), stackId('prod-1')];
  },

  'a stack that another run holds, and an urgent abort': async (engine, program) => {
    const release = program.hold('up dev-1');
    const first = await startRollOut(engine, fleetStacks('dev', 1), { name: 'first' });
    await until(async () => (await statusOf(first)).waves[0]?.running === 1);
    const second = await startRollOut(engine, fleetStacks('dev', 2), { name: 'second' });
    await until(async () => (await statusOf(second)).message.includes('held by another run'));
    const third = await startRollOut(engine, fleetStacks('dev', 1), { name: 'third' });
    await until(async () => (await statusOf(third)).message.includes('held by another run'));
    await third.signal(requestNames.abort, { ...claim, isUrgent: true });
    await third.result();
    release();
    await Promise.all([first.result(), second.result()]);
    program.forget('up dev-1');
    return ['first', 'second', 'third'].map(rollOutId);
  },

  'a run that continues as a new one': async (engine) => {
    const handle = await startRollOut(engine, fleetStacks('dev', 25), {
      name: 'long',
      options: { ...testOptions, historyEvents: 100 },
    });
    await handle.result();
    return [rollOutId('long')];
  },

  'a quick look, then a full one': async ({ client }, program) => {
    program.unclean.add('prod-2');
    program.on('drift prod-2', () => 'drifted');
    const workflowId = driftAllId('look');
    await client.workflow.execute(workflowTypes.driftAll, {
      taskQueue: fleetTaskQueue,
      workflowId,
      args: [
        { name: 'look', program: 'agents', isQuick: true, options: testOptions },
        packStacks(fleetStacks('prod', 5)),
      ],
    });
    return [workflowId];
  },
};
