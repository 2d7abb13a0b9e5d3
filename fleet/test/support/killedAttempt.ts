import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import type { Answer } from '../../src/activities/heartbeats.js';
import type { Heartbeat } from '../../src/contract/activities.js';
import { arrival } from './arrival.js';
import type { WorldOfOrgs } from './worldOfOrgs.js';

/**
 * An attempt of an `up` whose CLI is killed while the org works on its deploy: its lock stays.
 *
 * @returns its last heartbeat
 */
export async function killedAttempt(world: WorldOfOrgs, org: LocalOrg): Promise<Heartbeat> {
  let answer: Answer = 'goOn';
  let last: Heartbeat | undefined;
  const release = org.faults.holdNext('checkDeployStatus');
  const arrived = arrival(org, 'checkDeployStatus');
  const attempt = world.call('up', world.stack(org.name), {
    heartbeatTimeoutMs: 4000,
    send: (details) => {
      last = details;
      return Promise.resolve(answer);
    },
  });
  attempt.catch(() => undefined);
  await arrived;
  // The server has given the attempt up: its lease ends, and the watchdog ends the CLI.
  answer = 'lost';
  await assert.rejects(attempt, { message: 'the server has given this attempt up' });
  release();
  assert.ok(last);
  return last;
}
