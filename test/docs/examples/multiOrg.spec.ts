import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Example, type ExampleOrg } from '../../support/example.js';

const minutesOf = (org: ExampleOrg, policies: string): Promise<string | undefined> =>
  org.element('ExtlClntAppOauthConfigurablePolicies', policies, 'namedUserJwtTimeout');

describe('the example multi-org', function () {
  this.timeout(300_000);
  let example: Example;
  afterEach(() => example.dispose());

  it('one-program: different apps in each org, no credential in output or state', async () => {
    example = await Example.open('multi-org/one-program');
    await example.startLocalOrgs();
    await example.type(/^pulumi stack init production$/m);
    const [emea, apac] = [await example.org('emea'), await example.org('apac')];
    const up = await example.type(/^pulumi up --yes\npulumi stack output organizations\b/m);
    for (const org of [emea, apac]) assert.ok(up.stdout.includes(org.organizationId));
    assert.match(up.stdout, /"portal":\{"format":"jwt","minutes":60\}/);
    assert.equal(await minutesOf(emea, 'Agent_Gateway_oauthPlcy'), '30');
    assert.equal(await minutesOf(apac, 'Agent_Gateway_oauthPlcy'), '15');

    const shown = await example.type(/^pulumi config$/m);
    await example.type(/^pulumi up --yes --continue-on-error$/m);
    const state = await example.typeBesides('pulumi stack export');
    const settings = await readFile(join(example.folder, 'Pulumi.production.yaml'), 'utf8');
    const key = await readFile(emea.privateKeyFile, 'utf8');
    const secrets = [apac.accessToken, key.split('\n')[1] ?? ''];
    for (const text of [up.stdout, shown.stdout, state.stdout, settings])
      for (const secret of secrets) assert.ok(secret.length > 20 && !text.includes(secret));

    await example.type(/^pulumi destroy --yes$/m);
    example.assertAllTyped();
  });

  it('stack-per-org: orgs that fail do not stop the others, and the exit code shows it', async () => {
    example = await Example.open('multi-org/stack-per-org');
    await example.startLocalOrgs();
    await example.type(/^ {2}pulumi stack init "\$name"$/m);
    await example.typeBesides('pulumi stack select apac');
    await example.type(/^npm run orgs -- preview$/m, 1);

    const { stdout } = await example.type(/^npm run orgs -- up$/m, 1);
    assert.match(stdout, /^stack +result +seconds +details$/m);
    assert.match(stdout, /^apac +done +[\d.]+ {2}.*2 create/m);
    assert.match(stdout, /^emea +done +[\d.]+ {2}.*2 create/m);
    assert.match(stdout, /^latam +failed +[\d.]+ {2}.*Agent_Gatway.*Agent_Gateway/m);
    assert.match(stdout, /^3 orgs: 2 done, 1 failed or not begun$/m);
    assert.equal(await minutesOf(await example.org('emea'), 'Agent_Gateway_oauthPlcy'), '30');

    const fixed = await example.type(/^npm run orgs -- up latam$/m);
    assert.match(fixed.stdout, /^1 orgs?: 1 done/m);
    assert.match(fixed.stdout, /^\{"Agent_Gateway":\{"format":"jwt","minutes":30\}\}$/m);
    const missing = await example.typeBesides('npm run orgs -- up latam nowhere', 1);
    assert.match(missing.stdout, /^nowhere +failed .*no stack named 'nowhere' found/m);
    assert.match(missing.stdout, /^latam +done .*2 same/m);
    await example.typeBesides('npm run orgs -- remove', 2);
    const stacks = await example.typeBesides('pulumi stack ls');
    assert.match(stacks.stdout, /^apac\*/m, 'which stack is selected stays as it was');

    await example.type(/^npm run orgs -- destroy$/m);
    example.assertAllTyped();
    assert.ok(!(await readdir(example.folder)).includes('Pulumi.nowhere.yaml'));
  });
});
