import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { newPolicy, policyProgram } from '../support/policyProgram.js';
import { PulumiStack, type ConfigValue } from '../support/pulumiStack.js';

const app = 'Agent_Gateway';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const token = '00D000000000062!PLAIN.TOKEN';

/** The keys that a program warns of. The CLI shows a warning when it comes, and again in its list at the end. */
const warnedOf = (screen: string): string[] =>
  [
    ...(screen.split('Diagnostics:')[1] ?? '').matchAll(
      /warning: \[ECA1018\] (salesforce:\S+) is set without --secret/g,
    ),
  ]
    .map(([, key]) => key ?? '')
    .sort();

describe('credentials that are set without --secret', function () {
  this.timeout(120_000);
  let stack: PulumiStack;

  before(async () => {
    // Two resources: a warning is given once a program. The preview fails before any org is asked: no way to sign in is complete.
    stack = await PulumiStack.create({
      program: policyProgram(
        newPolicy('one', { externalClientApplication: app, namedUserJwtTimeout: 30, org: 'uat' }),
        newPolicy('two', { externalClientApplication: 'Other', namedUserJwtTimeout: 30, org: 'uat' }),
      ),
    });
  });
  after(() => stack.dispose());

  async function screenWith(values: Readonly<Record<string, ConfigValue>>): Promise<string> {
    await stack.config({ 'salesforce:orgs.uat.instanceUrl': 'https://uat.example.com', ...values });
    const { stdout, stderr } = await stack.run(['preview'], { expectCode: 1 });
    const screen = stdout + stderr;
    const body = privateKey.split('\n')[1] ?? '';
    assert.ok(!screen.includes('PLAIN.TOKEN') && !screen.includes(body), screen);
    return screen;
  }

  it('cause one warning each with their names, but the path of a key does not', async () => {
    const screen = await screenWith({
      'salesforce:accessToken': token,
      'salesforce:privateKey': '/keys/deploy.pem',
      'salesforce:orgs.uat.privateKey': privateKey,
    });
    assert.deepEqual(warnedOf(screen), ['salesforce:accessToken', 'salesforce:orgs.uat.privateKey']);
    assert.match(screen, /pulumi config set --path 'salesforce:orgs\.uat\.privateKey' --secret < FILE\)/);
  });

  it('cause no other warning; a misspelt key causes one warning with the intended key', async () => {
    const screen = await screenWith({ 'salesforce:prewiew': 'offline' });
    const [, diagnostics = ''] = screen.split('Diagnostics:');
    assert.deepEqual(diagnostics.match(/warning: \[ECA1020\] .*/g), [
      'warning: [ECA1020] salesforce:prewiew is not a setting of pulumi-salesforce-eca, so it has no effect. Did you mean salesforce:preview?',
    ]);
    await stack.run(['config', 'rm', 'salesforce:prewiew']);
  });

  it('cause no warning once they are secrets', async () => {
    const screen = await screenWith({
      'salesforce:accessToken': { secret: token },
      'salesforce:privateKey': '/keys/deploy.pem',
      'salesforce:orgs.uat.privateKey': { secret: privateKey },
    });
    assert.deepEqual(warnedOf(screen), []);
  });
});
