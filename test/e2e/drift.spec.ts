import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { putApp } from '../support/localApps.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment, newPolicy, policyProgram, policyType } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const inputs = { isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
const declared = {
  isNamedUserJwtEnabled: 'true',
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: '30',
};
/** The exit code for changes where none were expected, of Pulumi CLI 3.227 and newer. */
const unexpectedChanges = 7;

/** Apps of one program: a value of the first changes, a setting of the second goes, the third ignores changes of its lifetime. */
const [changed, removed, ignoring] = ['Changed_App', 'Removed_Setting', 'Ignoring_App'] as const;
const apps = [changed, removed, ignoring];
const options: Readonly<Record<string, string>> = {
  [ignoring]: "{ ignoreChanges: ['namedUserJwtTimeout'] }",
};

// One story: each test begins where the one before ended.
describe('a change outside Pulumi', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    for (const app of apps) putApp(org, app);
    original = takeSnapshot(org);
    stack = await PulumiStack.create({
      program: policyProgram(
        ...apps.map((app) => newPolicy(app, { externalClientApplication: app, ...inputs }, options[app])),
      ),
      env: accessTokenEnvironment(org),
    });
    await stack.up();
    for (const app of apps) assert.deepEqual(settingsOf(org, app), declared);
  });
  after(async () => {
    await stack.dispose();
    await server.close();
  });

  /** The part of a look's output about an app. */
  const partAbout = (app: string, output: string): string =>
    output.split(/^ *~ pulumi-nodejs:dynamic/m).find((part) => part.includes(`/${app}]`)) ?? '';
  const assertGone = (app: string): void => {
    assert.ok(!org.componentNames('ExternalClientApplication').includes(app));
  };
  const removeApps = (): void => {
    const isOfApp = (path: string): boolean => apps.some((app) => path.split('/')[1]?.startsWith(app));
    const others = Object.entries(original).filter(([path]) => !isOfApp(path));
    restoreSnapshot(org, Object.fromEntries(others));
  };

  it('appears in both commands by field and exit code, but not if nothing changed', async () => {
    await stack.run(['refresh', '--preview-only', '--expect-no-changes']);

    changeSetting(org, changed, 'namedUserJwtTimeout', '720');
    changeSetting(org, removed, 'namedUserJwtTimeout', undefined);
    changeSetting(org, removed, 'namedUserJwtSessionTimeoutType', undefined);
    const look = await stack.run(['refresh', '--preview-only', '--diff', '--expect-no-changes'], {
      expectCode: unexpectedChanges,
    });
    assert.match(partAbout(changed, look.stdout), /~ namedUserJwtTimeout\s*: 30 => 720/);
    assert.match(partAbout(removed, look.stdout), /- namedUserJwtTimeout\s*: 30/);
    assert.match(partAbout(removed, look.stdout), /- namedUserJwtSessionTimeoutType\s*: "Custom"/);
    const gate = await stack.run(['preview', '--refresh', '--diff', '--expect-no-changes'], {
      expectCode: unexpectedChanges,
    });
    assert.match(gate.stdout, /~ namedUserJwtTimeout\s*: 720 => 30/);
    assert.equal(settingsOf(org, changed).namedUserJwtTimeout, '720', 'looking changes nothing');
  });

  it('is reverted by up --refresh, except for a field in ignoreChanges', async () => {
    changeSetting(org, ignoring, 'namedUserJwtTimeout', '720');
    changeSetting(org, ignoring, 'isNamedUserJwtEnabled', 'false');

    await stack.up({ args: ['--refresh'] });
    assert.deepEqual(settingsOf(org, changed), declared);
    assert.deepEqual(settingsOf(org, removed), declared);
    assert.deepEqual(settingsOf(org, ignoring), { ...declared, namedUserJwtTimeout: '720' });
  });

  it('stays visible to the gate after an accepted refresh, and up reverts it', async () => {
    changeSetting(org, changed, 'namedUserJwtTimeout', '720');
    await stack.refresh();

    await stack.run(['refresh', '--preview-only', '--expect-no-changes']);
    await stack.run(['preview', '--refresh', '--expect-no-changes'], { expectCode: unexpectedChanges });

    await stack.up();
    assert.deepEqual(settingsOf(org, changed), declared);
    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  });

  it('that removed the app does not make destroy fail', async () => {
    await stack.up();
    removeApps();
    const clone = await stack.clone();
    try {
      const { stdout } = await clone.destroy();
      assert.match(stdout, /no longer exists: there is nothing to restore/);
    } finally {
      await clone.dispose();
    }
  });

  it('that removed the app leads to a message, not to a new app, and leaves nothing in the state', async () => {
    await stack.refresh();
    assert.deepEqual(
      (await stack.state()).resources.filter(({ type }) => type === policyType),
      [],
    );
    const { stdout } = await stack.up({ expectCode: 1 });
    assert.match(stdout, /External client app "Changed_App" in org \S+ \(\w{18}\) does not exist/);
    for (const app of apps) assertGone(app);
  });
});
