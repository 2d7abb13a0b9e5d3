import assert from 'node:assert/strict';
import { EngineLog } from '../../../../../provider/src/run/engine/engineLog.js';
import { EngineAddress } from '../../../../../provider/src/run/engine/engineAddress.js';
import { startFakeEngine } from '../../../../support/fakeEngine.js';

describe('the log of the engine', () => {
  it('keeps a signal from ending the process while a message is being sent', async () => {
    const engine = await startFakeEngine();
    try {
      const tasks = new Set<() => unknown>();
      const log = new EngineLog(new EngineAddress(engine.address), {
        add: (task) => tasks.add(task),
        remove: (task) => tasks.delete(task),
      });
      const { inform, warn } = log.of(undefined);
      inform('first');
      warn('second');
      assert.equal(tasks.size, 1);
      assert.deepEqual(engine.logs, []);
      await Promise.all([...tasks].map((task) => task()));
      assert.deepEqual(engine.logs.map(({ message }) => message).sort(), ['first', 'second']);
      assert.equal(tasks.size, 0);
    } finally {
      engine.close();
    }
  });
});
