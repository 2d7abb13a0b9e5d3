import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeBlock } from '../../support/codeBlocks.js';
import { Example, type ExampleOrg } from '../../support/example.js';

const globalType = 'ExtlClntAppGlobalOauthSettings';
const policiesType = 'ExtlClntAppOauthConfigurablePolicies';
const gatewayMinutes = (org: ExampleOrg): Promise<string | undefined> =>
  org.element(policiesType, 'Agent_Gateway_oauthPlcy', 'namedUserJwtTimeout');
const promoteProd = /^npm run promote -- prod --yes\b/;

// One story: each test begins where the one before ended.
describe('the example promotion', function () {
  this.timeout(600_000);
  let example: Example;
  let dev: ExampleOrg;
  let uat: ExampleOrg;
  let prod: ExampleOrg;

  before(async () => {
    example = await Example.open('promotion');
    // The keys of the configuration do not depend on the project's name.
    await example.edit('Pulumi.yaml', 'name: promotion', 'name: token-settings');
    await example.startLocalOrgs();
    await example.type(/^pulumi stack init|pulumi stack init "\$stage"/m);
    [dev, uat, prod] = [await example.org('dev'), await example.org('uat'), await example.org('prod')];
  });
  after(() => example.dispose());

  it('promotes nothing to prod that uat has not verified', async () => {
    const early = await example.typeBesides('npm run promote -- prod --yes --skip-preview', 1);
    assert.match(early.stderr + early.stdout, /Stage uat has verified nothing yet: promote to it first/);
    assert.match(early.stderr, /could not be compared with what uat has verified\. Nothing was changed\./);
  });

  it('refuses a stage whose configuration does not name the previous stage', async () => {
    await example.edit('Pulumi.uat.yaml', 'promotion:source', 'token-settings:source');
    const promoted = await example.typeBesides('npm run promote -- uat --yes --skip-preview', 1);
    assert.match(promoted.stderr, /Stage uat has no promotion:source, which names the stage before it/);
    const updated = await example.typeBesides(
      'pulumi up --yes --skip-preview --stack uat || echo "ended with $?"',
    );
    assert.match(updated.stdout, /ended with [1-9]/);
    assert.match(updated.stdout, /Missing required configuration variable 'promotion:source'/);
    await example.edit('Pulumi.uat.yaml', 'token-settings:source', 'promotion:source');
  });

  it('refuses differences for an app that no stage declares, and fields that do not exist', async () => {
    await example.edit(
      'Pulumi.uat.yaml',
      'promotion:source: dev',
      'promotion:source: settings.ts\n  promotion:differences:\n    gatway: { namedUserJwtTimeout: 5 }',
    );
    const unknownApp = await example.typeBesides('npm run promote -- uat --yes --skip-preview', 1);
    assert.match(unknownApp.stdout, /"gatway" names no externalClientApplication: no stage declares it/);
    await example.edit('Pulumi.uat.yaml', 'gatway: { namedUserJwtTimeout', 'gateway: { namedUserTimeout');
    const unknownField = await example.typeBesides('npm run promote -- uat --yes --skip-preview', 1);
    assert.match(
      unknownField.stdout,
      /"gateway" has no field "namedUserTimeout": it has externalClientApplication, /,
    );
    await example.edit(
      'Pulumi.uat.yaml',
      'promotion:source: settings.ts\n  promotion:differences:\n    gateway: { namedUserTimeout: 5 }',
      'promotion:source: dev',
    );
  });

  it('promotes through the gate as its README says', async () => {
    const promoted = await example.type(
      /^npm run promote -- dev .*\nnpm run promote -- uat .*\nnpm run promote -- prod /,
    );
    assert.match(
      promoted.stdout,
      /^No gate: dev is the first stage, and gets what settings\.ts declares\.$/m,
    );
    // Fields that no stage declares have no value in a preview, and are left out.
    assert.doesNotMatch(promoted.stdout, /guestJwt/);
    assert.deepEqual(await Promise.all([dev, uat, prod].map(gatewayMinutes)), ['30', '30', '15']);
    const outputs = await example.type(/^pulumi stack output verified --stack uat$/m);
    assert.match(outputs.stdout, /"gateway":\{"app":"Agent_Gateway","format":"jwt","minutes":30\}/);

    await example.type(/^policies=/);
    assert.equal(await gatewayMinutes(uat), '720');
    const stopped = await example.type(promoteProd, 2);
    assert.match(stopped.stdout, /namedUserJwtTimeout: the org has 720 minutes, the program 30 minutes/);
    assert.match(
      stopped.stderr,
      /The promotion to prod stops: the org of uat no longer has what uat has verified\. Correct it .*\. Nothing was changed\./,
    );
    assert.doesNotMatch(stopped.stdout, /Updating \(/);

    await example.type(/^npm run promote -- uat --yes\nnpm run promote -- prod --yes$/m);
    assert.deepEqual(await Promise.all([dev, uat, prod].map(gatewayMinutes)), ['30', '30', '15']);
  });

  it('promotes to prod what uat has verified, and nothing that belongs to one org', async () => {
    await example.edit('settings.ts', 'namedUserJwtTimeout: 30', 'namedUserJwtTimeout: 10');
    await example.edit('settings.ts', 'namedUserJwtTimeout: 60', 'namedUserJwtTimeout: 90');
    await example.edit('Pulumi.prod.yaml', 'namedUserJwtTimeout: 15', 'guestJwtTimeout: 15');
    await example.typeBesides('npm run promote -- dev --yes --skip-preview');
    // dev is further, which is no reason to stop; prod gets what uat has verified, and its own differences.
    await example.typeBesides('npm run promote -- prod --yes --skip-preview');
    assert.deepEqual(await Promise.all([dev, uat, prod].map(gatewayMinutes)), ['10', '30', '30']);

    await uat.setFaults('PATCH', { failComponent: { Partner_API: 'Under review' } });
    const half = await example.typeBesides(
      'npm run promote -- uat --yes --skip-preview || echo "ended with $?"',
    );
    assert.match(half.stdout, /Under review/);
    assert.match(half.stdout, /ended with [1-9]/);
    assert.equal(await gatewayMinutes(uat), '10', 'the other app is in uat already');
    const stopped = await example.typeBesides('npm run promote -- prod --yes --skip-preview', 2);
    assert.match(stopped.stderr, /no longer has what uat has verified/);
    const plain = await example.typeBesides('pulumi up --yes --stack prod');
    assert.match(plain.stdout, /unchanged/);
    assert.equal(await gatewayMinutes(prod), '30');

    await uat.setFaults('PATCH', { failComponent: { Partner_API: null } });
    await example.typeBesides(
      'npm run promote -- uat --yes --skip-preview && npm run promote -- prod --yes --skip-preview',
    );
    assert.equal(await gatewayMinutes(prod), '10');

    const { stdout: state } = await example.typeBesides('pulumi stack export --stack prod');
    assert.ok(state.includes(prod.organizationId));
    for (const org of [dev, uat]) {
      const consumerKey = await org.element(globalType, 'Agent_Gateway_glbloauth', 'consumerKey');
      assert.ok(consumerKey !== undefined && consumerKey !== '');
      for (const own of [org.organizationId, org.instanceUrl, consumerKey])
        assert.ok(!state.includes(own), own);
    }
    assert.doesNotMatch(state, /certificate|oauthLink|orgScopedExternalApp/i);
  });

  it('includes an installed app, and is removed, as its README says', async () => {
    await prod.copyApp('acme__Billing_Sync', 'acme__Agent_Gateway');
    const installed = codeBlock('examples/promotion/README.md', 'acme__Agent_Gateway');
    const [, differences = ''] = installed.split('config:\n');
    await example.edit(
      'Pulumi.prod.yaml',
      '  promotion:differences:\n    gateway:\n      guestJwtTimeout: 15\n',
      differences,
    );
    await example.typeBesides('npm run promote -- prod --yes --skip-preview');
    assert.equal(
      await prod.element(policiesType, 'acme__Agent_Gateway_defaultPolicy', 'namedUserJwtTimeout'),
      '10',
    );

    await example.type(/pulumi destroy --yes/);
    assert.deepEqual(
      await Promise.all(
        [dev, uat, prod].map((org) =>
          org.element(globalType, 'Agent_Gateway_glbloauth', 'isNamedUserJwtEnabled'),
        ),
      ),
      ['false', 'false', 'false'],
    );

    await copyFile(uat.privateKeyFile, join(example.folder, 'uat.pem'));
    await example.typeBesides('pulumi config rm --stack uat salesforce:accessToken');
    await example.typeFor(uat, /^pulumi config set --stack uat salesforce:instanceUrl /);
    const settings = await example.typeBesides('pulumi config --stack uat');
    assert.match(settings.stdout, new RegExp(`^salesforce:username +${uat.username}$`, 'm'));
    assert.match(settings.stdout, /^salesforce:privateKey +\[secret\]$/m);
    example.assertAllTyped();
  });
});
