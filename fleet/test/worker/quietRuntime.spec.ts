import assert from 'node:assert/strict';
import { lineOf } from '../../src/worker/quietRuntime.js';

describe('a line that a worker writes', () => {
  it('names the stack and the error', () => {
    const meta = { workflowId: 'stack/acme', activityType: 'up', error: new Error('no org answers') };
    assert.equal(
      lineOf('WARN', 'Activity failed', meta),
      'WARN: Activity failed (stack/acme): no org answers\n',
    );
    assert.equal(lineOf('WARN', 'Slow'), 'WARN: Slow\n');
  });
});
