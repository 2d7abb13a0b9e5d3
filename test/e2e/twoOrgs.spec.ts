import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { newPolicy, policyProgram, policyType } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { assertNoSecretsLeft } from '../support/secretsLeft.js';

const app = 'Agent_Gateway';
const inputs = { externalClientApplication: app, isNamedUserJwtEnabled: true };
const program = (uatMinutes: number): string =>
  policyProgram(
    newPolicy('gateway-dev', { ...inputs, org: 'dev', namedUserJwtTimeout: 30 }),
    newPolicy('gateway-uat', { ...inputs, org: 'uat', namedUserJwtTimeout: uatMinutes }),
  );

describe('two orgs in one program', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let stack: PulumiStack;
  /** What was printed so far. */
  let printed: string;

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
  });
  after(() => server.close());

  beforeEach(async () => {
    printed = '';
    stack = await PulumiStack.create({ program: program(15) });
    const [dev, uat] = [server.org('dev'), server.org('uat')];
    await stack.config({
      'salesforce:orgs.dev.instanceUrl': dev.instanceUrl,
      'salesforce:orgs.dev.clientId': dev.clientId,
      'salesforce:orgs.dev.username': dev.username,
      'salesforce:orgs.dev.privateKey': { secret: dev.privateKey },
      'salesforce:orgs.uat.instanceUrl': uat.instanceUrl,
      'salesforce:orgs.uat.accessToken': { secret: uat.accessToken },
    });
  });
  afterEach(async () => {
    for (const org of server.orgs) org.faults.clear();
    await stack.dispose();
  });

  const run = async (args: readonly string[], expectCode = 0): Promise<void> => {
    const { stdout, stderr } = await stack.run(args, { expectCode });
    printed += stdout + stderr;
  };

  const assertNoSecrets = (): Promise<void> =>
    assertNoSecretsLeft(
      stack,
      server.orgs,
      printed,
      new Map(
        server.orgs.map((org) => {
          const settings = org.component('ExtlClntAppGlobalOauthSettings', `${app}_glbloauth`) ?? '';
          const consumerSecret = /<consumerSecret>([^<]+)</.exec(settings)?.[1];
          assert.ok(consumerSecret, 'the app shows its consumer secret in retrieves');
          return [`the consumer secret of the app in ${org.name}`, consumerSecret];
        }),
      ),
    );

  it('are each set and restored, and neither the state nor the output contains a secret', async () => {
    const originals = server.orgs.map(takeSnapshot);
    await run(['up', '--yes']);
    assert.equal(settingsOf(server.org('dev'), app).namedUserJwtTimeout, '30');
    assert.equal(settingsOf(server.org('uat'), app).namedUserJwtTimeout, '15');
    const policies = (await stack.state()).resources.filter(({ type }) => type === policyType);
    assert.deepEqual(
      policies.map(({ id }) => id).sort(),
      server.orgs.map(({ organizationId }) => `${organizationId}/${app}`).sort(),
    );
    await assertNoSecrets();

    await run(['destroy', '--yes', '--skip-preview']);
    assert.deepEqual(server.orgs.map(takeSnapshot), originals);
    await assertNoSecrets();
  });

  it('fail independently, and even a failure shows no secret', async () => {
    const [dev, uat] = [server.org('dev'), server.org('uat')];
    uat.faults.failComponent(app, 'the org does not want it');
    dev.faults.add({ on: 'retrieve', skip: 1, do: { kind: 'malformed' } });
    await run(['up', '--yes', '--skip-preview', '--continue-on-error'], 1);
    assert.match(printed, /in org "uat" \(\w{18}\): the org does not want it/);
    assert.match(printed, /in org "dev" \(\w{18}\): deploy \w{18} succeeded, but the org could not be read/);
    await assertNoSecrets();

    for (const org of server.orgs) org.faults.clear();
    await run(['up', '--yes', '--skip-preview']);
    assert.equal(settingsOf(dev, app).namedUserJwtTimeout, '30');
    assert.equal(settingsOf(uat, app).namedUserJwtTimeout, '15');
  });
});
