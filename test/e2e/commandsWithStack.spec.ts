import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import type { ProcessResult } from '../../tools/pulumiCli/runProcess.js';
import { runCommandLine } from '../support/commandLine.js';
import { accessTokenEnvironment, newPolicy, policyProgram } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { runStackCommand } from '../support/stackCommand.js';

const inputs = { externalClientApplication: 'Partner_API', namedUserJwtTimeout: 30 };

describe('the commands with --stack', function () {
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
      program: policyProgram(newPolicy('partners', { ...inputs, org: 'dev' })),
      env: {},
    });
    for (const org of [dev, uat]) {
      await stack.config({
        [`salesforce:orgs.${org.name}.instanceUrl`]: accessTokenEnvironment(org).SALESFORCE_INSTANCE_URL,
        [`salesforce:orgs.${org.name}.accessToken`]: { secret: org.accessToken },
      });
    }
    await stack.up();
  });
  after(async () => {
    await stack.dispose();
    await rm(folder, { recursive: true });
    await server.close();
  });

  const run = (code: number, ...args: string[]): Promise<ProcessResult> =>
    runStackCommand(stack, code, args, folder);

  it('audit reads every org of the stack with its secrets, and finds the apps that it does not declare', async () => {
    const { stdout } = await run(0, 'audit');
    assert.match(
      stdout,
      /^Audit at \S+, stack test\. Requirements: none\n\nOrg "dev", http[^]*\n\nOrg "uat", http/,
    );
    const [ofDev = '', ofUat = ''] = stdout.match(/^ {2}note not-declared .*(?:\n {4}.*)*$/gm) ?? [];
    assert.match(ofDev, /Agent_Gateway, [^]*: not\s+declared\s+by\s+any\s+resource\s+of\s+stack\s+test$/);
    assert.doesNotMatch(ofDev, /Partner_API|No_OAuth/);
    assert.match(ofUat, /Agent_Gateway, [^]*Partner_API/);
    assert.match(stdout, /\n2 orgs, 22 apps: .*\n$/);

    const json = await run(3, 'audit', '--json', '--fail-on-unmanaged', '--org', 'dev');
    const { orgs, failures } = JSON.parse(json.stdout) as {
      orgs: { org: string; orgId: string }[];
      failures: unknown[];
    };
    assert.deepEqual(
      orgs.map(({ org, orgId }) => [org, orgId]),
      [['dev', dev.organizationId]],
    );
    assert.deepEqual(failures, []);
    await run(2, 'audit', '--fail-on-unmanaged', '--require-jwt', '--org', 'dev');
  });

  it('audit shows the other orgs if one cannot be read, names it, and exits with 1', async () => {
    uat.faults.add({ on: 'retrieve', do: { kind: 'status', status: 403 } });
    try {
      const { stdout, stderr } = await run(1, 'audit', '--out', 'audit.txt');
      assert.match(
        stdout,
        /^Org "dev", .*\nOrg "uat": not read: .*\n1 of 2 orgs read, 11 apps: .*\nWrote audit\.txt\n$/,
      );
      assert.match(stderr, /^org "uat": \[ECA\d+\] org "uat" \(\w+\) could not be read: /);
      assert.match(await readFile(join(folder, 'audit.txt'), 'utf8'), /\nOrg "uat": not read: /);

      const json = JSON.parse((await run(1, 'audit', '--json')).stdout) as {
        failures: { org: string; message: string }[];
      };
      assert.deepEqual(
        json.failures.map(({ org }) => org),
        ['uat'],
      );
      assert.match((await run(1, 'audit', '--format', 'csv')).stdout, /\r\ndev,\w{18},Agent_Gateway,/);
    } finally {
      uat.faults.clear();
    }
  });

  it('export and doctor read one org, and ask which if there are several', async () => {
    const { stderr } = await run(1, 'export', '--out', 'exported');
    assert.equal(
      stderr,
      'pulumi-salesforce-eca: [ECA8012] stack test has several orgs (dev, uat). Select one with --org.\n',
    );
    const exported = await run(0, 'export', '--out', 'exported', '--org', 'uat');
    assert.match(exported.stdout, new RegExp(`^Org "uat" \\(${uat.organizationId}\\)`));
    assert.match(await readFile(join(folder, 'exported/index.ts'), 'utf8'), /Partner_API/);
    const { stdout } = await run(2, 'doctor', 'portal', '--for', 'mcp', '--org', 'dev');
    assert.match(stdout, /^App portal in org "dev" \(/);
    const json = await run(2, 'doctor', 'portal', '--for', 'mcp', '--org', 'dev', '--json');
    assert.equal((JSON.parse(json.stdout) as { org: string }).org, 'dev');
  });

  it('drift finds the apps that it does not declare, with a separate exit code', async () => {
    const { stdout } = await run(3, 'drift', '--fail-on-unmanaged');
    assert.match(
      stdout,
      /^Stack test: clean, but \d+ apps are not declared \(exit code 3\)\n\n1 resource: 1 clean /,
    );
    assert.match(
      stdout,
      new RegExp(`\nNot declared by any resource \\(org "dev", ${dev.organizationId}\\): Agent_Gateway, `),
    );
    assert.doesNotMatch(stdout, /Partner_API/);
    const exempted = await run(3, 'drift', '--fail-on-unmanaged', '--exempt', 'Agent_Gateway');
    assert.doesNotMatch(exempted.stdout, /Agent_Gateway/);
    assert.match(exempted.stdout, /\nNot declared by any resource .*: Deployer, /);
  });

  it('drift refuses an exemption that cannot apply', async () => {
    const misspelt = await run(1, 'drift', '--fail-on-unmanaged', '--exempt', 'Agent_Gatewy');
    assert.match(
      misspelt.stdout,
      /\nFailed: \[ECA8201\] --exempt "Agent_Gatewy": no app has this name\. Did you mean "Agent_Gateway"\?/,
    );
    const needless = await run(1, 'drift', '--exempt', 'Agent_Gateway');
    assert.match(needless.stderr, /option '--exempt <app>' requires option '--fail-on-unmanaged'/);
  });

  it('audit and drift do not require a resource for the app that they sign in with', async () => {
    await stack.config({
      'salesforce:orgs.dev.accessToken': '',
      'salesforce:orgs.dev.clientId': dev.clientId,
      'salesforce:orgs.dev.username': dev.username,
      'salesforce:orgs.dev.privateKey': { secret: dev.privateKey },
    });
    for (const command of [['drift'], ['audit', '--wide', '--org', 'dev']]) {
      const { stdout } = await run(3, ...command, '--fail-on-unmanaged');
      const [line = ''] =
        /^.*(?:not-declared|Not declared) .*(?:\n {2,}(?!warning|note|error).*)*/m.exec(stdout) ?? [];
      assert.match(line, /\bAgent_Gateway\b/);
      assert.doesNotMatch(line, /\bDeployer\b/);
      assert.match(stdout, /\bDeployer: not counted as undeclared: the command signs in with it$/m);
    }
  });

  it('names a stack that does not exist, and a folder that is not a project', async () => {
    assert.match(
      (await runCommandLine(['audit', '--cwd', stack.folder, '--stack', 'nowhere'], stack.environment))
        .stderr,
      /^pulumi-salesforce-eca: \[ECA8005\] stack nowhere: no stack named 'nowhere' found\.\n$/,
    );
  });
});
