import proto from '@temporalio/proto';
import { Worker, bundleWorkflowCode } from '@temporalio/worker';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { logger } from '../support/quietRuntime.js';

const histories = fileURLToPath(new URL('histories/', import.meta.url));
const files = readdirSync(histories, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.history'),
);

// A run that an older release began goes on with the code of today only if that code does the same steps.
describe('the recorded histories', function () {
  this.timeout(60_000);

  it('are replayed by the workflows of today', async () => {
    assert.notEqual(files.length, 0);
    const workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
      logger,
    });
    for (const file of files) {
      const history = proto.temporal.api.history.v1.History.decode(readFileSync(`${histories}${file}`));
      await Worker.runReplayHistory({ workflowBundle }, history, file);
    }
  });
});
