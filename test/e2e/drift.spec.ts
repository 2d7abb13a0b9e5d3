import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { newPolicy, policyProgram, policyType } from '../support/policyProgram.js';
import type { PulumiStack } from '../support/pulumiStack.js';
import { RecordedUp } from '../support/recordedUp.js';

const app = 'Agent_Gateway';
const inputs = { externalClientApplication: app, isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
const declared = {
  isNamedUserJwtEnabled: 'true',
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: '30',
};
/** The exit code for changes where none were expected, of Pulumi CLI 3.227 and newer. */
const unexpectedChanges = 7;

describe('a change behind the back of Pulumi', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let firstUp: RecordedUp;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
    firstUp = await RecordedUp.record(org, policyProgram(newPolicy('gateway', inputs)));
    assert.deepEqual(settingsOf(org, app), declared);
  });
  after(async () => {
    await firstUp.dispose();
    await server.close();
  });

  beforeEach(async () => {
    stack = await firstUp.resume();
  });
  afterEach(() => stack.dispose());

  const removeApp = (): void => {
    const others = Object.entries(original).filter(([path]) => !path.split('/')[1]?.startsWith(app));
    restoreSnapshot(org, Object.fromEntries(others));
  };

  it('shows in both looks by field and exit code, and not when nothing changed; up --refresh repairs it', async () => {
    await stack.run(['refresh', '--preview-only', '--expect-no-changes']);

    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    const look = await stack.run(['refresh', '--preview-only', '--diff', '--expect-no-changes'], {
      expectCode: unexpectedChanges,
    });
    assert.match(look.stdout, /~ namedUserJwtTimeout\s*: 30 => 720/);
    const gate = await stack.run(['preview', '--refresh', '--diff', '--expect-no-changes'], {
      expectCode: unexpectedChanges,
    });
    assert.match(gate.stdout, /~ namedUserJwtTimeout\s*: 720 => 30/);
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '720', 'looking changes nothing');

    await stack.up({ args: ['--refresh'] });
    assert.deepEqual(settingsOf(org, app), declared);
  });

  it('stays visible to the gate after a refresh that was accepted, and up repairs it', async () => {
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    await stack.refresh();

    await stack.run(['refresh', '--preview-only', '--expect-no-changes']);
    await stack.run(['preview', '--refresh', '--expect-no-changes'], { expectCode: unexpectedChanges });

    await stack.up();
    assert.deepEqual(settingsOf(org, app), declared);
    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  });

  it('that removed a setting is shown and repaired', async () => {
    changeSetting(org, app, 'namedUserJwtTimeout', undefined);
    changeSetting(org, app, 'namedUserJwtSessionTimeoutType', undefined);
    const look = await stack.run(['refresh', '--preview-only', '--diff', '--expect-no-changes'], {
      expectCode: unexpectedChanges,
    });
    assert.match(look.stdout, /- namedUserJwtTimeout\s*: 30/);
    assert.match(look.stdout, /- namedUserJwtSessionTimeoutType\s*: "Custom"/);

    await stack.up({ args: ['--refresh'] });
    assert.deepEqual(settingsOf(org, app), declared);
  });

  it('to a field in ignoreChanges is left alone, the other fields are repaired', async () => {
    await stack.setProgram(
      policyProgram(newPolicy('gateway', inputs, "{ ignoreChanges: ['namedUserJwtTimeout'] }")),
    );
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    changeSetting(org, app, 'isNamedUserJwtEnabled', 'false');

    await stack.up({ args: ['--refresh'] });
    assert.deepEqual(settingsOf(org, app), { ...declared, namedUserJwtTimeout: '720' });
  });

  it('that removed the app ends in a message, not in a created app, and leaves nothing in the state', async () => {
    removeApp();
    await stack.refresh();
    assert.deepEqual(
      (await stack.state()).resources.filter(({ type }) => type === policyType),
      [],
    );
    const { stdout } = await stack.up({ expectCode: 1 });
    assert.match(stdout, /External client app "Agent_Gateway" in org \S+ \(\w{18}\) does not exist/);
    assert.ok(!org.componentNames('ExternalClientApplication').includes(app));
  });

  it('that removed the app does not keep destroy from ending well', async () => {
    removeApp();
    const { stdout } = await stack.destroy();
    assert.match(stdout, /does not exist any more: there is nothing to restore/);
  });
});
