import assert from 'node:assert/strict';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { codeBlock } from '../support/codeBlocks.js';
import { MovingStack } from '../support/movingStack.js';
import { nativePolicyType, policyType } from '../support/policyProgram.js';

/** `test/languages/moving.spec.ts` has the ways to programs with an SDK. */
describe('docs/native-moving.md', function () {
  this.timeout(300_000);
  const program = codeBlock('docs/native-moving.md', 'type: salesforce-eca:ExternalClientAppJwtPolicy');
  let moving: MovingStack;

  beforeEach(async () => {
    moving = await MovingStack.create({ language: 'yaml', program });
  });
  afterEach(() => moving.dispose());

  it('leads to a program in YAML that changes nothing, without a request, and still restores', async () => {
    await moving.useNativeProvider();
    await moving.assertUnchanged();
    assert.deepEqual(await moving.types(), [nativePolicyType, nativePolicyType]);
    await moving.assertRestores();
  });

  it('lets drift compare a stack that has not moved yet with a program that has', async () => {
    await moving.useNativeProvider();
    changeSetting(moving.orgs[1], 'Partner_API', 'namedUserJwtTimeout', '720');
    const { stdout } = await moving.shell.type('npx pulumi-salesforce-eca drift --stack dev --all', 2);
    assert.match(stdout, /\n2 resources: 1 drifted, 1 clean\n/);
    assert.match(
      stdout,
      /\npartners \(app Partner_API, org "uat", \w+\): drifted\n {2}namedUserJwtTimeout: the org has 720 minutes, the program 30 minutes \(changed in the org\)\n/,
    );
  });

  it('leads there with an edited state, too', async () => {
    await moving.shell.type(codeBlock('docs/native-moving.md', 'pulumi stack export'));
    assert.deepEqual(await moving.types(), [nativePolicyType, nativePolicyType]);
    await moving.useNativeProvider();
    await moving.assertUnchanged();
    await moving.assertRestores();
  });

  it('leads back, also after the native provider has changed a value', async () => {
    const { stack, orgs } = moving;
    await moving.useNativeProvider();
    await stack.setProgram(program.replace('namedUserJwtTimeout: 30', 'namedUserJwtTimeout: 15'));
    await stack.up();
    const deploys = orgs.map((org) => org.deploys.length);

    await moving.useDynamicProvider(15);
    await moving.shell.type(codeBlock('docs/native-moving.md', 'move-config --stack dev --back'));
    const { stdout } = await stack.up();
    assert.match(stdout, /~ 1 updated\n\s+2 unchanged/);
    assert.deepEqual(
      orgs.map((org) => org.deploys.length),
      deploys,
    );
    assert.deepEqual(await moving.types(), [policyType, policyType]);
    assert.equal(settingsOf(orgs[0], 'Agent_Gateway').namedUserJwtTimeout, '15');
    await moving.assertRestores();
  });
});
