import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readOrgSettings } from 'pulumi-salesforce-eca/org-settings';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { putApp } from '../support/localApps.js';

describe('readOrgSettings', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let dev: LocalOrg;
  let uat: LocalOrg;

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
    [dev, uat] = [server.org('dev'), server.org('uat')];
    putApp(dev, 'Timed', { policies: { namedUserJwtTimeout: 10 } });
    putApp(dev, 'Odd', { policies: { namedUserJwtTimeout: 'ten' } });
  });
  after(() => server.close());

  const bySession = ({ instanceUrl, accessToken }: LocalOrg) => ({ instanceUrl, accessToken });
  const byKey = ({ instanceUrl, clientId, username, privateKey }: LocalOrg) => ({
    instanceUrl,
    clientId,
    username,
    privateKey,
  });

  it('reads several orgs at a time, each with its own credentials, and the values as they are', async () => {
    const [one, other] = await Promise.all([readOrgSettings(byKey(dev)), readOrgSettings(bySession(uat))]);
    assert.deepEqual([one.orgId, other.orgId], [dev.organizationId, uat.organizationId]);
    const settings = new Map(one.apps.map((app) => [app.externalClientApplication, app.settings]));
    assert.equal(settings.get('Timed')?.['namedUserJwtTimeout'], 10);
    assert.equal(settings.get('Odd')?.['namedUserJwtTimeout'], 'ten');
    assert.equal(settings.get('Timed')?.['guestJwtTimeout'], 'absent');
    assert.ok(!other.apps.some((app) => app.externalClientApplication === 'Timed'));
  });

  it('keeps nothing: a second call reads again', async () => {
    await readOrgSettings(bySession(dev));
    dev.clearRequests();
    await readOrgSettings(bySession(dev));
    assert.equal(dev.requests.filter(({ kind }) => kind === 'retrieve').length, 1);
  });

  it('reads no environment variable of the provider', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      SALESFORCE_INSTANCE_URL: uat.instanceUrl,
      SALESFORCE_ACCESS_TOKEN: uat.accessToken,
    });
    try {
      await assert.rejects(readOrgSettings({}), { message: /^\[ECA1001\] / });
      assert.equal((await readOrgSettings(bySession(dev))).orgId, dev.organizationId);
    } finally {
      process.env = before;
    }
  });

  it('says why an org cannot be read, without the credential', async () => {
    const accessToken = `${dev.organizationId.slice(0, 15)}!AQ.ended`;
    await assert.rejects(readOrgSettings({ instanceUrl: dev.instanceUrl, accessToken }), (error: Error) => {
      assert.match(error.message, /^\[ECA1301\] /);
      assert.ok(!error.message.includes(accessToken));
      return true;
    });
  });

  it('does not load the Pulumi SDK', async () => {
    const script =
      "require('pulumi-salesforce-eca/org-settings').readOrgSettings({}).catch(() => console.log(Object.keys(require.cache).join('\\n')));";
    const { stdout, stderr } = await runProcess(process.execPath, ['-e', script], {
      cwd: repositoryFolder,
      deadlineMs: 50_000,
    });
    assert.ok(stdout.includes(join('provider', 'dist', 'orgSettings.js')), stderr);
    assert.ok(!stdout.includes('@pulumi'), 'no file of @pulumi');
  });
});
