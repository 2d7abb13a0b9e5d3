import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { requestKinds } from '../support/arrivals.js';
import { callCommandLine } from '../support/commandLine.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment } from '../support/policyProgram.js';

interface Finding {
  app: string;
  rule: string;
  level: string;
  message: string;
}

/** What commands say when the org shows less than it has (facts: sfdx-hardis#2070, and permissions of external client apps). */
describe('a command with an org that returns less than it has', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let folder: string;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
    folder = await mkdtemp(join(tmpdir(), 'shown-less-'));
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    restoreSnapshot(org, original);
    org.clearRequests();
  });

  const call = async (code: number, ...args: string[]): Promise<string> => {
    const result = await callCommandLine(args, accessTokenEnvironment(org));
    assert.equal(result.code, code, result.stdout + result.stderr);
    return code === 1 ? result.stderr : result.stdout;
  };
  const findings = async (code: number, ...args: string[]): Promise<Finding[]> =>
    (JSON.parse(await call(code, 'audit', '--json', ...args)) as { findings: Finding[] }).findings.filter(
      ({ rule }) => rule === 'app-not-understood',
    );

  const global = 'ExtlClntAppGlobalOauthSettings';
  const words = {
    loadFails:
      `the org did not return every ${global} (portalGlblOAuth), and one of them may belong to this app; it reported: Load of metadata from ` +
      `db failed for metadata of type:${global} and file name:portalGlblOAuth, so its settings are unknown`,
    notReturned: `the org did not return every ${global} (portalGlblOAuth), and one of them may belong to this app, so its settings are unknown`,
  };

  for (const how of ['loadFails', 'notReturned'] as const) {
    it(`audit, export and doctor report that the app was not read: ${how}`, async () => {
      org.faults.hideComponent('portalGlblOAuth', how);
      assert.deepEqual(
        (await findings(0)).map(({ app, level, message }) => [app, level, message]),
        [['portal', 'warning', words[how]]],
      );
      assert.deepEqual(
        requestKinds(org).filter((kind) => kind === 'retrieve' || kind === 'listMetadata'),
        ['listMetadata', 'listMetadata', 'retrieve'],
      );
      assert.deepEqual(
        (await findings(2, '--require-jwt')).map(({ app, level }) => [app, level]),
        [['portal', 'error']],
      );
      assert.ok((await call(0, 'audit', '--wide')).includes(`app-not-understood portal: ${words[how]}\n`));
      assert.ok((await call(0, 'export', '--out', folder, '--force')).includes(`  portal: ${words[how]}\n`));
      assert.match(
        await call(2, 'doctor', 'portal', '--for', 'mcp'),
        /unknown +components .*did not return every/,
      );
    });

    it(`audit, export and doctor list an app that the org did not return: ${how}`, async () => {
      org.faults.hideComponent('portal', how);
      const reason =
        how === 'loadFails'
          ? 'the org did not return the app and reported: Load of metadata from db failed for metadata of type:ExternalClientApplication and file name:portal, so its settings are unknown'
          : 'the org lists the app but did not return it, so its settings are unknown';
      // Whose OAuth settings were kept back nobody can tell of an app that shows none.
      assert.ok((await findings(0)).some(({ app, message }) => app === 'portal' && message === reason));
      assert.ok((await call(0, 'export', '--out', folder, '--force')).includes(`  portal: ${reason}\n`));
      assert.ok((await call(2, 'doctor', 'portal', '--for', 'mcp')).includes('so its settings are unknown'));
    });
  }

  it('audit does not report an app without OAuth if its OAuth settings were not returned', async () => {
    org.faults.hideComponent('ExtlClntAppOauthSettings/*', 'notListed');
    const unread = (await findings(0)).map(({ app }) => app);
    assert.ok(unread.includes('portal') && unread.includes('Agent_Gateway'), unread.join());
    // What the plugin component says stays said.
    assert.ok(!unread.includes('Plugin_Disabled'), unread.join());
  });

  it('audit reports unknown lifetimes of profiles if one of their settings was not returned', async () => {
    org.faults.hideComponent('ProfileSessionSetting/*', 'loadFails');
    assert.match(
      await call(0, 'audit', '--wide'),
      /profiles unknown, so up to 1440 are possible, because the org did not return ProfileSessionSetting \(Load of metadata from db failed/,
    );
  });

  it('doctor does not say that the app does not exist if the org returns none', async () => {
    org.faults.hideComponent('*', 'notListed');
    assert.equal(
      await call(1, 'doctor', 'portal', '--for', 'mcp'),
      `pulumi-salesforce-eca: [ECA3003] External client app "portal" in org ${org.instanceUrl} (${org.organizationId}): the org returned no external ` +
        'client apps to the signed-in user, so it is unknown whether it has this one. Check that it is the right org and that the user ' +
        'has the permission "View all External Client Apps, view their settings, and edit their policies".\n',
    );
  });
});
