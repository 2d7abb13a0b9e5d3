import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';

// Here and not before the tests, so that the tests use the other core.
describe('the sources of the fleet', function () {
  this.timeout(300_000);

  it('are formatted, and no linter finds anything', async () => {
    const { code, stdout, stderr } = await runProcess('npm', ['run', '--silent', 'lint'], {
      cwd: dirname(import.meta.dirname),
      deadlineMs: 290_000,
    });
    assert.equal(code, 0, stdout + stderr);
  });
});
