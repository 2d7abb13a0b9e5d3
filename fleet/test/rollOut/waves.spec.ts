import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FleetStack } from '../../src/contract/stacks.js';
import { checkPlan, defaultPlan } from '../../src/rollOut/checkPlan.js';
import { wavesOf } from '../../src/rollOut/waves.js';
import { fleetStack, fleetStacks } from '../support/stacks.js';

const named = (stacks: readonly FleetStack[], plan = defaultPlan): string[] =>
  wavesOf(stacks, plan).map(
    ({ stage, name, members }) =>
      `${stage} ${name}: ${members.map((place) => stacks[place]?.stack).join(' ')}`,
  );

describe('waves', () => {
  it('go by stage, then the canary, then percentages of the stage', () => {
    const stacks = [...fleetStacks('prod', 10), ...fleetStacks('dev', 1)];
    assert.deepEqual(named(stacks, { ...defaultPlan, percentages: [30, 100] }), [
      'dev canary: dev-1',
      'prod canary: prod-1',
      'prod to 30 %: prod-2 prod-3',
      'prod to 100 %: prod-4 prod-5 prod-6 prod-7 prod-8 prod-9 prod-10',
    ]);
  });

  it('go by the numbers of the inventory when it gives any', () => {
    const stacks = [
      fleetStack('late', 'prod', { wave: 10 }),
      fleetStack('first', 'prod', { wave: 2 }),
      fleetStack('too', 'prod', { wave: 2 }),
    ];
    assert.deepEqual(named(stacks), ['prod wave 2: first too', 'prod wave 10: late']);
  });

  it('count orgs, and never split a shard', () => {
    const stacks = [
      fleetStack('small', 'prod'),
      fleetStack('shard', 'prod', { orgs: 40 }),
      ...fleetStacks('prod', 9),
    ];
    const plan = { ...defaultPlan, canary: 2, percentages: [50, 100] };
    assert.equal(named(stacks, plan)[0], 'prod canary: small shard');
    assert.match(named(stacks, plan)[1] ?? '', /^prod to 100 %: prod-1 /);
  });

  it('hold each stack once, in the order of stages, and grow just as far as the plan says', () => {
    const stage = fc.constantFrom('dev', 'uat', 'prod');
    const someStacks = fc
      .array(fc.record({ stage, orgs: fc.integer({ min: 1, max: 9 }) }), { maxLength: 40 })
      .map((all) => all.map(({ stage: ofStage, orgs }, index) => fleetStack(`s${index}`, ofStage, { orgs })));
    const percentages = fc
      .uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 4 })
      .map((some) => [...some.sort((a, b) => a - b), 100]);
    fc.assert(
      fc.property(someStacks, fc.nat({ max: 8 }), percentages, (stacks, canary, rising) => {
        const waves = wavesOf(stacks, { ...defaultPlan, canary, percentages: rising });
        const places = waves.flatMap(({ members }) => members);
        assert.deepEqual(
          places.toSorted((a, b) => a - b),
          [...stacks.keys()],
        );
        const stages = waves.map(({ stage: ofWave }) => defaultPlan.stages.indexOf(ofWave));
        assert.deepEqual(
          stages,
          stages.toSorted((a, b) => a - b),
        );
        for (const wave of waves) {
          const ofStage = waves.filter((other) => other.stage === wave.stage);
          const count = (members: readonly number[]): number =>
            members.reduce((sum, place) => sum + (stacks[place]?.orgs.length ?? 0), 0);
          const upTo = ofStage.slice(0, ofStage.indexOf(wave) + 1).flatMap(({ members }) => members);
          const all = count(ofStage.flatMap(({ members }) => members));
          const goal = wave.name === 'canary' ? canary : (all * Number(/\d+/.exec(wave.name)?.[0])) / 100;
          assert.ok(count(upTo) >= goal || upTo.length === ofStage.flatMap(({ members }) => members).length);
          assert.ok(count(upTo.slice(0, -1)) < goal, `${wave.name} has a stack too many`);
        }
      }),
    );
  });
});

describe('a plan', () => {
  it('is right by default', () => {
    assert.deepEqual(checkPlan(defaultPlan, fleetStacks('dev', 2)), []);
  });

  it('is told all its faults at once', () => {
    const plan = { stages: ['dev', 'dev'], canary: 1.5, percentages: [50, 20], budget: -1, gates: ['prod'] };
    const stacks = [fleetStack('a', 'uat', { wave: 1 }), fleetStack('b', 'uat')];
    assert.deepEqual(checkPlan(plan, stacks), [
      'The plan names stage dev twice.',
      'The canary is a number of orgs, not 1.5.',
      'The failure budget is a number of orgs, not -1.',
      'The percentages rise to 100, such as 10, 50, 100; they are 50, 20.',
      'There is a gate before stage prod, which the plan lacks.',
      'Stage uat of stack a is not in the plan: dev, dev.',
      'In stage uat, stack a has a wave and b has none: give one to all or to none.',
    ]);
    assert.deepEqual(checkPlan({ ...defaultPlan, stages: [], gates: [] }, []), [
      'The plan has no stage.',
      'There is no stack to work on.',
    ]);
  });
});
