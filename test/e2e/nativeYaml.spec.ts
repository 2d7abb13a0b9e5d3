import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { jwtBearerEnvironment } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

describe('the native provider in a YAML program', function () {
  this.timeout(180_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack | undefined;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());
  afterEach(() => stack?.dispose());

  it('sets the values, is unchanged without a request, and restores byte for byte', async () => {
    const original = takeSnapshot(org);
    stack = await PulumiStack.create({
      language: 'yaml',
      program: `
resources:
  gateway:
    type: salesforce-eca:ExternalClientAppJwtPolicy
    properties:
      externalClientApplication: Agent_Gateway
      isNamedUserJwtEnabled: true
      namedUserJwtTimeout: 30
outputs:
  format: \${gateway.tokenFormat}
`,
      env: jwtBearerEnvironment(org),
    });
    await stack.previewAndUp();
    assert.equal(settingsOf(org, 'Agent_Gateway').namedUserJwtTimeout, '30');
    assert.equal((await stack.run(['stack', 'output', 'format'])).stdout.trim(), 'jwt');

    org.clearRequests();
    await stack.previewAndUp({ args: ['--expect-no-changes'] });
    assert.deepEqual(requestKinds(org), []);

    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  });
});
