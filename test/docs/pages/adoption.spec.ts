import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import { codeBlock } from '../../support/codeBlocks.js';
import { PageSession } from '../../support/pageSession.js';
import { withOwnValues } from '../../support/placeholders.js';
import { accessTokenEnvironment, policyType } from '../../support/policyProgram.js';
import type { PulumiStack } from '../../support/pulumiStack.js';
import { answeredYes, type Shell } from '../../support/shell.js';

describe('docs/adoption.md', function () {
  this.timeout(120_000);
  let session: PageSession;
  let org: LocalOrg;
  let stack: PulumiStack;
  let shell: Shell;

  before(async () => {
    session = await PageSession.open((own) => ({
      program: '// replaced by the export\n',
      language: 'typescript',
      env: { ...accessTokenEnvironment(own), ...answeredYes },
    }));
    ({ org, stack, shell } = session);
  });
  after(() => session.close());

  it('leads from an export to a complete state, in both ways, and deploys nothing', async () => {
    const exported = withOwnValues(codeBlock('docs/adoption.md', 'export SALESFORCE_INSTANCE_URL'), org);
    const { stdout } = await shell.type(exported);
    assert.match(stdout, /11 external client apps, 7 resources\./);
    // The project that holds what was exported.
    await shell.type('cp my-project/index.ts my-project/import.json .');

    await shell.type(codeBlock('docs/adoption.md', 'pulumi up'));
    const adopted = await stack.state();
    assert.equal(adopted.resources.filter(({ type }) => type === policyType).length, 7);

    const check = codeBlock('docs/adoption.md', 'node -p');
    const ours = 'exports.handler = () => require("pulumi-salesforce-eca/provider");\n';
    assert.equal((await shell.type(check)).stdout, ours);
    await shell.type(`cp import.json kept.json && sed -i '0,/exports.handler/s//planted(); &/' import.json`);
    assert.equal((await shell.type(check)).stdout, `planted(); ${ours}${ours}`);
    await shell.type('mv kept.json import.json');

    await shell.type(`pulumi stack rm --yes --force && pulumi stack init "$PULUMI_STACK"`);
    await shell.type(codeBlock('docs/adoption.md', 'pulumi import --file import.json'));
    assert.deepEqual(org.deploys, []);

    await shell.type('npx pulumi-salesforce-eca export --format json --out . --force');
    await stack.setProgram(codeBlock('docs/adoption.md', 'for (const { name, inputs }'));
    await stack.preview({ args: ['--expect-no-changes'] });
  });

  it('is what the README begins with', async () => {
    await shell.type('rm -r my-project');
    const { stdout } = await shell.type(codeBlock('README.md', 'export --out'));
    assert.match(stdout, /11 external client apps, 7 resources\./);
  });
});

describe('docs/adoption.md, with the native provider', function () {
  this.timeout(120_000);
  let session: PageSession;

  before(async () => {
    session = await PageSession.open((own) => ({
      program: 'resources: {}\n',
      language: 'yaml',
      env: { ...accessTokenEnvironment(own), ...answeredYes },
    }));
  });
  after(() => session.close());

  it('leads to resources with generated code, from the id of an app and from a file', async () => {
    const { shell, stack, org } = session;
    await shell.type(codeBlock('docs/adoption.md', 'ExternalClientAppJwtPolicy partners'));
    await writeFile(join(stack.folder, 'apps.json'), codeBlock('docs/adoption.md', '"name": "gateway"'));
    await shell.type(codeBlock('docs/adoption.md', 'pulumi import --file apps.json'));
    await shell.type('(cat partners.yaml; grep -v ^resources apps.yaml) > Main.yaml');
    await stack.preview({ args: ['--expect-no-changes'] });
    assert.deepEqual(org.deploys, []);
  });

  it('leads to a program in YAML, imported with the same steps', async () => {
    const { shell, stack, org } = session;
    await shell.type(codeBlock('docs/adoption.md', '--language yaml --out'));
    await shell.type('cp my-yaml-project/* .');
    await shell.type(`pulumi stack rm --yes --force && pulumi stack init "$PULUMI_STACK"`);
    await shell.type(codeBlock('docs/adoption.md', 'pulumi import --file import.json'));
    await stack.preview({ args: ['--expect-no-changes'] });
    assert.deepEqual(org.deploys, []);
  });
});
