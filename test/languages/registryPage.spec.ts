import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { codeBlock } from '../support/codeBlocks.js';
import { withOwnValues } from '../support/placeholders.js';
import { jwtBearerEnvironment } from '../support/policyProgram.js';
import { PulumiStack, type PulumiStackOptions } from '../support/pulumiStack.js';
import { Shell } from '../support/shell.js';
import { skip } from '../support/skip.js';
import { buildLimitMs, sdkLanguages } from './sdkProjects.js';

describe('the example of docs/_index.md', function () {
  this.timeout(buildLimitMs);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack | undefined;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());
  afterEach(async () => {
    await stack?.dispose();
    stack = undefined;
  });

  /** Brings it up, compares its outputs, and destroys it. */
  async function bringUp(opened: PulumiStack): Promise<void> {
    const original = takeSnapshot(org);
    await opened.up({ deadlineMs: buildLimitMs });
    const { stdout } = await opened.run(['stack', 'output', '--json']);
    assert.deepEqual(JSON.parse(stdout), { format: 'jwt', minutes: 30 });
    await opened.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  }

  it('in YAML works with the configuration of the page', async () => {
    stack = await PulumiStack.create({
      language: 'yaml',
      program: codeBlock('docs/_index.md', 'type: salesforce-eca:ExternalClientAppJwtPolicy'),
    });
    await copyFile(org.privateKeyFile, join(stack.folder, 'deploy.pem'));
    const configuration = codeBlock('docs/_index.md', 'salesforce-eca:privateKey --secret');
    await new Shell(stack.folder, stack.environment).type(withOwnValues(configuration, org));
    await bringUp(stack);
  });

  const languages = [
    // A test finds the SDK in the project, and its types are checked by a unit test.
    ['javascript', codeBlock('docs/_index.md', 'new ExternalClientAppJwtPolicy(')],
    ['python', codeBlock('docs/_index.md', 'import pulumi_salesforce_eca as eca')],
    ['go', codeBlock('docs/_index.md', 'package main')],
  ] as const;
  for (const [language, program] of languages) {
    it(`in ${language === 'javascript' ? 'typescript' : language} works`, async function () {
      const { options, addSdk } = sdkLanguages[language];
      const { env, ...others } = await options().catch((error: unknown) => skip(this, language, error));
      const stackOptions: PulumiStackOptions = {
        language: language === 'javascript' ? 'typescript' : language,
        program: program.replace("'pulumi-salesforce-eca-native'", "'./sdk'"),
        env: { ...jwtBearerEnvironment(org), ...env },
        ...others,
      };
      stack = await PulumiStack.create(stackOptions);
      await addSdk(stack.folder);
      await bringUp(stack);
    });
  }
});
