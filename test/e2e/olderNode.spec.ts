import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { makeOlderNode } from '../support/olderNode.js';
import { accessTokenEnvironment, newPolicy, policyProgram } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const required = 'Node.js 22.19 or newer is required; this is 20.20.2';
const requiredByOrg = 'Node.js 22.13 or newer (of 23: 23.4 or newer) is required; this is 20.20.2';

describe('with Node.js 20', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack;
  let path: string;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    stack = await PulumiStack.create({
      program: policyProgram(
        newPolicy('gateway', { externalClientApplication: 'Agent_Gateway', namedUserJwtTimeout: 30 }),
      ),
      env: accessTokenEnvironment(org),
    });
    await stack.up();
    path = [await makeOlderNode(stack.folder, '20.20.2'), stack.environment['PATH']].join(':');
  });
  after(async () => {
    await stack.dispose();
    await server.close();
  });

  for (const command of ['preview', 'refresh'])
    it(`pulumi ${command} says which version is required, without a stack trace`, async () => {
      org.clearRequests();
      const args = command === 'refresh' ? ['refresh', '--yes', '--skip-preview'] : [command];
      const { code, stdout, stderr } = await stack.run(args, { env: { PATH: path }, expectCode: 'any' });
      assert.notEqual(code, 0);
      const lines = (stdout + stderr).split('\n').filter((line) => line.includes('[ECA1021]'));
      assert.ok(
        lines.length > 0 && lines.every((line) => line.includes(`[ECA1021] ${required}`)),
        stdout + stderr,
      );
      assert.doesNotMatch(stdout + stderr, /^\s+at .*:\d+/m);
      assert.deepEqual(org.requests, []);
    });

  for (const [name, args, message] of [
    [
      'the command of the provider',
      ['provider/bin/pulumi-salesforce-eca.js', 'audit'],
      `pulumi-salesforce-eca: ${required}`,
    ],
    [
      'the command of the local org',
      ['local-org/bin/salesforce-local-org.js'],
      `salesforce-local-org: ${requiredByOrg}`,
    ],
    [
      'startLocalOrg',
      [
        '-e',
        "require('salesforce-local-org').startLocalOrg().catch(({ message }) => { console.error(message); process.exitCode = 1; })",
      ],
      requiredByOrg,
    ],
  ] as const)
    it(`${name} says which version is required`, async () => {
      const { code, stdout, stderr } = await runProcess('node', args, {
        cwd: repositoryFolder,
        env: { PATH: path },
        deadlineMs: 20_000,
      });
      assert.deepEqual([code, stdout, stderr], [1, '', `${message}\n`]);
    });
});
