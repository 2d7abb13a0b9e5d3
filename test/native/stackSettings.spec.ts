import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import type { ProcessResult } from '../../tools/pulumiCli/runProcess.js';
import { changeSetting } from '../support/appSettings.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { runStackCommand } from '../support/stackCommand.js';

describe('the commands with --stack, on a stack that has its credentials in salesforce-eca: and in a provider', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let dev: LocalOrg;
  let uat: LocalOrg;
  let stack: PulumiStack;
  let folder: string;

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
    [dev, uat] = [server.org('dev'), server.org('uat')];
    folder = await mkdtemp(join(tmpdir(), 'with-stack-'));
    stack = await PulumiStack.create({
      language: 'yaml',
      program: `
configuration:
  uatUrl: { type: string }
  uatToken: { type: string, secret: true }
resources:
  uat:
    type: pulumi:providers:salesforce-eca
    properties:
      instanceUrl: \${uatUrl}
      accessToken: \${uatToken}
  gateway:
    type: salesforce-eca:ExternalClientAppJwtPolicy
    properties: { externalClientApplication: Agent_Gateway, isNamedUserJwtEnabled: true, org: dev }
  partners:
    type: salesforce-eca:ExternalClientAppJwtPolicy
    properties: { externalClientApplication: Partner_API, namedUserJwtTimeout: 30 }
    options:
      provider: \${uat}
`,
    });
    await stack.config({
      'salesforce-eca:orgs.dev.instanceUrl': dev.instanceUrl,
      'salesforce-eca:orgs.dev.accessToken': { secret: dev.accessToken },
      uatUrl: uat.instanceUrl,
      uatToken: { secret: uat.accessToken },
    });
    await stack.up();
  });
  after(async () => {
    await stack.dispose();
    await rm(folder, { recursive: true });
    await server.close();
  });

  const run = (code: number, ...args: string[]): Promise<ProcessResult> =>
    runStackCommand(stack, code, args, folder);

  it('audit reads the orgs of both, and finds the apps that the stack does not declare in each', async () => {
    const { stdout } = await run(3, 'audit', '--fail-on-unmanaged');
    const [ofDev = '', ofUat = ''] = stdout.match(/^ {2}\w+ not-declared .*$/gm) ?? [];
    assert.match(ofDev, /Partner_API/);
    assert.doesNotMatch(ofDev, /Agent_Gateway/);
    assert.match(ofUat, /Agent_Gateway/);
    assert.doesNotMatch(ofUat, /Partner_API/);
  });

  it('export and doctor read one org, by its alias or by the name of its provider', async () => {
    const { stderr } = await run(1, 'export', '--out', 'exported');
    assert.match(stderr, /\[ECA8012\] stack test has several orgs \(dev, uat\)\. Select one with --org\.\n$/);
    const exported = await run(0, 'export', '--out', 'exported', '--org', 'uat');
    assert.match(exported.stdout, new RegExp(`\\(${uat.organizationId}\\)`));
    assert.match(await readFile(join(folder, 'exported/index.ts'), 'utf8'), /Partner_API/);
    const { stdout } = await run(2, 'doctor', 'portal', '--for', 'mcp', '--org', 'dev');
    assert.match(stdout, /portal/);
  });

  it('drift signs in to both for the date of a change, and for apps that the stack does not declare', async () => {
    changeSetting(dev, 'Agent_Gateway', 'isNamedUserJwtEnabled', 'false');
    changeSetting(uat, 'Partner_API', 'namedUserJwtTimeout', '720');
    const { stdout } = await run(2, 'drift', '--fail-on-unmanaged');
    assert.equal(stdout.match(/\n {2}last modified at /g)?.length, 2, stdout);
    assert.equal(stdout.match(/\nNot declared by any resource \(/g)?.length, 2, stdout);
    for (const { organizationId } of [dev, uat]) {
      assert.match(stdout, new RegExp(`\nNot declared by any resource \\([^\n]*${organizationId}\\): `));
    }
    assert.doesNotMatch(stdout, /Note:|Failed:/);
  });
});
