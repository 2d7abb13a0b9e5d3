import assert from 'node:assert/strict';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { startProcess, type RunningProcess } from '../../tools/pulumiCli/runProcess.js';
import { settingsOf } from '../support/appSettings.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { endProcess, readPort } from '../support/pluginProcess.js';
import { jwtBearerEnvironment, yamlProgram } from '../support/policyProgram.js';
import { nativeFolder, nativePackage } from '../support/providerProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const app = 'Agent_Gateway';
const deadlineMs = 240_000;

describe('a native provider that somebody started under a debugger', function () {
  this.timeout(deadlineMs);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack | undefined;
  let provider: RunningProcess | undefined;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());
  afterEach(async () => {
    if (provider !== undefined) await endProcess(provider);
    await stack?.dispose();
  });

  it('serves runs with its port one after the other, and keeps running', async () => {
    const original = takeSnapshot(org);
    const program = (minutes: number): string =>
      yamlProgram({
        gateway: {
          externalClientApplication: app,
          isNamedUserJwtEnabled: true,
          namedUserJwtTimeout: minutes,
        },
      });
    stack = await PulumiStack.create({ language: 'yaml', program: program(30) });
    // The sign-in is in its environment alone: no other process could do the work.
    provider = startProcess(process.execPath, [join(nativeFolder, 'main.js')], {
      env: { ...stack.environment, ...jwtBearerEnvironment(org) },
      deadlineMs,
    });
    const port = await readPort(provider, 'native provider');
    const env = { PULUMI_DEBUG_PROVIDERS: `${nativePackage}:${port}` };

    await stack.previewAndUp({ env });
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');
    await stack.setProgram(program(15));
    await stack.previewAndUp({ env });
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '15');
    await stack.destroy({ env });
    assert.deepEqual(takeSnapshot(org), original);
    assert.equal(provider.child.exitCode, null);
    assert.equal(provider.output(), `${port}\n`);
  });
});
