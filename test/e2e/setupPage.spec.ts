import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { settingsOf } from '../support/appSettings.js';
import { codeBlock } from '../support/codeBlocks.js';
import { runCommandLine } from '../support/commandLine.js';
import { withFreePorts } from '../support/placeholders.js';
import { accessTokenEnvironment, newPolicy, policyProgram } from '../support/policyProgram.js';
import { PulumiStack, stackName } from '../support/pulumiStack.js';
import { whileOrgsRun } from '../support/typedOrgs.js';

const app = 'Agent_Gateway';
const declared = {
  isNamedUserJwtEnabled: 'true',
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: '30',
};

describe('a change on the Setup page', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    const inputs = { externalClientApplication: app, isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
    stack = await PulumiStack.create({
      program: policyProgram(newPolicy('gateway', inputs)),
      env: accessTokenEnvironment(org),
    });
    await stack.up();
  });
  after(async () => {
    try {
      await stack.dispose();
    } finally {
      await server.close();
    }
  });

  it('is shown by pulumi refresh and the drift command, with who made it; up --refresh reverts it', async () => {
    const answer = await fetch(`${org.setupPageUrl}/apps/${app}/policies`, {
      method: 'POST',
      body: new URLSearchParams({ namedUserJwtSessionTimeoutType: 'UserSession' }),
    });
    assert.match(await answer.text(), /Saved\./);

    const look = await stack.run(['refresh', '--preview-only', '--diff', '--expect-no-changes'], {
      expectCode: 7,
    });
    assert.match(look.stdout, /~ namedUserJwtSessionTimeoutType\s*: "Custom" => "UserSession"/);
    assert.match(look.stdout, /- namedUserJwtTimeout\s*: 30/);

    const drift = await runCommandLine(
      ['drift', '--cwd', stack.folder, '--stack', stackName],
      stack.environment,
    );
    assert.equal(drift.code, 2, drift.stdout + drift.stderr);
    assert.match(
      drift.stdout,
      /namedUserJwtSessionTimeoutType: the org has UserSession, the program Custom \(changed in the org\)\n.*\n.* last modified at .* by Dana Developer\n/,
    );

    await stack.up({ args: ['--refresh'] });
    assert.deepEqual(settingsOf(org, app), declared);
  });
});

describe('the page about the Setup page', () => {
  it('starts an org that has it', () =>
    whileOrgsRun(
      withFreePorts(codeBlock('docs/setup-page.md', 'npm run local-org')),
      repositoryFolder,
      async ([org]) => {
        const page = await fetch(`${org?.instanceUrl ?? ''}/local-org/setup`);
        assert.match(await page.text(), /External Client App Manager/);
      },
    ));
});
