import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer, type RequestKind } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { putApp } from '../support/localApps.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { jwtBearerEnvironment, newPolicy, policyProgram } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const app = 'Agent_Gateway';
const inputs = { isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
const apps = Array.from({ length: 50 }, (_, index) => `Load_${index + 1}`);
/** The user's --parallel, so that all calls arrive together; the default on 2 cores is 8. */
const parallel = ['--parallel', '64'];

describe('the requests of', function () {
  this.timeout(180_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());

  beforeEach(async () => {
    stack = await PulumiStack.create({
      program: policyProgram(newPolicy('gateway', { externalClientApplication: app, ...inputs })),
      env: jwtBearerEnvironment(org),
    });
    org.clearRequests();
  });
  afterEach(() => stack.dispose());

  it('a preview are a sign-in, the versions and one retrieve; up adds a deploy and a verifying retrieve; without changes there are none', async () => {
    await stack.preview();
    assert.deepEqual(requestKinds(org), ['token', 'versions', 'retrieve', 'checkRetrieveStatus']);

    org.clearRequests();
    await stack.up();
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');
    const polls = ['checkRetrieveStatus', 'checkDeployStatus'];
    assert.deepEqual(
      requestKinds(org).filter((kind) => !polls.includes(kind)),
      ['token', 'versions', 'retrieve', 'query', 'listMetadata', 'deploy', 'retrieve'],
    );

    org.clearRequests();
    const { stdout } = await stack.previewAndUp({ args: ['--expect-no-changes'] });
    assert.match(stdout, /2 unchanged/);
    assert.deepEqual(requestKinds(org), []);
    await stack.destroy();
  });
});

describe('50 apps at --parallel 64', function () {
  this.timeout(180_000);
  let server: LocalOrgServer;

  before(async () => {
    // As slow as a real org: without a network the sign-in is over before the engine has handed over all resources.
    server = await startLocalOrg({ latencyMs: 300 });
  });
  after(() => server.close());

  it('are one sign-in and one deploy in up, and one deploy in destroy', async () => {
    const org = server.org('dev');
    for (const name of apps) putApp(org, name);
    const original = takeSnapshot(org);
    const stack = await PulumiStack.create({
      program: policyProgram(
        `for (const externalClientApplication of ${JSON.stringify(apps)})`,
        `  new ExternalClientAppJwtPolicy(externalClientApplication, { externalClientApplication, ...${JSON.stringify(inputs)} });`,
      ),
      env: jwtBearerEnvironment(org),
    });
    try {
      await stack.up({ args: parallel });
      assert.deepEqual(
        apps.filter((name) => settingsOf(org, name).namedUserJwtTimeout !== '30'),
        [],
      );
      const sizes = org.deploys.map(({ components }) => components.length);
      assert.deepEqual(sizes, [2 * apps.length]);
      const count = (kind: RequestKind): number =>
        org.requests.filter((request) => request.kind === kind).length;
      assert.deepEqual(
        { signIns: count('token'), retrieves: count('retrieve') },
        { signIns: 1, retrieves: 2 },
      );

      await stack.destroy({ args: parallel });
      assert.deepEqual(takeSnapshot(org), original);
      assert.equal(org.deploys.length, 2);
    } finally {
      await stack.dispose();
    }
  });
});
