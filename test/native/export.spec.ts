import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { yamlValue } from '../../provider/dist/reports/export/quoting.js';
import { nativeResourceType } from '../../provider/dist/resourceType.js';
import { requestKinds } from '../support/arrivals.js';
import { runCommandLine } from '../support/commandLine.js';
import { awkwardTexts } from '../support/exportedOrgs.js';
import { putApp } from '../support/localApps.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { mappingOf } from '../support/workflows.js';

/** Names of apps that YAML without quotes takes for something else, and one that Pulumi reserves. */
const apps = ['No', 'Null', 'on', 'y', 'pulumi'];

describe('an export for the native provider, in YAML', function () {
  this.timeout(180_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    for (const app of apps) putApp(org, app);
  });
  after(() => server.close());
  beforeEach(async () => {
    stack = await PulumiStack.create({
      program: '# replaced by the export\n',
      language: 'yaml',
      env: accessTokenEnvironment(org),
    });
    const { code, stderr } = await runCommandLine(
      ['export', '--provider', 'native', '--language', 'yaml', '--out', stack.folder, '--force'],
      accessTokenEnvironment(org),
    );
    assert.equal(code, 0, stderr);
    org.clearRequests();
  });
  afterEach(() => stack.dispose());

  /** The resources in the state of a stack, without what only a sign-in leaves. */
  const resourcesOf = async (of: PulumiStack): Promise<Map<string, unknown>> => {
    const own = (await of.state()).resources.filter(({ type }) => type === nativeResourceType);
    return new Map(
      own.map(({ urn, id, inputs, outputs }) => {
        // Resources that are created together see each other's components, an export only its own.
        const others = Object.entries(outputs).filter(([name]) => !['__signIn', 'components'].includes(name));
        return [urn, { id, inputs, outputs: Object.fromEntries(others) }];
      }),
    );
  };

  it('is a program whose first up deploys nothing, and the import leads to the same state', async () => {
    const original = takeSnapshot(org);
    const clone = await stack.clone();
    try {
      await clone.run([
        'import',
        '--file',
        'import.json',
        '--yes',
        '--skip-preview',
        '--generate-code=false',
        '--protect=false',
      ]);
      assert.deepEqual(requestKinds(org), [], 'an import of exported values asks the org for nothing');
      const imported = await resourcesOf(clone);
      await clone.preview({ args: ['--refresh', '--expect-no-changes'] });
      await stack.previewAndUp();
      assert.deepEqual(org.deploys, []);
      assert.equal(imported.size, 7 + apps.length);
      assert.deepEqual(imported, await resourcesOf(stack));
      await clone.destroy();
      assert.deepEqual(takeSnapshot(org), original);
    } finally {
      await clone.dispose();
    }
  });

  it('quotes strings so that Pulumi reads them unchanged', async () => {
    const program = awkwardTexts.map((text, index) => `  t${index}: ${yamlValue(text)}`).join('\n');
    await stack.setProgram(`outputs:\n${program}\n`);
    await stack.up();
    const outputs = mappingOf(JSON.parse((await stack.run(['stack', 'output', '--json'])).stdout));
    assert.deepEqual(
      awkwardTexts.map((_, index) => outputs[`t${index}`]),
      awkwardTexts,
    );
  });
});
