import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment, newPolicy, policyProgram, policyType } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const __provider = 'exports.handler = () => require("pulumi-salesforce-eca/provider");';
/** As the app `Partner_API` of the local org's seed has them. */
const settings = {
  externalClientApplication: 'Partner_API',
  isNamedUserJwtEnabled: true,
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: 30,
};

describe('bringing a resource into the state without creating it:', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());

  beforeEach(async () => {
    stack = await PulumiStack.create({
      program: policyProgram(newPolicy('partners', settings)),
      env: accessTokenEnvironment(org),
    });
  });
  afterEach(() => stack.dispose());

  it('pulumi import --file imports it with its inputs and outputs, and no preview shows a change', async () => {
    const original = takeSnapshot(org);
    const resource = {
      type: policyType,
      name: 'partners',
      id: `${org.organizationId}/Partner_API`,
      inputs: { ...settings, __provider },
      outputs: { ...settings, __provider },
    };
    await writeFile(join(stack.folder, 'import.json'), JSON.stringify({ resources: [resource] }));
    await stack.run([
      'import',
      '--file',
      'import.json',
      '--yes',
      '--skip-preview',
      '--generate-code=false',
      '--protect=false',
    ]);

    await stack.preview({ args: ['--expect-no-changes'] });
    await stack.preview({ args: ['--refresh', '--expect-no-changes'] });
    await stack.refresh();
    const imported = (await stack.state()).resources.find(({ type }) => type === policyType);
    assert.equal(imported?.outputs['tokenFormat'], 'jwt');
    assert.equal(imported.outputs['orgId'], org.organizationId);

    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original, 'what was found before is not known: destroy leaves it');
  });

  it('not the resource option import, which fails as docs/troubleshooting.md says', async () => {
    const options = `{ import: '${org.organizationId}/Partner_API' }`;
    await stack.setProgram(policyProgram(newPolicy('partners', settings, options)));
    const { stdout, stderr } = await stack.run(['preview'], { expectCode: 1 });
    assert.match(stdout + stderr, /code must be a string, not undefined/);
  });
});
