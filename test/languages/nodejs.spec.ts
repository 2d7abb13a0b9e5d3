import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { sdkFolder } from '../../tools/sdks/writeSdks.js';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { jwtBearerEnvironment } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { assertNoSecretsLeft } from '../support/secretsLeft.js';
import { isolatedEnvironment, repositoryNodeModules } from '../support/temporaryProject.js';

const app = 'Agent_Gateway';

/** One app of the org of the environment, and the same app of an org of an explicit provider. */
const resources = `
const eca = require('./sdk');
const { UAT_URL: instanceUrl, UAT_TOKEN: accessToken } = process.env;
const uat = new eca.Provider('uat', { orgs: { uat: { instanceUrl, accessToken } }, timeoutMinutes: 5 });
const gateway = new eca.ExternalClientAppJwtPolicy('gateway', {
  externalClientApplication: '${app}',
  isNamedUserJwtEnabled: true,
  namedUserJwtSessionTimeoutType: eca.JwtSessionTimeoutType.Custom,
  namedUserJwtTimeout: 30,
  allow: [eca.Guard.LockOut],
});
new eca.ExternalClientAppJwtPolicy(
  'gateway-uat',
  { externalClientApplication: '${app}', org: 'uat', isNamedUserJwtEnabled: true, namedUserJwtTimeout: 15 },
  { provider: uat },
);
exports.format = gateway.tokenFormat;
exports.valuesFound = gateway.valuesFound;
`;
const readings = `
const found = eca.getExternalClientAppJwtPolicyOutput({ externalClientApplication: gateway.externalClientApplication });
exports.minutes = found.namedUserTokenLifetime.apply((lifetime) => lifetime.maximumMinutes);
exports.apps = eca.listExternalClientAppsOutput().apps.apply((apps) => apps.map((app) => app.externalClientApplication));
`;

/** Compiles the SDK into a folder that holds what its package will hold. */
async function compileSdk(folder: string): Promise<void> {
  const source = join(sdkFolder, 'nodejs');
  const { code, stdout } = await runProcess(
    join(repositoryNodeModules, '.bin/tsc'),
    ['-p', source, '--outDir', folder],
    { env: isolatedEnvironment([]), deadlineMs: 60_000 },
  );
  assert.equal(code, 0, stdout);
  await copyFile(join(source, 'package.json'), join(folder, 'package.json'));
}

describe('a program with the SDK for Node.js', function () {
  this.timeout(180_000);
  let server: LocalOrgServer;
  let stack: PulumiStack | undefined;

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
  });
  after(async () => {
    await stack?.dispose();
    await server.close();
  });

  it('sets values in two orgs, is unchanged without a request, reads apps, and restores byte for byte', async () => {
    const [dev, uat] = [server.org('dev'), server.org('uat')];
    const orgs = [dev, uat];
    const originals = orgs.map(takeSnapshot);
    stack = await PulumiStack.create({
      program: resources,
      env: { ...jwtBearerEnvironment(dev), UAT_URL: uat.instanceUrl, UAT_TOKEN: uat.accessToken },
    });
    await compileSdk(join(stack.folder, 'sdk'));
    await stack.previewAndUp();
    assert.deepEqual(
      orgs.map((org) => settingsOf(org, app).namedUserJwtTimeout),
      ['30', '15'],
    );

    for (const org of orgs) org.clearRequests();
    await stack.previewAndUp({ args: ['--expect-no-changes'] });
    assert.deepEqual(orgs.flatMap(requestKinds), []);

    await stack.setProgram(resources + readings);
    await stack.up();
    const outputs = JSON.parse((await stack.run(['stack', 'output', '--json'])).stdout) as Record<
      string,
      unknown
    >;
    const { apps, ...others } = outputs;
    assert.deepEqual(others, {
      format: 'jwt',
      valuesFound: {
        isNamedUserJwtEnabled: false,
        namedUserJwtSessionTimeoutType: 'absent',
        namedUserJwtTimeout: 'absent',
      },
      minutes: 30,
    });
    assert.ok(Array.isArray(apps) && apps.includes(app));

    await stack.destroy();
    assert.deepEqual(orgs.map(takeSnapshot), originals);
    await assertNoSecretsLeft(stack, orgs, '');
  });
});
