import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { jwtBearerEnvironment, nativePolicyType, yamlProgram } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { startHeld, type HeldRun } from '../faults/interruptions/heldRun.js';
import { providerIsGone } from '../faults/interruptions/interruptionKinds.js';
import { hasPrinted } from '../faults/interruptions/output.js';

const lifetimes = { Agent_Gateway: 30, Partner_API: 15 };
const apps = Object.keys(lifetimes);

describe('an interrupted up of a YAML program', function () {
  this.timeout(180_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let stack: PulumiStack;
  let run: HeldRun | undefined;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
  });
  after(() => server.close());
  beforeEach(async () => {
    const policies = Object.entries(lifetimes).map(
      ([app, minutes]) => [app, { externalClientApplication: app, namedUserJwtTimeout: minutes }] as const,
    );
    stack = await PulumiStack.create({
      language: 'yaml',
      program: yamlProgram(Object.fromEntries(policies)),
      env: jwtBearerEnvironment(org),
    });
  });
  afterEach(async () => {
    run?.release();
    run?.command.signal('SIGKILL');
    run = undefined;
    org.faults.clear();
    await stack.dispose();
  });

  /** Starts `pulumi up`, and holds a request of it in the org. */
  const startUp = async (kind: 'checkRetrieveStatus' | 'deploy'): Promise<HeldRun> => {
    const held = { name: kind, kind, nth: 1 };
    run = startHeld(org, () => stack.start(['up', '--yes', '--skip-preview']), apps, held);
    await run.arrived;
    return run;
  };
  const assertSet = async (): Promise<void> => {
    for (const [app, minutes] of Object.entries(lifetimes))
      assert.equal(settingsOf(org, app).namedUserJwtTimeout, String(minutes));
    const { resources, pendingOperations } = await stack.state();
    const policies = resources.filter(({ type }) => type === nativePolicyType);
    assert.deepEqual([policies.length, pendingOperations], [apps.length, []]);
    assert.deepEqual(
      policies.flatMap(({ initErrors }) => initErrors),
      [],
    );
  };
  const assertDestroyRestores = async (): Promise<void> => {
    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  };

  it('by Ctrl-C finishes and records what it has begun', async () => {
    const { command, release } = await startUp('deploy');
    command.signal('SIGINT');
    await hasPrinted(command, /\^C received; cancelling/);
    release();
    const { code, stdout, stderr } = await command.result;
    assert.equal(code, 1);
    assert.match(stdout + stderr, /update canceled/);
    await providerIsGone(stack);
    await assertSet();
    await assertDestroyRestores();
  });

  it('by a SIGKILL of the CLI ends the plugin, which sends nothing more', async () => {
    const { command, release } = await startUp('checkRetrieveStatus');
    command.signal('SIGKILL');
    await command.result;
    const requests = org.requests.length;
    await providerIsGone(stack);
    release();
    assert.deepEqual(
      org.requests.slice(requests).map(({ kind }) => kind),
      [],
    );
    assert.deepEqual(takeSnapshot(org), original);

    await stack.run(['cancel', '--yes']);
    await stack.refresh({ args: ['--clear-pending-creates'] });
    await stack.up();
    await assertSet();
    await assertDestroyRestores();
  });
});
