import assert from 'node:assert/strict';
import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import type { ProcessResult } from '../../tools/pulumiCli/runProcess.js';
import { runCommandLine } from '../support/commandLine.js';
import { accessTokenEnvironment, newPolicy, policyProgram, policyType } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const inputs = { externalClientApplication: 'Agent_Gateway', isNamedUserJwtEnabled: true };
const otherType = 'pulumi-nodejs:dynamic:Resource';
const other = `new pulumi.dynamic.Resource({ create: async () => ({ id: 'other', outs: {} }) }, 'other', {});`;

/** Somebody who can write the state plants a text in it; the same look with `--trust-dynamic` shows that the text would run. */
describe('provider code that was planted in the state, and pulumi-salesforce-eca drift', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let stack: PulumiStack;
  let original: string;
  let mark: string;

  before(async () => {
    server = await startLocalOrg();
    stack = await PulumiStack.create({
      program: policyProgram(newPolicy('gateway', inputs), other),
      env: accessTokenEnvironment(server.org('dev')),
    });
    mark = join(stack.folder, 'the-text-ran');
    await stack.up();
    original = (await stack.state()).text;
  });
  after(async () => {
    await stack.dispose();
    await server.close();
  });
  beforeEach(() => rm(mark, { force: true }));

  /** Replaces the provider's text of one type in the inputs, or the outputs, of the state. */
  async function plant(type: string, bag: 'inputs' | 'outputs'): Promise<void> {
    const text =
      `require("fs").writeFileSync(${JSON.stringify(mark)}, ""); ` +
      'exports.handler = () => ({ diff: async () => ({}), read: async (id, props) => ({ id, props }) });';
    const planted = original.replace(
      new RegExp(
        `("type": "${type}"[^]*?"${bag}": \\{[^]*?"__provider": )("(?:[^"\\\\]|\\\\.)*"|\\{[^}]*\\})`,
      ),
      (_, before: string) => before + JSON.stringify(text),
    );
    assert.notEqual(planted, original);
    const file = join(stack.folder, 'planted.json');
    await writeFile(file, planted);
    await stack.run(['stack', 'import', '--file', file]);
  }
  const drift = (...args: string[]): Promise<ProcessResult> =>
    runCommandLine(['drift', '--cwd', stack.folder, ...args], stack.environment);
  const hasRun = (): Promise<boolean> =>
    access(mark).then(
      () => true,
      () => false,
    );

  for (const bag of ['inputs', 'outputs'] as const) {
    it(`is refused in the ${bag} of a policy before anything is read`, async () => {
      await plant(policyType, bag);
      const refused = await drift();
      assert.equal(refused.code, 1, refused.stdout + refused.stderr);
      assert.match(
        refused.stderr,
        /__provider of urn:pulumi:\S+::gateway is not the code that this package writes/,
      );
      assert.equal(refused.stdout, '');
      assert.equal(await hasRun(), false);

      await drift('--trust-dynamic', policyType);
      assert.equal(await hasRun(), true, 'it is a text that runs');
    });
  }

  it('does not run in a resource of another type that the program declares: only our resources are read', async () => {
    await plant(otherType, 'outputs');
    const { code, stdout, stderr } = await drift();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^Stack test: clean\n\n1 resource: 1 clean /);
    assert.match(
      stdout,
      /\nNote: \[ECA8010\] only the ExternalClientAppJwtPolicy resources were compared: [^]*\(pulumi-nodejs:dynamic:Resource\)/,
    );
    assert.equal(await hasRun(), false);

    await drift('--trust-dynamic', otherType);
    assert.equal(await hasRun(), true, 'it is a text that runs');
  });
});
