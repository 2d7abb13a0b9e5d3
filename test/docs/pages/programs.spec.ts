import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import { requestKinds } from '../../support/arrivals.js';
import { codeBlock } from '../../support/codeBlocks.js';
import { PageSession } from '../../support/pageSession.js';
import { withOwnValues } from '../../support/placeholders.js';
import { accessTokenEnvironment } from '../../support/policyProgram.js';
import type { PulumiStack } from '../../support/pulumiStack.js';
import type { Shell } from '../../support/shell.js';

describe('the programs of the pages', function () {
  this.timeout(120_000);
  let session: PageSession;
  let org: LocalOrg;
  let stack: PulumiStack;
  let shell: Shell;

  before(async () => {
    session = await PageSession.open((own) => ({
      program: '',
      language: 'typescript',
      env: accessTokenEnvironment(own),
    }));
    ({ org, stack, shell } = session);
  });
  after(() => session.close());

  it('that create a resource work for an app of the org', async () => {
    await stack.setProgram(codeBlock('docs/api/pulumi-salesforce-eca.md', 'new ExternalClientAppJwtPolicy('));
    assert.match((await stack.preview()).stdout, /up would change isNamedUserJwtEnabled false → true, /);
    // That of the README is brought up by commands.spec.ts.
    assert.equal(
      codeBlock('provider/README.md', 'new ExternalClientAppJwtPolicy('),
      codeBlock('README.md', 'new ExternalClientAppJwtPolicy('),
    );
  });

  it('work for one of several orgs', async () => {
    await copyFile(org.privateKeyFile, join(stack.folder, 'uat.pem'));
    await shell.type(
      withOwnValues(codeBlock('docs/configuration.md', 'salesforce:orgs.uat.privateKey'), org),
    );
    await stack.setProgram(codeBlock('docs/configuration.md', "org: 'uat'"));
    assert.match(
      (await stack.preview()).stdout,
      /up would change namedUserJwtSessionTimeoutType absent → Custom, /,
    );
  });

  it('can be previewed with the settings in the README: the org validates, or gets no request', async () => {
    const [checkOnly = '', offline = ''] = codeBlock('README.md', 'salesforce:preview').split('\n');
    await shell.type(checkOnly);
    await stack.preview();
    assert.deepEqual(
      org.deploys.map((deploy) => deploy.checkOnly),
      [true],
    );
    await shell.type(offline);
    org.clearRequests();
    await stack.preview();
    assert.deepEqual(requestKinds(org), []);
    await shell.type('pulumi config rm salesforce:preview');
  });

  it('can read, as in the README', async () => {
    await stack.setProgram(codeBlock('README.md', 'getExternalClientAppJwtPolicyOutput'));
    const { stdout } = await stack.preview();
    assert.match(stdout, /opaque *: \[\n(?: +\[\d\]: "\w+"\n)*/);
  });
});
