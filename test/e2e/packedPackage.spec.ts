import assert from 'node:assert/strict';
import { version as policyVersion } from '@pulumi/policy/package.json';
import { version as sdkVersion } from '@pulumi/pulumi/version.js';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { settingsOf } from '../support/appSettings.js';
import { codeBlock } from '../support/codeBlocks.js';
import { typeInstall } from '../support/typeInstall.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment, newPolicy, policyProgram, policyType } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const app = 'Agent_Gateway';
const program = policyProgram(
  newPolicy('gateway', { externalClientApplication: app, isNamedUserJwtEnabled: true }),
);
/** Literally what the state of every stack holds, for ever: no constant of the package may stand in for it. */
const providerText = 'exports.handler = () => require("pulumi-salesforce-eca/provider");';

describe('the package, packed and installed with npm as in the pages', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    stack = await PulumiStack.create({
      program,
      env: accessTokenEnvironment(org),
      install: async (project) => {
        const [packIt, install] = [
          codeBlock('README.md', 'npm pack'),
          codeBlock('README.md', 'npm install ./'),
        ];
        assert.equal(codeBlock('provider/README.md', 'npm pack'), packIt);
        assert.equal(codeBlock('provider/README.md', 'npm install'), install);
        await typeInstall(project, packIt, install, ['@pulumi/pulumi', sdkVersion]);
        await typeInstall(
          project,
          codeBlock('policy-pack/README.md', 'npm pack'),
          codeBlock('policy-pack/README.md', 'npm install'),
          ['@pulumi/policy', policyVersion],
        );
      },
    });
  });
  after(async () => {
    await stack.dispose();
    await server.close();
  });

  it('works, including its command, and the state has the constant code of the provider', async () => {
    const original = takeSnapshot(org);
    await stack.up();
    assert.equal(settingsOf(org, app).isNamedUserJwtEnabled, 'true');
    const policy = (await stack.state()).resources.find(({ type }) => type === policyType);
    assert.equal(policy?.inputs['__provider'], providerText);
    assert.equal(policy.outputs['__provider'], providerText);

    org.clearRequests();
    await stack.up({ args: ['--expect-no-changes'] });
    assert.deepEqual(org.requests, []);

    const command = join(stack.folder, 'node_modules/.bin/pulumi-salesforce-eca');
    const { code, stdout, stderr } = await runProcess(command, ['drift'], {
      cwd: stack.folder,
      env: stack.environment,
      deadlineMs: 60_000,
    });
    assert.equal(code, 0, stdout + stderr);

    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  });

  it('provides the policies as a pack', async () => {
    const pack = join(stack.folder, 'node_modules/pulumi-salesforce-eca-policies');
    assert.ok((await readdir(pack)).includes('PulumiPolicy.yaml'));
  });

  // The last test: an example takes the place of the project, whose packages are not fetched again.
  it('is installed from its file in a copy of an example, with the local org', async () => {
    await rm(join(stack.folder, 'package-lock.json'));
    await typeInstall(
      stack.folder,
      codeBlock('examples/README.md', 'npm pack'),
      codeBlock('examples/README.md', 'npm install'),
    );
    const manifest = await readFile(join(stack.folder, 'package.json'), 'utf8');
    assert.match(manifest, /"name": "quickstart"/);
    assert.match(manifest, /"pulumi-salesforce-eca": "file:pulumi-salesforce-eca-/);
    assert.match(manifest, /"salesforce-local-org": "file:salesforce-local-org-/);
    for (const command of ['pulumi-salesforce-eca', 'salesforce-local-org']) {
      const path = join(stack.folder, 'node_modules/.bin', command);
      const { code, stderr } = await runProcess(path, ['--help'], { deadlineMs: 60_000 });
      assert.equal(code, 0, stderr);
    }
  });
});
