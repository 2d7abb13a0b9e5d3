import assert from 'node:assert/strict';
import fc from 'fast-check';
import { difference, fieldsOf } from '../../../../provider/src/policy/difference.js';
import { absent, jwtFields } from '../../../../provider/src/policy/fields.js';
import { describeForeignChanges, pick, valuesToRestore } from '../../../../provider/src/policy/restore.js';
import { arbitraryOrgValues, arbitrarySettings } from '../support/arbitraries.js';

describe('pick', () => {
  it('returns the named fields that have a value', () => {
    assert.deepEqual(
      pick({ isNamedUserJwtEnabled: false, namedUserJwtTimeout: 5 }, [
        'namedUserJwtTimeout',
        'guestJwtTimeout',
      ]),
      { namedUserJwtTimeout: 5 },
    );
  });
});

describe('valuesToRestore', () => {
  it('are the values found, including absent ones, when nothing declares them any more', () => {
    const found = { isNamedUserJwtEnabled: false, namedUserJwtTimeout: absent };
    assert.deepEqual(valuesToRestore(found, new Set()), found);
  });

  it('leave out what the running program declares', () => {
    assert.deepEqual(
      valuesToRestore(
        { isNamedUserJwtEnabled: false, namedUserJwtTimeout: absent },
        new Set(['isNamedUserJwtEnabled', 'guestJwtTimeout'] as const),
      ),
      { namedUserJwtTimeout: absent },
    );
  });

  it('never include a declared field or one that was not found', () => {
    fc.assert(
      fc.property(arbitraryOrgValues, fc.subarray([...jwtFields]), (found, declared) => {
        const fields = fieldsOf(valuesToRestore(found, new Set(declared)));
        assert(fields.every((field) => !declared.includes(field) && found[field] !== undefined));
      }),
    );
  });
});

describe('describeForeignChanges', () => {
  it('says what somebody changed, what the stack had set and what is restored', () => {
    assert.deepEqual(
      describeForeignChanges(
        { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 30 },
        { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 1 },
        { namedUserJwtSessionTimeoutType: 'UserSession', namedUserJwtTimeout: absent },
      ),
      [
        'namedUserJwtTimeout was changed outside of this stack to 1 minute (the stack had set 30 minutes); it is restored to absent.',
      ],
    );
  });

  it('does not mention a change that already restored the original value', () => {
    assert.deepEqual(
      describeForeignChanges(
        { isNamedUserJwtEnabled: true },
        { isNamedUserJwtEnabled: false },
        { isNamedUserJwtEnabled: absent },
      ),
      [],
    );
  });

  it('does not mention fields that are not restored', () => {
    assert.deepEqual(
      describeForeignChanges({ isNamedUserJwtEnabled: true }, { isNamedUserJwtEnabled: false }, {}),
      [],
    );
  });

  it('says nothing exactly if nobody changed what the stack set', () => {
    fc.assert(
      fc.property(arbitrarySettings, arbitraryOrgValues, (applied, restored) => {
        const live = { ...applied };
        assert.deepEqual(difference(applied, live), {});
        assert.deepEqual(describeForeignChanges(applied, live, restored), []);
      }),
    );
  });
});
