import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { jwtBearerEnvironment } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

describe('the native provider in a YAML program', function () {
  this.timeout(180_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack | undefined;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());
  afterEach(() => stack?.dispose());

  it('sets the values, is unchanged without a request, and restores byte for byte', async () => {
    const original = takeSnapshot(org);
    stack = await PulumiStack.create({
      language: 'yaml',
      program: `
resources:
  gateway:
    type: salesforce-eca:ExternalClientAppJwtPolicy
    properties:
      externalClientApplication: Agent_Gateway
      isNamedUserJwtEnabled: true
      namedUserJwtTimeout: 30
outputs:
  format: \${gateway.tokenFormat}
`,
      env: jwtBearerEnvironment(org),
    });
    await stack.previewAndUp();
    assert.equal(settingsOf(org, 'Agent_Gateway').namedUserJwtTimeout, '30');
    assert.equal((await stack.run(['stack', 'output', 'format'])).stdout.trim(), 'jwt');

    org.clearRequests();
    await stack.previewAndUp({ args: ['--expect-no-changes'] });
    assert.deepEqual(requestKinds(org), []);

    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  });

  it('imports by id and by the name of the app alone, from one retrieve, and is unchanged afterwards', async () => {
    const original = takeSnapshot(org);
    stack = await PulumiStack.create({
      language: 'yaml',
      program: 'resources: {}\n',
      env: jwtBearerEnvironment(org),
    });
    await writeFile(
      join(stack.folder, 'import.json'),
      JSON.stringify({
        resources: [
          { name: 'partner', id: `${org.organizationId}/Partner_API` },
          { name: 'gateway', id: 'Agent_Gateway' },
        ].map((one) => ({ type: 'salesforce-eca:index:ExternalClientAppJwtPolicy', ...one })),
      }),
    );
    org.clearRequests();
    const options = ['--yes', '--skip-preview', '--protect=false', '--out', 'imported.yaml'];
    await stack.run(['import', '--file', 'import.json', ...options]);
    assert.equal(requestKinds(org).filter((kind) => kind === 'retrieve').length, 1);
    const imported = await readFile(join(stack.folder, 'imported.yaml'), 'utf8');
    assert.match(imported, /namedUserJwtTimeout: 30/);
    await stack.setProgram(imported);
    org.clearRequests();
    await stack.previewAndUp({ args: ['--expect-no-changes'] });
    assert.deepEqual(requestKinds(org), []);
    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);

    const said = await stack.run(
      ['import', 'salesforce-eca:index:ExternalClientAppJwtPolicy', 'typo', 'Agent_Gatewy', '--yes'],
      { expectCode: 'any' },
    );
    assert.match(said.stdout + said.stderr, /ECA3001.*"Agent_Gateway"/);
  });
});
