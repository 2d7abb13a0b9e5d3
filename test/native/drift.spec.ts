import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import type { ProcessResult } from '../../tools/pulumiCli/runProcess.js';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { accessTokenEnvironment } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { runStackCommand } from '../support/stackCommand.js';

const app = 'Agent_Gateway';
const program = (minutes: number): string => `
resources:
  gateway:
    type: salesforce-eca:ExternalClientAppJwtPolicy
    properties: { externalClientApplication: ${app}, isNamedUserJwtEnabled: true, namedUserJwtTimeout: ${minutes} }
  partners:
    type: salesforce-eca:ExternalClientAppJwtPolicy
    properties: { externalClientApplication: Partner_API, namedUserJwtTimeout: 30 }
`;

describe('drift and audit on a stack of the native provider', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    stack = await PulumiStack.create({
      language: 'yaml',
      program: program(30),
      env: accessTokenEnvironment(org),
    });
    await stack.up();
  });
  after(async () => {
    await stack.dispose();
    await server.close();
  });

  const run = (code: number, ...args: string[]): Promise<ProcessResult> => runStackCommand(stack, code, args);

  it('drift is clean after up, and sends no more requests than a refresh', async () => {
    org.clearRequests();
    const { stdout } = await run(0, 'drift');
    assert.equal(stdout, 'Stack test: clean\n\n2 resources: 2 clean (--all lists the clean ones)\n');
    assert.deepEqual(
      new Set(requestKinds(org).filter((kind) => !['token', 'versions', 'userinfo'].includes(kind))),
      new Set(['readMetadata']),
    );
  });

  it('audit and drift find the apps that the stack does not declare', async () => {
    const audit = await run(3, 'audit', '--fail-on-unmanaged');
    const undeclared = audit.stdout.match(/^ {2}\w+ not-declared .*$/gm)?.join('\n') ?? '';
    assert.match(undeclared, /portal/);
    assert.doesNotMatch(undeclared, /Agent_Gateway|Partner_API/);
    const { stdout } = await run(3, 'drift', '--fail-on-unmanaged');
    assert.match(stdout, /^Stack test: clean, but 6 apps are not declared \(exit code 3\)\n/);
    assert.match(stdout, /\nNot declared by any resource \([^)]*\): [^]*portal/);
    assert.doesNotMatch(stdout, /Agent_Gateway|Partner_API/);
  });

  it('drift distinguishes what changed in the org from what is not applied yet, and sends no deploy', async () => {
    changeSetting(org, 'Partner_API', 'namedUserJwtTimeout', '720');
    await stack.setProgram(program(15));
    org.clearRequests();
    const { stdout } = await run(2, 'drift');
    assert.match(
      stdout,
      /\ngateway \(app Agent_Gateway, \w+\): pending\n {2}namedUserJwtTimeout: the org has 30 minutes, the program 15 minutes \(not applied yet\)\n/,
    );
    assert.match(
      stdout,
      /\npartners \(app Partner_API, \w+\): drifted\n {2}namedUserJwtTimeout: the org has 720 minutes, the program 30 minutes \(changed in the org\)\n {2}last modified at /,
    );
    assert.doesNotMatch(requestKinds(org).join(), /deploy/);
    assert.equal(settingsOf(org, 'Partner_API').namedUserJwtTimeout, '720');
  });
});
