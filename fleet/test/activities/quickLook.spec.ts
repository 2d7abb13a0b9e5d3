import assert from 'node:assert/strict';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { QuickLook } from '../../src/contract/activities.js';
import type { FleetStack } from '../../src/contract/stacks.js';
import { changeSetting, WorldOfOrgs } from '../support/worldOfOrgs.js';

describe('a quick look', function () {
  this.timeout(240_000);
  let world: WorldOfOrgs;
  const shard = (): FleetStack => ({
    stack: 'eu-1',
    stage: 'prod',
    orgs: ['acme', 'beta'].map((name) => world.entry(name, { shard: 'eu-1' })),
  });

  before(async () => {
    world = await WorldOfOrgs.create('acme', 'beta');
    await world.call('up', shard());
  });
  after(() => world.close());

  const look = async (stack: FleetStack = shard()): Promise<QuickLook | undefined> => {
    const task = { program: 'policies', digest: world.digest, stacks: [stack], askedBy: 'test' };
    const activities = world.activities();
    const environment = new MockActivityEnvironment();
    const results: readonly QuickLook[] = await environment.run(() => activities.quickLook(task));
    return results[0];
  };
  const fullLook = async (): Promise<string> => (await world.call('drift', shard())).status;

  it('knows nothing before a full look was clean', async () => {
    assert.deepEqual(await look(), { stack: 'eu-1', isClean: false, reason: 'no full look was clean yet' });
  });

  it('is clean after it, with one retrieve in each org and no run of the program', async () => {
    assert.equal(await fullLook(), 'unchanged');
    for (const org of world.server.orgs) org.clearRequests();
    assert.deepEqual(await look(), { stack: 'eu-1', isClean: true });
    for (const org of world.server.orgs) {
      assert.equal(org.requests.filter(({ kind }) => kind === 'retrieve').length, 1);
    }
  });

  it('is not clean if an org was changed by hand, and says where', async () => {
    changeSetting(world.org('beta'), 'namedUserJwtTimeout', '5');
    assert.deepEqual(await look(), {
      stack: 'eu-1',
      isClean: false,
      reason: 'namedUserJwtTimeout of Agent_Gateway is not as the state says',
    });
  });

  it('is not clean if the state was brought up to the change: the settings are no longer those of up', async () => {
    await world.call('up', shard());
    assert.equal(await fullLook(), 'unchanged');
    assert.equal((await look())?.isClean, true);
    changeSetting(world.org('beta'), 'namedUserJwtTimeout', '5');
    await world.refreshByHand(shard());
    assert.deepEqual(await look(), { stack: 'eu-1', isClean: false, reason: 'the state has changed since' });
    await world.call('up', shard());
    assert.equal(await fullLook(), 'unchanged');
  });

  it('is not clean if the inventory says something else', async () => {
    const [first, ...others] = shard().orgs;
    assert.ok(first);
    const stack = { ...shard(), orgs: [{ ...first, configuration: { minutes: '15' } }, ...others] };
    assert.equal((await look(stack))?.reason, 'the inventory has changed');
  });

  it('is not clean if an org cannot be read', async () => {
    world.org('acme').faults.add({ on: 'retrieve', do: { kind: 'locked' } });
    const result = await look();
    assert.equal(result?.isClean, false);
    assert.match(result.reason ?? '', /^acme: \[ECA\d{4}\] /);
    world.org('acme').faults.clear();
  });
});
