import assert from 'node:assert/strict';
import { firstThatWorks, nothingWorked, type Source } from '../../../../tools/pulumiCli/sources.js';

describe('the choice among the sources of the Pulumi CLI', () => {
  const found = (folder: string): Source => ({ name: folder, find: () => Promise.resolve({ folder }) });
  const lacking = (name: string, reason: string): Source => ({
    name,
    find: () => Promise.resolve({ reason }),
  });
  const failing = (name: string, message: string): Source => ({
    name,
    find: () => Promise.reject(new Error(message)),
  });

  it('uses the first source that works', async () => {
    const sources = [
      lacking('one', 'empty'),
      failing('two', 'offline'),
      found('/three/bin'),
      found('/four/bin'),
    ];
    assert.equal(await firstThatWorks(sources), '/three/bin');
  });

  it('does not try the sources after the first that works', async () => {
    const never: Source = { name: 'never', find: () => assert.fail('was asked') };
    assert.equal(await firstThatWorks([found('/one/bin'), never]), '/one/bin');
  });

  it('reports what was tried, why each failed and what to do when none works', async () => {
    await assert.rejects(
      firstThatWorks([lacking('pulumi on PATH', 'not there'), failing('official release', 'offline')]),
      new Error(
        [
          'No Pulumi CLI 3.254.0 or newer was found, and none could be got. Tried in this order:',
          '  1. pulumi on PATH: not there',
          '  2. official release: offline',
          'Do one of these and run the command again:',
          '  - install the Pulumi CLI so that it is on PATH: https://www.pulumi.com/docs/install/',
          '  - set PULUMI_BIN to the folder that contains it',
          '  - give this machine access to get.pulumi.com',
          '  - install Go 1.25.11 or newer, with a module proxy that it reaches: https://go.dev/dl/',
        ].join('\n'),
      ),
    );
  });

  it('shows a reason of several lines below its source', () => {
    assert.match(
      nothingWorked([{ name: 'build', reason: 'first\nsecond' }]),
      /\n {2}1\. build: first\n {5}second\n/,
    );
  });
});
