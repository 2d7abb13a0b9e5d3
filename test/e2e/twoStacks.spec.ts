import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { onArrival } from '../support/arrivals.js';
import { takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { jwtBearerEnvironment, newPolicy, policyProgram } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const shared = 'Agent_Gateway';

describe('two stacks at once on one org', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let stacks: PulumiStack[] = [];

  before(async () => {
    server = await startLocalOrg({ deployMs: 1500 });
    org = server.org('dev');
    original = takeSnapshot(org);
    const programs = [
      // Of the shared app both have fields in the same component.
      policyProgram(
        newPolicy('named', {
          externalClientApplication: shared,
          isNamedUserJwtEnabled: true,
          namedUserJwtTimeout: 30,
        }),
        newPolicy('portal', { externalClientApplication: 'portal', isNamedUserJwtEnabled: true }),
      ),
      policyProgram(
        newPolicy('guests', { externalClientApplication: shared, guestJwtTimeout: 15 }),
        newPolicy('partners', { externalClientApplication: 'Partner_API', namedUserJwtTimeout: 60 }),
      ),
    ];
    stacks = await Promise.all(
      programs.map((program) => PulumiStack.create({ program, env: jwtBearerEnvironment(org) })),
    );
  });
  after(async () => {
    for (const stack of stacks) await stack.dispose();
    await server.close();
  });

  /** Runs a command of both, so that neither has deployed when the other one looks at the org. */
  const atOnce = async (command: (stack: PulumiStack) => Promise<unknown>): Promise<void> => {
    const release = org.faults.holdNext('deploy');
    onArrival(org, 'deploy', release, 2);
    await Promise.all(stacks.map(command));
  };

  it('each set and restore their own settings without undoing what the other has done', async () => {
    await atOnce((stack) => stack.up());
    assert.deepEqual(settingsOf(org, shared), {
      isNamedUserJwtEnabled: 'true',
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: '30',
      guestJwtSessionTimeoutType: 'Custom',
      guestJwtTimeout: '15',
    });
    assert.equal(settingsOf(org, 'portal').isNamedUserJwtEnabled, 'true');
    assert.equal(settingsOf(org, 'Partner_API').namedUserJwtTimeout, '60');
    for (const stack of stacks) await stack.preview({ args: ['--refresh', '--expect-no-changes'] });

    await atOnce((stack) => stack.destroy());
    assert.deepEqual(takeSnapshot(org), original);
  });
});
