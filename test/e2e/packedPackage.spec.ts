import assert from 'node:assert/strict';
import { version as sdkVersion } from '@pulumi/pulumi/version.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { settingsOf } from '../support/appSettings.js';
import { npm, pack } from '../support/npm.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment, newPolicy, policyProgram, policyType } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const app = 'Agent_Gateway';
const program = policyProgram(
  newPolicy('gateway', { externalClientApplication: app, isNamedUserJwtEnabled: true }),
);
/** Literally what the state of every stack holds, for ever: no constant of the package may stand in for it. */
const providerText = 'exports.handler = () => require("pulumi-salesforce-eca/provider");';

describe('the package', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let folder: string;
  let tarball: string;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    folder = await mkdtemp(join(tmpdir(), 'packed-package-'));
    ({ tarball } = await pack(join(repositoryFolder, 'provider'), ['--pack-destination', folder]));
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const layouts: readonly {
    layout: string;
    install?: (project: string) => Promise<void>;
  }[] = [
    {
      layout: 'packed and installed with npm',
      install: async (project) => {
        const packages = [join(folder, tarball), `@pulumi/pulumi@${sdkVersion}`];
        await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages], project);
      },
    },
    { layout: 'linked in a workspace' },
  ];
  for (const { layout, install } of layouts) {
    it(`works ${layout}, its command too, and the state holds the provider as the one constant text`, async () => {
      const original = takeSnapshot(org);
      const stack = await PulumiStack.create({
        program,
        env: accessTokenEnvironment(org),
        ...(install === undefined ? {} : { install }),
      });
      try {
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
      } finally {
        await stack.dispose();
      }
    });
  }
});
