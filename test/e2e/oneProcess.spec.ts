import assert from 'node:assert/strict';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { PulumiStack } from '../support/pulumiStack.js';

/** Two stacks with programs of the same process, which each read the org that they call by the same alias; one after the other and at once. */
const driver = (first: LocalOrg, second: LocalOrg): string => `
const { LocalWorkspace } = require('@pulumi/pulumi/automation');
const { listExternalClientApps } = require('pulumi-salesforce-eca');
const orgs = ${JSON.stringify([first, second].map(({ instanceUrl, accessToken }) => ({ instanceUrl, accessToken })))};
const program = async () => ({ read: (await listExternalClientApps({ org: 'shared' })).orgId });
(async () => {
  const stacks = [];
  for (const [index, org] of orgs.entries()) {
    const stack = await LocalWorkspace.createOrSelectStack({ stackName: 'stack' + index, projectName: 'inline', program });
    await stack.setConfig('salesforce:orgs', { value: JSON.stringify({ shared: org }), secret: true });
    stacks.push(stack);
  }
  const readBy = async (stack) => (await stack.up()).outputs.read.value;
  const inTurn = [await readBy(stacks[0]), await readBy(stacks[1])];
  const atOnce = await Promise.all(stacks.map(readBy));
  console.log(JSON.stringify([...inTurn, ...atOnce]));
})();
`;

describe('two stacks in one process', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let stack: PulumiStack | undefined;

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
  });
  after(() => server.close());
  afterEach(() => stack?.dispose());

  it('each read their own org', async () => {
    const [dev, uat] = [server.org('dev'), server.org('uat')];
    stack = await PulumiStack.create({ program: '' });
    const file = join(stack.folder, 'driver.cjs');
    await writeFile(file, driver(dev, uat));
    const { code, stdout, stderr } = await runProcess(process.execPath, [file], {
      cwd: stack.folder,
      env: stack.environment,
      deadlineMs: 200_000,
    });
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(JSON.parse(stdout.trim().split('\n').at(-1)!), [
      dev.organizationId,
      uat.organizationId,
      dev.organizationId,
      uat.organizationId,
    ]);
  });
});
