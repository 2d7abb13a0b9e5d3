import assert from 'node:assert/strict';
import { languageHostFolder, type HostLanguage } from '../../tools/pulumiCli/languageHostFolder.js';
import { Example } from '../support/example.js';
import { skip } from '../support/skip.js';
import { buildLimitMs, goEnvironment } from './sdkProjects.js';

describe('the examples for the native provider', function () {
  this.timeout(buildLimitMs);
  let example: Example | undefined;
  afterEach(async () => {
    await example?.dispose();
    example = undefined;
  });

  /** Types a README from the first block to the last. */
  async function followReadme(example: Example, prepare: readonly RegExp[]): Promise<void> {
    await example.startLocalOrgs();
    for (const block of prepare) await example.type(block);
    await example.type(/^pulumi stack init production$/m);
    const up = await example.type(/^pulumi up --yes\npulumi stack output apps$/m);
    assert.deepEqual(JSON.parse(up.stdout.trimEnd().split('\n').at(-1) ?? ''), {
      apac: { Agent_Gateway: { format: 'jwt', minutes: 15 } },
      emea: { Agent_Gateway: { format: 'jwt', minutes: 30 }, portal: { format: 'jwt', minutes: 60 } },
    });
    const orgs = await Promise.all(['emea', 'apac'].map((name) => example.org(name)));
    const minutes = async (): Promise<(string | undefined)[]> =>
      Promise.all(
        orgs.map((org) =>
          org.element(
            'ExtlClntAppOauthConfigurablePolicies',
            'Agent_Gateway_oauthPlcy',
            'namedUserJwtTimeout',
          ),
        ),
      );
    assert.deepEqual(await minutes(), ['30', '15']);
    await example.type(/^pulumi up --yes --expect-no-changes$/m);
    await example.type(/^pulumi destroy --yes$/m);
    assert.deepEqual(await minutes(), [undefined, undefined]);
  }

  const host = (language: HostLanguage): RegExp =>
    new RegExp(`^export PATH="\\$\\(npm run -s language-host-path -- ${language}\\):\\$PATH"$`, 'm');

  it('in YAML does what its README says', async function () {
    await languageHostFolder('yaml').catch((error: unknown) => skip(this, 'YAML', error));
    example = await Example.open('native/yaml');
    await followReadme(example, [host('yaml')]);
    example.assertAllTyped();
  });

  it('in Python does what its README says', async function () {
    await languageHostFolder('python').catch((error: unknown) => skip(this, 'Python', error));
    example = await Example.open('native/python');
    await followReadme(example, [host('python'), /^pip install --quiet --requirement requirements\.txt$/m]);
    example.assertAllTyped();
  });

  it('in Go does what its README says', async function () {
    const env = await goEnvironment().catch((error: unknown) => skip(this, 'Go', error));
    example = await Example.open('native/go', { env });
    await followReadme(example, [host('go'), /^go vet \.$/m]);
    example.assertAllTyped();
  });

  it('in TypeScript does what its README says', async () => {
    example = await Example.open('native/typescript');
    await followReadme(example, [/^npx tsc$/m]);
    const { stdout } = await example.typeBesides('npm ls pulumi-salesforce-eca-native');
    assert.match(
      stdout,
      / pulumi-salesforce-eca-native@[\d.]+ -> \.\/sdk$/m,
      'it is what package.json names',
    );
    example.assertAllTyped();
  });
});
