import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeBlock } from '../../support/codeBlocks.js';
import { packageManagerEnvironment } from '../../support/npm.js';
import { PageSession } from '../../support/pageSession.js';
import { withOwnValues } from '../../support/placeholders.js';
import { Shell } from '../../support/shell.js';
import { typeInstall } from '../../support/typeInstall.js';

describe('a new project, as in the README', function () {
  this.timeout(240_000);
  let session: PageSession;
  before(async () => {
    session = await PageSession.open(() => ({ program: '', language: 'typescript' }));
  });
  after(() => session.close());

  it('leads from an empty folder to the first preview', async () => {
    const { org, stack } = session;
    const project = join(stack.folder, 'my-project');
    const installing = codeBlock('README.md', 'npm install ./pulumi-salesforce-eca');
    await mkdir(project);
    await new Shell(project, packageManagerEnvironment([])).type(codeBlock('README.md', 'npm init -y'));
    await typeInstall(project, codeBlock('README.md', 'npm pack'), installing);
    await writeFile(join(project, 'index.ts'), codeBlock('README.md', 'new ExternalClientAppJwtPolicy('));
    await copyFile(org.privateKeyFile, join(project, 'deploy.pem'));
    const environment = {
      ...stack.environment,
      PULUMI_STACK: undefined,
      PULUMI_BACKEND_URL: undefined,
      PULUMI_NODEJS_TRANSPILE_ONLY: undefined,
    };
    const shell = new Shell(project, environment, join(project, '.pulumi-session'));
    // The CLI takes the user's home from the system, whatever HOME says; the test's stays in its folder.
    const preview = withOwnValues(codeBlock('README.md', 'pulumi stack init dev'), org);
    const { stdout } = await shell.type(preview.replace('login --local', 'login "file://$HOME"'));
    assert.match(
      stdout,
      /External client app "Agent_Gateway" in org .*: up would change isNamedUserJwtEnabled/,
    );
  });
});
