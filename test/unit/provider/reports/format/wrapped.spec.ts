import assert from 'node:assert/strict';
import { wrapped } from '../../../../../provider/src/reports/format/wrapped.js';

describe('a text that is wrapped', () => {
  it('breaks at spaces, indents the next lines, and does not break a longer word', () => {
    assert.deepEqual(wrapped('one two three-and-a-half four', 9, '  '), [
      'one two',
      '  three-and-a-half',
      '  four',
    ]);
  });

  it('starts no line with a workflow command', () => {
    assert.deepEqual(wrapped('App_01 ::error::stop', 8, '  '), ['App_01', '  : :error::stop']);
  });
});
