import assert from 'node:assert/strict';
import { killedAttempt } from '../support/killedAttempt.js';
import { componentsOf, deploysOf, settingOf, type WorldOfOrgs } from '../support/worldOfOrgs.js';

/** What must hold of the locks of any backend that machines share. */
export async function assertLocksHold(world: WorldOfOrgs, name: string): Promise<void> {
  const org = world.org(name);
  const original = componentsOf(org);
  const heartbeatDetails = await killedAttempt(world, org);

  const earlierHolders = [{ worker: 'worker-2', host: 'elsewhere', startedAt: '2020-01-01T00:00:00.000Z' }];
  await assert.rejects(world.call('up', world.stack(name), { attempt: 2, earlierHolders }), {
    type: 'Locked',
    message: /^the stack is locked by somebody else: \S+@\S+ \(pid \d+\) since /,
  });

  const taken = await world.call('up', world.stack(name), { attempt: 2, heartbeatDetails });
  assert.match(taken.recovered ?? '', /^took away the lock of worker-1, pid \d+$/);
  assert.deepEqual([deploysOf(org), settingOf(org, 'namedUserJwtTimeout')], [1, '30']);
  await assertClean(world, name, original);
}

/** Neither a lock nor a pending operation is left, `up` has nothing to do, and `destroy` restores what was there before the first one. */
export async function assertClean(
  world: WorldOfOrgs,
  name: string,
  original: readonly (string | undefined)[],
): Promise<void> {
  const { status, recovered } = await world.call('up', world.stack(name));
  assert.deepEqual({ status, recovered }, { status: 'unchanged', recovered: undefined });
  assert.doesNotMatch(await world.pulumi(['stack', 'export', '--stack', name]), /pending_operations/);
  assert.equal((await world.call('destroy', world.stack(name))).status, 'changed');
  assert.deepEqual(componentsOf(world.org(name)), original);
}
