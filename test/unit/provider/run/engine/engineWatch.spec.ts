import assert from 'node:assert/strict';
import { isEngineAlive } from '../../../../../provider/src/run/engine/engineWatch.js';

describe('an engine', () => {
  const engine = { value: '127.0.0.1:1' };
  /** What refuses a number of connections, then accepts. */
  const refusing = (times: number) => {
    let connections = 0;
    return (): Promise<boolean> => {
      connections += 1;
      return Promise.resolve(connections > times);
    };
  };

  it('is alive if it refuses a single connection', async () => {
    assert.equal(await isEngineAlive(engine, refusing(1)), true);
  });

  it('is gone if it refuses every connection', async () => {
    assert.equal(await isEngineAlive(engine, refusing(Infinity)), false);
  });

  it('is alive if there is none', async () => {
    assert.equal(await isEngineAlive({ value: undefined }, refusing(Infinity)), true);
  });
});
