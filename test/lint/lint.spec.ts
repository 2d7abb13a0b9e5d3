import assert from 'node:assert/strict';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';

// Here and not before the tests: the linter keeps one core busy for more than a minute, the tests the other.
describe('the sources', function () {
  this.timeout(600_000);

  it('are formatted, and no linter finds anything', async () => {
    const { code, stdout, stderr } = await runProcess('npm', ['run', '--silent', 'lint'], {
      cwd: repositoryFolder,
      deadlineMs: 590_000,
    });
    assert.equal(code, 0, stdout + stderr);
  });
});
