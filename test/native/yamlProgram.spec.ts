import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { jwtBearerEnvironment, nativePolicyType, yamlProgram } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const app = 'Agent_Gateway';
const gateway = { externalClientApplication: app, isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
const partners = { externalClientApplication: 'Partner_API', namedUserJwtTimeout: 15 };

describe('the native provider in a YAML program', function () {
  this.timeout(180_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
  });
  after(() => server.close());
  beforeEach(async () => {
    stack = await PulumiStack.create({
      language: 'yaml',
      program: yamlProgram({ gateway, partners }),
      env: jwtBearerEnvironment(org),
    });
  });
  afterEach(async () => {
    org.faults.clear();
    await stack.dispose();
  });

  const lifetimes = (): (string | undefined)[] =>
    [app, 'Partner_API'].map((name) => settingsOf(org, name).namedUserJwtTimeout);
  /** The names of the policies in the state, each with whether the engine has to look at it again. */
  const inState = async (): Promise<[name: string, isHalfDone: boolean][]> =>
    (await stack.state()).resources
      .filter(({ type }) => type === nativePolicyType)
      .map(({ urn, initErrors }): [string, boolean] => [urn.split('::').at(-1)!, initErrors.length > 0])
      .sort();
  const failUp = async (): Promise<string> => {
    const { stdout, stderr } = await stack.up({ args: ['--continue-on-error'], expectCode: 1 });
    return stdout + stderr;
  };
  const assertUnchangedAndRestores = async (): Promise<void> => {
    org.clearRequests();
    await stack.up({ args: ['--expect-no-changes'] });
    assert.deepEqual(requestKinds(org), []);
    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  };

  it('sets the values, is unchanged without a request, and restores byte for byte', async () => {
    await stack.setProgram(
      yamlProgram({ gateway }).replace(/\}\n$/, `,"outputs":{"format":"\${gateway.tokenFormat}"}}\n`),
    );
    await stack.previewAndUp();
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');
    assert.equal((await stack.run(['stack', 'output', 'format'])).stdout.trim(), 'jwt');

    org.clearRequests();
    await stack.previewAndUp({ args: ['--expect-no-changes'] });
    assert.deepEqual(requestKinds(org), []);

    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  });

  it('repairs drift, which a preview with a refresh shows', async () => {
    await stack.up();
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    const drifted = await stack.preview({ args: ['--refresh', '--diff'] });
    assert.match(drifted.stdout, /namedUserJwtTimeout: 720 => 30/);
    await stack.up({ args: ['--refresh'] });
    assert.deepEqual(lifetimes(), ['30', '15']);
    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  });

  it('creates in the next up what the org refused to deploy, and what else was created stays', async () => {
    const accept = org.faults.failComponent(app, 'the org does not want it');
    assert.match(
      await failUp(),
      /ExternalClientAppJwtPolicy \(gateway\):\s+error: [^]*the org does not want it[^]*The org was not changed/,
    );
    accept();
    assert.deepEqual(await inState(), [['partners', false]]);
    assert.equal(settingsOf(org, app).isNamedUserJwtEnabled, 'false');
    await stack.up();
    assert.deepEqual(lifetimes(), ['30', '15']);
    await assertUnchangedAndRestores();
  });

  it('finishes in the next up a create that could not be read back after its deploy', async () => {
    await stack.setProgram(yamlProgram({ gateway }));
    org.faults.add({ on: 'retrieve', skip: 1, do: { kind: 'status', status: 400, body: 'not today' } });
    assert.match(await failUp(), /succeeded, but the org could not be read afterwards/);
    org.faults.clear();
    assert.deepEqual(await inState(), [['gateway', true]]);
    const deploys = org.deploys.length;
    await stack.up();
    assert.equal(org.deploys.length, deploys, 'the deploy of the failed create was enough');
    assert.deepEqual(await inState(), [['gateway', false]]);
    await assertUnchangedAndRestores();
  });
});
