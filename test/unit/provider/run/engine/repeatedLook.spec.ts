import assert from 'node:assert/strict';
import { lookRepeatedly } from '../../../../../provider/src/run/engine/repeatedLook.js';

/** A look that finds nothing a number of times, and counts. */
function missing(times: number): { look: () => Promise<true | undefined>; looks: () => number } {
  let looks = 0;
  return {
    look: () => {
      looks += 1;
      return Promise.resolve(looks > times ? true : undefined);
    },
    looks: () => looks,
  };
}

describe('a look that is repeated', () => {
  it('ends with the first that finds something', async () => {
    const { look, looks } = missing(1);
    assert.deepEqual([await lookRepeatedly(look), looks()], [true, 2]);
  });

  it('finds nothing after five that found nothing', async () => {
    const { look, looks } = missing(Infinity);
    assert.deepEqual([await lookRepeatedly(look), looks()], [undefined, 5]);
  });

  it('counts one that fails as one that finds nothing', async () => {
    const { look } = missing(1);
    const found = lookRepeatedly(async () => {
      if ((await look()) === undefined) throw new Error('the system is busy');
      return 'found';
    });
    assert.equal(await found, 'found');
  });
});
