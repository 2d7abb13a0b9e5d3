import assert from 'node:assert/strict';
import { copyFile, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { settingsOf } from '../../support/appSettings.js';
import { codeBlock } from '../../support/codeBlocks.js';
import { PageSession } from '../../support/pageSession.js';
import { withOwnValues } from '../../support/placeholders.js';
import { newPolicy, policyProgram } from '../../support/policyProgram.js';
import type { PulumiStack } from '../../support/pulumiStack.js';
import { answeredYes, Shell } from '../../support/shell.js';
import { copyFiles, repositoryNodeModules } from '../../support/temporaryProject.js';

const globalType = 'ExtlClntAppGlobalOauthSettings';

describe('the sign-in methods, as in the pages', function () {
  this.timeout(120_000);
  let session: PageSession;
  let org: LocalOrg;
  let stack: PulumiStack;
  let shell: Shell;

  before(async () => {
    const inputs = { externalClientApplication: 'portal', namedUserJwtTimeout: 15 };
    session = await PageSession.open(() => ({ program: policyProgram(newPolicy('portal', inputs)) }));
    ({ org, stack, shell } = session);
  });
  after(() => session.close());
  afterEach(() => shell.type('rm -f "Pulumi.$PULUMI_STACK.yaml"'));

  const element = (app: string, name: string): string =>
    new RegExp(`<${name}>(.*)</${name}>`).exec(org.component(globalType, `${app}_glbloauth`) ?? '')?.[1] ??
    '';
  const assertSignsIn = async (): Promise<void> => {
    assert.match((await stack.preview()).stdout, /"portal" in org .* up would change namedUserJwtSession/);
  };

  it('JWT bearer, with a new key', async () => {
    await shell.type(withOwnValues(codeBlock('docs/configuration.md', 'openssl req'), org));
    const [, certificate = ''] = (await readFile(join(stack.folder, 'deploy.crt'), 'utf8')).split(
      /-{5}[A-Z ]+-{5}\n/,
    );
    const before = org.component(globalType, 'Deployer_glbloauth') ?? '';
    org.putComponent(
      globalType,
      'Deployer_glbloauth',
      before.replace(/(?<=<certificate>)[^<]*/, certificate.trimEnd()),
    );
    try {
      await assertSignsIn();
    } finally {
      org.putComponent(globalType, 'Deployer_glbloauth', before);
    }
  });

  it("JWT bearer, in the package's README", async () => {
    await copyFile(org.privateKeyFile, join(stack.folder, 'deploy.pem'));
    await shell.type(withOwnValues(codeBlock('provider/README.md', 'salesforce:privateKey'), org));
    await assertSignsIn();
  });

  it('client credentials', async () => {
    const policies = ['ExtlClntAppOauthConfigurablePolicies', 'Agent_Gateway_oauthPlcy'] as const;
    const runsAs = (org.component(...policies) ?? '').replace(
      /(?<=<clientCredentialsFlowUser>)[^<]*/,
      org.username,
    );
    org.putComponent(...policies, runsAs);
    const own = { ...org, clientId: element('Agent_Gateway', 'consumerKey') };
    const block = withOwnValues(codeBlock('docs/configuration.md', 'salesforce:clientSecret'), own);
    await writeFile(
      join(stack.folder, 'client-secret.txt'),
      `${element('Agent_Gateway', 'consumerSecret')}\n`,
    );
    await shell.type(block);
    await assertSignsIn();
  });

  it('access token', async () => {
    const block = withOwnValues(codeBlock('docs/configuration.md', 'salesforce:accessToken'), org);
    await writeFile(join(stack.folder, 'access-token.txt'), `${org.accessToken}\n`);
    await shell.type(block);
    await assertSignsIn();
  });
});

describe("the quickstart's program against a user's own org, as in the README", function () {
  this.timeout(120_000);

  it('needs only configuration', async () => {
    const session = await PageSession.open(() => ({
      name: 'main',
      program: '',
      env: answeredYes,
      language: 'typescript',
      install: async (folder) => {
        await copyFiles(repositoryFolder, folder);
        await symlink(repositoryNodeModules, join(folder, 'node_modules'), 'dir');
      },
    }));
    try {
      const { org, stack } = session;
      await copyFile(org.privateKeyFile, join(stack.folder, 'deploy.pem'));
      const shell = new Shell(stack.folder, { ...stack.environment, PULUMI_STACK: undefined });
      await shell.type(withOwnValues(codeBlock('README.md', 'pulumi stack init my-org'), org));
      assert.equal(settingsOf(org, 'Agent_Gateway').namedUserJwtTimeout, '30');
    } finally {
      await session.close();
    }
  });
});
