import assert from 'node:assert/strict';
import { once } from 'node:events';
import sinon from 'sinon';
import { startProcess } from '../../../../tools/pulumiCli/runProcess.js';

describe('running a process', () => {
  const run = (script: string, deadlineMs = 20_000) =>
    startProcess(process.execPath, ['-e', script], { deadlineMs });

  it('returns exit code and output', async () => {
    const { result } = run('console.log("out"); console.error("err"); process.exitCode = 3;');
    assert.deepEqual(await result, { code: 3, signal: null, stdout: 'out\n', stderr: 'err\n' });
  });

  it('returns the signal that ended it', async () => {
    const running = run('console.log("ready"); setInterval(() => 0, 1000);');
    await once(running.child.stdout!, 'data');
    running.signal('SIGTERM');
    assert.deepEqual(await running.result, { code: null, signal: 'SIGTERM', stdout: 'ready\n', stderr: '' });
  });

  it('is rejected if there is no such program', async () => {
    const { result } = startProcess('/no/such/program', [], { deadlineMs: 20_000 });
    await assert.rejects(result, { code: 'ENOENT' });
  });

  it('ignores signals after the end', async () => {
    const running = run('');
    await running.result;
    running.signal('SIGKILL');
  });

  describe('past its deadline', () => {
    let clock: sinon.SinonFakeTimers;
    beforeEach(() => {
      clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    });
    afterEach(() => {
      clock.restore();
    });

    it('kills it and is rejected with the output so far', async () => {
      const running = run('console.log("so far"); setInterval(() => 0, 1000);', 5000);
      await once(running.child.stdout!, 'data');
      clock.tick(5000);
      await assert.rejects(running.result, /did not end within 5 s\. Its output so far:\nso far\n$/);
      const [, signal] = (await once(running.child, 'exit')) as unknown[];
      assert.equal(signal, 'SIGKILL');
    });
  });
});
