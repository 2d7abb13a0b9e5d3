import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { newPolicy, policyProgram, policyType } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const app = 'Agent_Gateway';
const inputs = { externalClientApplication: app, isNamedUserJwtEnabled: true };
const program = (uatMinutes: number): string =>
  policyProgram(
    newPolicy('gateway-dev', { ...inputs, org: 'dev', namedUserJwtTimeout: 30 }),
    newPolicy('gateway-uat', { ...inputs, org: 'uat', namedUserJwtTimeout: uatMinutes }),
  );

/** The text of every file below a folder, by path. */
async function filesIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
}

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

  /** Looks for tokens, keys and secrets in whatever the CLI printed and stored. */
  const assertNoSecrets = async (): Promise<void> => {
    const secrets = new Map<string, string>();
    for (const org of server.orgs) {
      const key = org.privateKey.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
      secrets.set(`line of the private key of ${org.name}`, key[3]!);
      secrets.set(`access token of ${org.name}`, org.accessToken);
      secrets.set(`beginning of any session of ${org.name}`, `${org.organizationId.slice(0, 15)}!`);
      const settings = org.component('ExtlClntAppGlobalOauthSettings', `${app}_glbloauth`);
      const consumerSecret = /<consumerSecret>([^<]+)</.exec(settings ?? '')?.[1];
      assert.ok(consumerSecret, 'the app shows its consumer secret in retrieves');
      secrets.set(`consumer secret of the app in ${org.name}`, consumerSecret);
    }
    const texts = await filesIn(join(stack.folder, 'backend'));
    texts.set('the export of the state', (await stack.state()).text);
    texts.set('the settings of the stack', await readFile(join(stack.folder, 'Pulumi.test.yaml'), 'utf8'));
    texts.set('what the CLI printed', printed);
    for (const [place, text] of texts) {
      for (const [name, secret] of secrets) assert.ok(!text.includes(secret), `${place} holds the ${name}`);
      assert.doesNotMatch(text, /PRIVATE KEY|eyJ[\w-]+\.eyJ/, place);
    }
  };

  it('are set and restored each, and neither state nor output hold a secret', async () => {
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

  it('fail apart from each other, and even a failure shows no secret', async () => {
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
