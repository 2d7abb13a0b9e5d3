import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pulumiBinFolder } from '../../tools/pulumiCli/pulumiBinFolder.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { schemaFile } from '../../tools/schema/packageSchema.js';
import {
  createEmptyProject,
  isolatedEnvironment,
  type TemporaryProject,
} from '../support/temporaryProject.js';

describe('the schema of the package salesforce-eca, to the Pulumi CLI', function () {
  this.timeout(60_000);
  let project: TemporaryProject;

  before(async () => {
    project = await createEmptyProject();
  });
  after(() => project.remove());

  it('is valid, without a warning', async () => {
    const { code, stdout, stderr } = await runProcess(
      join(await pulumiBinFolder(), 'pulumi'),
      ['schema', 'check', schemaFile],
      {
        cwd: project.folder,
        env: { ...isolatedEnvironment([]), PULUMI_HOME: project.folder, PULUMI_SKIP_UPDATE_CHECK: 'true' },
        deadlineMs: 50_000,
      },
    );
    assert.equal(code, 0, stdout + stderr);
    assert.doesNotMatch(stdout + stderr, /warning/i);
  });
});
