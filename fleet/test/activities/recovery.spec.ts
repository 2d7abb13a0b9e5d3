import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { CancelledFailure } from '@temporalio/common';
import { arrival } from '../support/arrival.js';
import { killedAttempt } from '../support/killedAttempt.js';
import { componentsOf, deploysOf, settingOf, WorldOfOrgs } from '../support/worldOfOrgs.js';

describe('an operation that ended without a word', function () {
  this.timeout(240_000);
  let world: WorldOfOrgs;

  before(async () => {
    world = await WorldOfOrgs.create('acme', 'beta', 'gamma', 'delta', 'omega');
  });
  after(() => world.close());

  it('is taken over: its lock is taken away, the org is right, and destroy restores what was there before', async () => {
    const org = world.org('acme');
    const original = componentsOf(org);
    const heartbeatDetails = await killedAttempt(world, org);
    const outcome = await world.call('up', world.stack('acme'), { attempt: 2, heartbeatDetails });
    assert.match(outcome.recovered ?? '', /^took away the lock of worker-1, pid \d+$/);
    assert.equal(settingOf(org, 'namedUserJwtTimeout'), '30');
    assert.equal(deploysOf(org), 1);
    assert.equal((await world.call('up', world.stack('acme'))).status, 'unchanged');
    await world.call('destroy', world.stack('acme'));
    assert.deepEqual(componentsOf(org), original);
  });

  it('is left alone if somebody else holds the lock', async () => {
    await killedAttempt(world, world.org('beta'));
    const earlierHolders = [
      // Another machine, and this one in an attempt that began after the lock.
      { worker: 'worker-2', host: 'elsewhere', startedAt: '2020-01-01T00:00:00.000Z' },
      { worker: 'worker-1', host: hostname(), startedAt: '2999-01-01T00:00:00.000Z' },
    ];
    await assert.rejects(world.call('up', world.stack('beta'), { attempt: 2, earlierHolders }), {
      type: 'Locked',
      nonRetryable: false,
      message: /^the stack is locked by somebody else: \S+@\S+ \(pid \d+\) since /,
    });
    await world.pulumi(['cancel', '--yes', '--stack', 'beta']);
  });

  it('is interrupted once when it is cancelled: the deploy is finished and recorded, and no lock is left', async () => {
    const org = world.org('gamma');
    const release = org.faults.holdNext('checkDeployStatus');
    const arrived = arrival(org, 'checkDeployStatus');
    let cancel = (): void => undefined;
    const call = world.call('up', world.stack('gamma'), {
      onStart: (environment) => {
        cancel = () => {
          environment.cancel();
        };
      },
    });
    call.catch(() => undefined);
    await arrived;
    cancel();
    release();
    const ended = await call.then(
      ({ status }) => status,
      (thrown: unknown) => thrown,
    );
    assert.ok(ended === 'changed' || ended instanceof CancelledFailure, String(ended));
    assert.equal(settingOf(org, 'namedUserJwtTimeout'), '30');
    assert.equal((await world.call('up', world.stack('gamma'))).recovered, undefined);
  });

  it('sends nothing to the org once the server is silent', async () => {
    const org = world.org('delta');
    await world.call('up', world.stack('delta'));
    const deploys = deploysOf(org);
    let isSilent = false;
    const release = org.faults.holdNext('checkRetrieveStatus');
    const arrived = arrival(org, 'checkRetrieveStatus');
    const attempt = world.call('up', world.stack('delta', { configuration: { minutes: '15' } }), {
      heartbeatTimeoutMs: 4000,
      send: () => (isSilent ? Promise.reject(new Error('no answer')) : Promise.resolve('goOn' as const)),
    });
    attempt.catch(() => undefined);
    await arrived;
    isSilent = true;
    await assert.rejects(attempt, {
      message: 'the server did not answer in time, so the operation was ended',
    });
    release();
    assert.deepEqual([deploysOf(org), settingOf(org, 'namedUserJwtTimeout')], [deploys, '30']);
  });

  it('does not begin if the server does not answer at all', async () => {
    const org = world.org('omega');
    await assert.rejects(
      world.call('up', world.stack('omega'), { send: () => Promise.reject(new Error('no answer')) }),
      { message: 'the server did not answer in time, so the operation was ended' },
    );
    assert.equal(org.requests.length, 0);
  });
});
