import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toCaseSafeId } from '../../../../provider/src/org/organizationId.js';

const alphanumeric = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');
const arbitraryId = fc.string({ unit: fc.constantFrom(...alphanumeric), minLength: 15, maxLength: 15 });

describe('toCaseSafeId', () => {
  const pairs = [
    ['00D000000000062', '00D000000000062EAA'],
    ['001A0000006Vm9r', '001A0000006Vm9rIAC'],
    ['005D0000001cAGJ', '005D0000001cAGJIA2'],
    ['00d000000000062', '00d000000000062AAA'],
    ['ABCDEFGHIJKLMNO', 'ABCDEFGHIJKLMNO555'],
  ] as const;
  for (const [short, long] of pairs) {
    it(`turns ${short} into ${long}`, () => {
      assert.equal(toCaseSafeId(short), long);
    });
  }

  for (const text of [
    '',
    '00D',
    '00D00000000006',
    '00D0000000000621',
    '00D000000000062!AQ',
    '00D000000000062E!A',
  ]) {
    it(`does not accept ${JSON.stringify(text)} as an id`, () => {
      assert.equal(toCaseSafeId(text), undefined);
    });
  }

  it('keeps an id of 18 characters', () => {
    fc.assert(
      fc.property(arbitraryId, (id) => {
        const long = toCaseSafeId(id);
        assert(long !== undefined);
        assert.equal(toCaseSafeId(long), long);
      }),
    );
  });

  it('distinguishes ids that differ only in case', () => {
    fc.assert(
      fc.property(arbitraryId, arbitraryId, (one, other) => {
        const [left, right] = [toCaseSafeId(one), toCaseSafeId(other)].map((id) => id?.toLowerCase());
        assert.equal(left === right, one === other);
      }),
      { examples: [['00D000000000aaa', '00D000000000aAa']] },
    );
  });
});
