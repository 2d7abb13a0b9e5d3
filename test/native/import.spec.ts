import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { nativeResourceType } from '../../provider/dist/resourceType.js';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { putApp } from '../support/localApps.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { jwtBearerEnvironment } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const minutes = [1, 5, 10, 15, 30, 60, 90, 120, 240, 480, 720];

describe('the native provider in an import', function () {
  this.timeout(180_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
  });
  after(() => server.close());
  beforeEach(async () => {
    stack = await PulumiStack.create({
      language: 'yaml',
      program: 'resources: {}\n',
      env: jwtBearerEnvironment(org),
    });
  });
  afterEach(async () => {
    await stack.dispose();
    restoreSnapshot(org, original);
  });

  const retrieves = (): number => requestKinds(org).filter((kind) => kind === 'retrieve').length;
  const writeImportFile = (resources: readonly { name: string; id: string }[]): Promise<void> =>
    writeFile(
      join(stack.folder, 'import.json'),
      JSON.stringify({ resources: resources.map((one) => ({ type: nativeResourceType, ...one })) }),
    );
  const options = ['--yes', '--skip-preview', '--protect=false'];

  it('imports 60 apps with one retrieve, and the program that Pulumi writes for them changes nothing', async () => {
    const apps = Array.from({ length: 60 }, (_, index) => `App_${index}`);
    for (const [index, app] of apps.entries()) {
      const isJwt = index % 3 !== 0;
      putApp(org, app, {
        globalSettings: { isNamedUserJwtEnabled: isJwt },
        policies: isJwt
          ? { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: minutes[index % minutes.length] }
          : {},
      });
    }
    const before = takeSnapshot(org);
    // Half of them by the name of the app alone.
    await writeImportFile(
      apps.map((app, index) => ({ name: app, id: index % 2 === 0 ? app : `${org.organizationId}/${app}` })),
    );
    org.clearRequests();
    await stack.run(['import', '--file', 'import.json', ...options, '--out', 'imported.yaml']);
    assert.equal(retrieves(), 1);
    const resources = (await stack.state()).resources.filter(({ type }) => type === nativeResourceType);
    assert.deepEqual(
      resources.map(({ id }) => id).sort(),
      apps.map((app) => `${org.organizationId}/${app}`).sort(),
    );

    await stack.setProgram(await readFile(join(stack.folder, 'imported.yaml'), 'utf8'));
    org.clearRequests();
    await stack.previewAndUp({ args: ['--expect-no-changes'] });
    assert.deepEqual(requestKinds(org), []);
    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), before);
  });

  it('works as a resource option, and destroy restores what was there; get() reads another app', async () => {
    const program = (option: string): string => `
resources:
  partner:
    type: salesforce-eca:ExternalClientAppJwtPolicy
    properties:
      externalClientApplication: Partner_API
      isNamedUserJwtEnabled: true
      namedUserJwtTimeout: 5
${option}
  gateway:
    type: salesforce-eca:ExternalClientAppJwtPolicy
    get:
      id: Agent_Gateway
outputs:
  found: \${partner.valuesFound}
  format: \${gateway.tokenFormat}
`;
    await stack.setProgram(program('    options:\n      import: Partner_API'));
    await stack.previewAndUp();
    assert.equal(settingsOf(org, 'Partner_API').namedUserJwtTimeout, '5');
    assert.deepEqual(JSON.parse((await stack.run(['stack', 'output', '--json'])).stdout), {
      found: {
        isNamedUserJwtEnabled: true,
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 30,
      },
      format: 'opaque',
    });
    // With the option and without it.
    await stack.previewAndUp({ args: ['--expect-no-changes'] });
    await stack.setProgram(program(''));
    await stack.previewAndUp({ args: ['--expect-no-changes'] });

    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  });

  it('refuses an app that does not exist, another org and an app without OAuth', async () => {
    for (const [id, message] of [
      ['Agent_Gatewy', /ECA3001\].*Did you mean "Agent_Gateway"\?/],
      ['00D000000000062EAA/Agent_Gateway', /ECA1701\].*no sign-in leads there/],
      ['No_OAuth', /ECA3013\].*cannot be imported: OAuth is not enabled/],
    ] as const) {
      const { stdout, stderr } = await stack.run(['import', nativeResourceType, 'wrong', id, ...options], {
        expectCode: 1,
      });
      assert.match(stdout + stderr, message);
    }
  });
});
