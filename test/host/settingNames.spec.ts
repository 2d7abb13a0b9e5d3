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

  it('use the namespace of the provider: in a failed check', async () => {
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

  if (program === 'native') {
    describe('of an explicit provider', () => {
      const openExplicit = async (settings: (developer: OrgSettings) => OrgSettings): Promise<void> => {
        await open((developer) => developer);
        await stage.host.configure(configuration(settings(jwtBearer(stage.org))), 'uat');
      };

      it('name them as its properties: in a failed check', async () => {
        await openExplicit((developer) => developer);
        const { failures } = await stage.check('gateway', { ...app, org: 'qa' });
        assert.equal(
          failures[0]?.reason,
          '[ECA1016] org "qa" was not found in orgs of the provider "uat", which has no entries. Add it: set orgs.qa.instanceUrl of the ' +
            'provider "uat" to https://... (external client app "Agent_Gateway" in org "qa")',
        );
      });

      it('in an error', async () => {
        await openExplicit(({ instanceUrl = '' }) => ({ instanceUrl, clientId: 'app' }));
        await assert.rejects(stage.host.create(app), ({ message }: Error) => {
          assert.match(
            message,
            /\(found clientId, instanceUrl of the provider "uat"\)[^]*set username of the provider "uat" to <username>, privateKey to the content of <file>/,
          );
          assert.doesNotMatch(message, /pulumi config set|salesforce-eca:/);
          return true;
        });
      });

      it('in a warning', async () => {
        const file = join(keys.folder, 'key-of-uat.pem');
        await openExplicit((developer) => ({ ...developer, privateKey: file }));
        await writeFile(file, stage.org.privateKey);
        await chmod(file, 0o644);
        await stage.create('gateway', app);
        const { message } = await stage.host.waitForLog('other users');
        assert.match(message, /privateKey of the provider "uat"/);
      });
    });
  }
});
