import assert from 'node:assert/strict';
import { timeLeft, withinLimit } from '../../../../provider/src/org/callLimit.js';

describe('the time that a call has left', () => {
  it('is infinite outside of a call', () => {
    assert.equal(timeLeft(), Infinity);
  });

  it('is at most its limit, and that of the call around it', async () => {
    const left = await withinLimit(1000, () => withinLimit(60_000, () => Promise.resolve(timeLeft())));
    assert.ok(left > 0 && left <= 1000, String(left));
  });

  it('is 0 and not negative after its end', async () => {
    assert.equal(await withinLimit(-1000, () => Promise.resolve(timeLeft())), 0);
  });
});
