import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
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

  const count = (kind: string): number => org.requests.filter((request) => request.kind === kind).length;

  it('a preview are none, and those of a second up are none', async () => {
    await stack.preview();
    assert.deepEqual(requestKinds(org), []);

    await stack.up();
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');
    org.clearRequests();
    const { stdout } = await stack.previewAndUp({ args: ['--expect-no-changes'] });
    assert.match(stdout, /2 unchanged/);
    assert.deepEqual(requestKinds(org), []);
    await stack.destroy();
  });

  it('one app in up are a sign-in, the versions, a retrieve, a deploy, a verifying retrieve and their polls', async () => {
    await stack.up();

    const polls = ['checkRetrieveStatus', 'checkDeployStatus'];
    assert.deepEqual(
      requestKinds(org).filter((kind) => !polls.includes(kind)),
      ['token', 'versions', 'retrieve', 'deploy', 'retrieve'],
    );
    await stack.destroy();
  });

  it('50 apps at --parallel 64 are one deploy, and one for destroy', async () => {
    for (const name of apps) putApp(org, name);
    const original = takeSnapshot(org);
    const { length } = org.deploys;
    await stack.setProgram(
      policyProgram(
        `for (const externalClientApplication of ${JSON.stringify(apps)})`,
        `  new ExternalClientAppJwtPolicy(externalClientApplication, { externalClientApplication, ...${JSON.stringify(inputs)} });`,
      ),
    );

    await stack.up({ args: parallel });
    assert.deepEqual(
      apps.filter((name) => settingsOf(org, name).namedUserJwtTimeout !== '30'),
      [],
    );
    assert.deepEqual(
      { deploys: org.deploys.length - length, retrieves: count('retrieve'), signIns: count('token') },
      { deploys: 1, retrieves: 2, signIns: 1 },
    );

    await stack.destroy({ args: parallel });
    assert.deepEqual(takeSnapshot(org), original);
    assert.equal(org.deploys.length - length, 2);
  });
});
