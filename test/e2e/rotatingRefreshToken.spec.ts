import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { putApp } from '../support/localApps.js';
import { newPolicy, policyProgram } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

describe('an SFDX auth URL of an app that rotates refresh tokens', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    putApp(org, 'Rotating', {
      globalSettings: { isRefreshTokenRotationEnabled: true, isSecretRequiredForRefreshToken: false },
    });
    stack = await PulumiStack.create({
      program: policyProgram(
        newPolicy('portal', { externalClientApplication: 'portal', namedUserJwtTimeout: 30 }),
      ),
    });
  });
  after(async () => {
    await stack.dispose();
    await server.close();
  });

  const newUrl = (): Record<string, string> => {
    const clientId = '3MVG9.Rotating';
    const token = org.issueRefreshToken(undefined, clientId);
    return { SALESFORCE_SFDX_AUTH_URL: `force://${clientId}::${token}@${new URL(org.instanceUrl).host}` };
  };

  it('is used up by the preview of pulumi up, which then suggests --skip-preview; with that, one URL is enough', async () => {
    const { stdout, stderr } = await stack.previewAndUp({ env: newUrl(), expectCode: 1 });
    assert.match(
      stdout + stderr,
      /expired access\/refresh token\. [^\n]*valid for one sign-in, and pulumi up signs in twice[^\n]* run pulumi up --skip-preview/,
    );
    assert.deepEqual(org.deploys, []);

    await stack.up({ env: newUrl() });
    assert.equal(org.deploys.length, 1);
  });
});
