import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes, type StackOutcome } from '../../src/contract/activities.js';
import type { Operation } from '../../src/contract/stacks.js';
import { app, changeSetting, componentsOf, settingOf, WorldOfOrgs } from '../support/worldOfOrgs.js';

/** A failure with the outcome that it carries. */
async function failureOf(
  call: Promise<unknown>,
): Promise<{ type: string; isFinal: boolean; outcome: StackOutcome; message: string }> {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof ApplicationFailure, String(thrown));
  const [outcome] = thrown.details as [StackOutcome];
  return { type: thrown.type ?? '', isFinal: thrown.nonRetryable === true, outcome, message: thrown.message };
}

describe('the operations on a stack', function () {
  this.timeout(240_000);
  let world: WorldOfOrgs;

  before(async () => {
    world = await WorldOfOrgs.create('acme', 'beta', 'gamma', 'delta');
  });
  after(() => world.close());
  afterEach(() => {
    for (const org of world.server.orgs) org.faults.clear();
  });

  const statusOf = async (operation: Operation, name: string): Promise<string> =>
    (await world.call(operation, world.stack(name))).status;

  it('set an org, find a change by hand, mend it, and restore what was there', async () => {
    const org = world.org('acme');
    const original = componentsOf(org);
    assert.equal(await statusOf('preview', 'acme'), 'changed');
    assert.deepEqual(componentsOf(org), original);

    const first = await world.call('up', world.stack('acme'));
    assert.deepEqual(first, {
      stack: 'acme',
      worker: 'worker-1',
      status: 'changed',
      orgs: [{ org: 'acme', status: 'changed' }],
    });
    assert.equal(settingOf(org, 'namedUserJwtTimeout'), '30');
    assert.equal(await statusOf('up', 'acme'), 'unchanged');
    assert.equal(await statusOf('drift', 'acme'), 'unchanged');

    changeSetting(org, 'namedUserJwtTimeout', '5');
    const drifted = await world.call('drift', world.stack('acme'));
    assert.equal(drifted.status, 'drifted');
    assert.match(drifted.orgs[0]?.message ?? '', /namedUserJwtTimeout is 5, declared 30/);
    assert.equal(await statusOf('up', 'acme'), 'changed');
    assert.equal(settingOf(org, 'namedUserJwtTimeout'), '30');

    assert.equal(await statusOf('destroy', 'acme'), 'changed');
    assert.deepEqual(componentsOf(org), original);
    assert.equal(await statusOf('destroy', 'acme'), 'unchanged');
    assert.deepEqual(
      await world.filesWith([org.privateKey.split('\n')[3] ?? '-', 'passphrase of a test']),
      [],
      'no credential is left in the state or the worker',
    );
  });

  it('take the configuration of the org from the inventory', async () => {
    const outcome = await world.call(
      'up',
      world.stack('beta', { configuration: { minutes: '10', 'salesforce:apiVersion': '66.0' } }),
    );
    assert.equal(outcome.status, 'changed');
    assert.equal(settingOf(world.org('beta'), 'namedUserJwtTimeout'), '10');
    const versions = world.org('beta').requests.flatMap(({ path }) => /\/(\d+\.0)\b/.exec(path)?.[1] ?? []);
    assert.deepEqual([...new Set(versions)], ['66.0'], 'with the API version of the inventory');
  });

  it('fail for good with the message of an org that refuses, and say which org of a shard it was', async () => {
    world.org('gamma').faults.failComponent(app, 'the org does not want it');
    const shard = {
      stack: 'eu-1',
      stage: 'prod',
      orgs: [world.entry('gamma', { shard: 'eu-1' }), world.entry('delta', { shard: 'eu-1' })],
    };
    const { type, isFinal, outcome, message } = await failureOf(world.call('up', shard));
    assert.deepEqual([type, isFinal], [failureTypes.refusedByOrg, true], message);
    assert.equal(outcome.status, 'failed');
    assert.deepEqual(
      outcome.orgs.map(({ org, status }) => [org, status]),
      [
        ['gamma', 'failed'],
        ['delta', 'changed'],
      ],
    );
    assert.match(
      outcome.orgs[0]?.message ?? '',
      /^\[ECA5001\] .* in org "gamma" .*: the org does not want it/,
    );
    assert.equal(settingOf(world.org('delta'), 'namedUserJwtTimeout'), '30');

    world.org('gamma').faults.clear();
    const again = await world.call('up', shard);
    assert.deepEqual(
      again.orgs.map(({ org, status }) => [org, status]),
      [
        ['gamma', 'changed'],
        ['delta', 'unchanged'],
      ],
    );
    assert.equal((await world.call('destroy', shard)).status, 'changed');
  });

  it('fail for now when the org does not answer, and make no stack', async () => {
    world.org('acme').faults.add({ on: 'token', do: { kind: 'reset' } });
    // Three seconds are the limit of one request with its repeats.
    const stack = world.stack('acme', { configuration: { 'salesforce:timeoutMinutes': '0.05' } });
    const { type, isFinal, message } = await failureOf(world.call('up', stack));
    assert.deepEqual([type, isFinal], [failureTypes.passing, false], message);
    // A stack without the values found would look as if they had been restored.
    assert.doesNotMatch(await world.pulumi(['stack', 'ls', '--json']), /"acme"/);
  });

  it('fail for good when the program does not run, the app does not exist, or the credentials are for another org', async () => {
    for (const [changes, expected] of [
      [{ configuration: { minutes: 'many' } }, failureTypes.refusedByProgram],
      [{ configuration: { app: 'No_Such_App' } }, failureTypes.refusedByOrg],
      [{ credential: 'beta' }, failureTypes.otherAddress],
    ] as const) {
      const { type, isFinal, message } = await failureOf(world.call('up', world.stack('acme', changes)));
      assert.deepEqual([type, isFinal], [expected, true], message);
    }
  });

  it('fail for now when the command for credentials does', async () => {
    const { type, isFinal, message } = await failureOf(
      world.call('up', world.stack('acme', { credential: 'nobody' })),
    );
    assert.deepEqual([type, isFinal], [failureTypes.credentials, false]);
    assert.match(message, /^the command for credentials failed for nobody: it ended with 1 \(/);
  });

  it('are not done with another program than the one that is asked for', async () => {
    const task = { ...world.task('up', world.stack('acme')), digest: 'another' };
    await assert.rejects(world.activities().up(task), { type: failureTypes.otherProgram });
  });
});
