import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeForEachProgram, namespaceOf } from '../support/providerProgram.js';
import { configuration, jwtBearer, Stage, type OrgSettings, type StageOptions } from '../support/stage.js';
import { createEmptyProject, type TemporaryProject } from '../support/temporaryProject.js';

describeForEachProgram('messages that name settings', function (program) {
  this.timeout(60_000);
  const namespace = namespaceOf(program);
  const app = { externalClientApplication: 'Agent_Gateway', isNamedUserJwtEnabled: true };
  let stage: Stage;
  let keys: TemporaryProject;

  before(async () => {
    keys = await createEmptyProject();
  });
  after(() => keys.remove());
  afterEach(() => stage.close());

  const open = async (settings: (developer: OrgSettings) => OrgSettings): Promise<void> => {
    const toConfiguration: StageOptions['configuration'] = ([org]) => {
      assert.ok(org);
      return configuration(settings(jwtBearer(org)));
    };
    stage = await Stage.open({ configuration: toConfiguration });
  };

  it('name them in the namespace of the provider: in a failed check', async () => {
    await open((developer) => developer);
    const { failures } = await stage.check('gateway', { ...app, org: 'uat' });
    assert.ok(
      failures[0]?.reason.includes(
        `pulumi config set --path '${namespace}:orgs.uat.instanceUrl' https://... (external client app`,
      ),
      failures[0]?.reason,
    );
  });

  it('in an error', async () => {
    await open(({ instanceUrl = '' }) => ({ instanceUrl, clientId: 'app' }));
    await assert.rejects(
      stage.host.create(app),
      new RegExp(`\\(found ${namespace}:clientId, ${namespace}:instanceUrl\\)[^]*set ${namespace}:username`),
    );
  });

  it('in a warning', async () => {
    const file = join(keys.folder, 'key.pem');
    await open((developer) => ({ ...developer, privateKey: file }));
    await writeFile(file, stage.org.privateKey);
    await chmod(file, 0o644);
    await stage.create('gateway', app);
    const { message } = await stage.host.waitForLog('other users');
    assert.ok(message.includes(`${namespace}:privateKey`), message);
  });
});
