import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pulumiBinFolder } from '../../../tools/pulumiCli/pulumiBinFolder.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { codeBlock } from '../../support/codeBlocks.js';
import { Shell } from '../../support/shell.js';
import {
  createEmptyProject,
  isolatedEnvironment,
  repositoryNodeModules,
} from '../../support/temporaryProject.js';

describe('the first command in the list of examples', function () {
  this.timeout(60_000);

  it('puts Node.js and the Pulumi CLI on the PATH', async () => {
    const binFolder = await pulumiBinFolder();
    const session = await createEmptyProject();
    try {
      const environment = { ...isolatedEnvironment([]), PULUMI_BIN: binFolder };
      const shell = new Shell(repositoryFolder, environment, join(session.folder, 'session'));
      await shell.type(codeBlock('examples/README.md', 'export PATH'));
      const { stdout } = await shell.type('command -v node pulumi');
      assert.equal(stdout, `${join(repositoryNodeModules, '.bin/node')}\n${join(binFolder, 'pulumi')}\n`);
    } finally {
      await session.remove();
    }
  });
});
