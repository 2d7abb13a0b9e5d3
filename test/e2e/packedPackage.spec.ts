import assert from 'node:assert/strict';
import { version as policyVersion } from '@pulumi/policy/package.json';
import { version as sdkVersion } from '@pulumi/pulumi/version.js';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { settingsOf } from '../support/appSettings.js';
import { codeBlock } from '../support/codeBlocks.js';
import { pack, packageManagerEnvironment } from '../support/npm.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment, newPolicy, policyProgram, policyType } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { Shell } from '../support/shell.js';

const app = 'Agent_Gateway';
const program = policyProgram(
  newPolicy('gateway', { externalClientApplication: app, isNamedUserJwtEnabled: true }),
);
/** Literally what the state of every stack holds, for ever: no constant of the package may stand in for it. */
const providerText = 'exports.handler = () => require("pulumi-salesforce-eca/provider");';

/**
 * Types what a page says to install, with the archives of this repository's packages in the place of their names, and the tested
 * versions of the others.
 */
async function typeInstall(
  project: string,
  block: string,
  packages: Readonly<Record<string, string>>,
): Promise<void> {
  const words = block.trimEnd().split(' ');
  assert.deepEqual(
    Object.keys(packages).filter((name) => !words.includes(name)),
    [],
  );
  const environment = {
    ...packageManagerEnvironment([]),
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
  await new Shell(project, environment).type(words.map((word) => packages[word] ?? word).join(' '));
}

describe('the package', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let folder: string;
  let tarballs: { provider: string; policies: string };

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    folder = await mkdtemp(join(tmpdir(), 'packed-package-'));
    const packed = async (name: string): Promise<string> =>
      (await pack(join(repositoryFolder, name), ['--pack-destination', folder])).tarball;
    tarballs = { provider: await packed('provider'), policies: await packed('policy-pack') };
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
        const install = codeBlock('README.md', 'npm install');
        assert.equal(codeBlock('provider/README.md', 'npm install'), install);
        await typeInstall(project, install, {
          'pulumi-salesforce-eca': join(folder, tarballs.provider),
          '@pulumi/pulumi': `@pulumi/pulumi@${sdkVersion}`,
        });
        await typeInstall(project, codeBlock('policy-pack/README.md', 'npm install'), {
          'pulumi-salesforce-eca-policies': join(folder, tarballs.policies),
          '@pulumi/policy': `@pulumi/policy@${policyVersion}`,
        });
        const pack = join(project, 'node_modules/pulumi-salesforce-eca-policies');
        assert.ok((await readdir(pack)).includes('PulumiPolicy.yaml'));
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
