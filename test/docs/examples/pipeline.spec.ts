import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { codeBlock } from '../../support/codeBlocks.js';
import { Example, type ExampleOrg } from '../../support/example.js';
import { linkPackagesWithPack, writePackRuntime } from '../../support/policyPackRuntime.js';
import { assertSarif } from '../../support/sarif.js';
import { mappingOf, scriptOf, type Mapping } from '../../support/workflows.js';

const workflow = (name: string): string => `examples/pipeline/.github/workflows/${name}.yml`;
/** The stack, as the pipelines name it: Pulumi's backend on this machine has one organization. */
const stack = 'organization/pipeline/production';

describe('the example pipeline', function () {
  this.timeout(600_000);
  let example: Example;
  let org: ExampleOrg;

  before(async () => {
    example = await Example.open('pipeline');
    await linkPackagesWithPack(example.folder);
    const programs = await writePackRuntime(example.folder);
    await example.typeBesides(`export PATH="${programs}:$PATH"`);
    await example.startLocalOrgs();
    await example.type(/^pulumi stack init production$/m);
    org = await example.org('production');
  });
  after(() => example.dispose());

  const minutes = (): Promise<string | undefined> =>
    org.element('ExtlClntAppOauthConfigurablePolicies', 'Agent_Gateway_oauthPlcy', 'namedUserJwtTimeout');
  const file = (name: string): Promise<string> => readFile(join(example.folder, name), 'utf8');
  const setLater = async (): Promise<void> => {
    const policies = `${org.instanceUrl}/local-org/components/ExtlClntAppOauthConfigurablePolicies/Agent_Gateway_oauthPlcy`;
    const xml = await (await fetch(policies)).text();
    const body = xml.replace(/(?<=<namedUserJwtTimeout>)30(?=<)/, '720');
    assert.ok((await fetch(policies, { method: 'PUT', body })).ok);
  };

  it('does what its README says', async () => {
    const deployed = await example.type(/^npm run preview\nnpm run deploy\npulumi stack output apps\b/m);
    assert.match(deployed.stdout, /"Partner_API":\{"format":"jwt","minutes":60\}/);
    await example.type(/^npm run drift -- --stack production$/m);
    const audited = await example.type(/^npm run audit -- --stack production$/m, 2);
    assert.match(audited.stdout, /error opaque-access-tokens /);
    assert.match(audited.stdout, /not-declared /);
    const refused = await example.type(/^npm run preview$/m, 1);
    assert.match(refused.stdout, /\[mandatory\].*external-client-app-named-user-token-lifetime/);
    await example.type(/^pulumi destroy --yes$/m);
    example.assertAllTyped();
  });

  describe('in GitHub Actions', () => {
    /** Types the script of a step as GitHub runs it. */
    const runStep = (name: string, step: string, env = '', ends = 0): ReturnType<Example['typeBesides']> =>
      example.typeBesides(
        `export STACK=${stack} GITHUB_STEP_SUMMARY=summary.md GITHUB_OUTPUT=output.txt ${env}\n( set -e\n${scriptOf(workflow(name), name, step)}\n)`,
        ends,
      );

    it('previews, applies, and finds no drift', async () => {
      await runStep('preview', 'Preview');
      assert.match(await file('summary.md'), /up would change isNamedUserJwtEnabled false → true/);
      await runStep('up', 'Up', 'REFRESH=false');
      assert.equal(await minutes(), '30');
      await runStep('drift', 'Compare the org with the program', 'LEG=0');
      assert.equal(await file('drift-0.code'), '0\n');
      assert.equal(await file('drift-0.stack'), `${stack}\n`);
    });

    it('reports drift, and what an audit finds', async () => {
      await setLater();
      await runStep('drift', 'Compare the org with the program', 'LEG=0');
      assert.equal(await file('drift-0.code'), '2\n');
      assert.match(await file('output.txt'), /^code=0\ncode=2\n$/);
      assert.match(await file('drift-0.md'), /720 minutes/);

      await runStep('audit', 'Audit');
      assertSarif(JSON.parse(await file('audit.sarif')));

      await runStep('up', 'Up', 'REFRESH=true');
      assert.equal(await minutes(), '30');
    });

    it('fails a preview that a policy refuses', async () => {
      await example.edit('index.ts', 'namedUserJwtTimeout: 30', 'namedUserJwtTimeout: 240');
      const { stdout } = await runStep('preview', 'Preview', '', 1);
      assert.match(stdout, /\[mandatory\].*external-client-app-named-user-token-lifetime/);
      await example.edit('index.ts', 'namedUserJwtTimeout: 240', 'namedUserJwtTimeout: 30');
    });
  });

  it('uses an environment of Pulumi ESC as configuration', async () => {
    const { values } = mappingOf(parse(codeBlock('docs/pipelines.md', 'pulumiConfig')));
    const own: Partial<Record<string, string>> = {
      'salesforce:instanceUrl': org.instanceUrl,
      'salesforce:clientId': org.clientId,
      'salesforce:username': org.username,
      'salesforce:privateKey': await readFile(org.privateKeyFile, 'utf8'),
    };
    const keys = Object.keys(mappingOf(mappingOf(values)['pulumiConfig']));
    assert.deepEqual(keys, Object.keys(own));
    await example.typeBesides('pulumi config rm salesforce:accessToken');
    for (const key of keys) {
      await writeFile(join(example.folder, 'value'), own[key] ?? '');
      await example.typeBesides(`pulumi config set ${key} --secret < value`);
    }
    await example.typeBesides(`npm run preview -- --stack ${stack}`);
    assert.deepEqual(parse(codeBlock('docs/pipelines.md', '- salesforce/production')), {
      environment: ['salesforce/production'],
    });
  });

  describe('in other pipelines', () => {
    const commandsOf = (job: unknown): string => {
      const { script } = mappingOf(job);
      assert.ok(Array.isArray(script) && script.length > 0);
      return script.join('\n');
    };
    const assertDrift = async (): Promise<void> => {
      assert.match(await file('drift.xml'), /<testsuites .*failures="0"/);
    };

    it('GitLab CI runs the same', async () => {
      const jobs = mappingOf(parse(codeBlock('docs/pipelines.md', 'id_tokens')));
      await example.typeBesides('export PULUMI_ORGANIZATION=organization/pipeline');
      for (const name of ['preview', 'up', 'drift']) await example.typeBesides(commandsOf(jobs[name]));
      await assertDrift();
      await example.typeBesides('rm drift.xml');
    });

    it('Azure Pipelines runs the same', async () => {
      const { steps } = mappingOf(parse(codeBlock('docs/pipelines.md', 'UseNode@1')));
      assert.ok(Array.isArray(steps));
      const named = steps.map(mappingOf).filter((step: Mapping) => step['displayName'] !== undefined);
      assert.deepEqual(
        named.map((step) => step['displayName']),
        ['Preview', 'Up', 'Drift'],
      );
      await example.typeBesides(`export STACK=${stack}`);
      for (const { script } of named) await example.typeBesides(String(script));
      await assertDrift();
      await example.typeBesides(`pulumi destroy --yes --stack ${stack}`);
    });
  });
});
