import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  describeValue,
  difference,
  fieldsOf,
  fieldValuesIn,
  isGoodAnswer,
  isSatisfied,
  parseFieldValue,
  wantedValues,
} from '../../../../provider/src/policy/difference.js';
import { absent, unknownValue } from '../../../../provider/src/policy/fields.js';
import type { FieldValue, FieldValues, JwtField } from '../../../../provider/src/policy/fields.js';
import { arbitraryOrgValues, arbitrarySettings } from '../support/arbitraries.js';

describe('wantedValues', () => {
  it('wants the timeout absent with UserSession', () => {
    assert.deepEqual(wantedValues({ namedUserJwtSessionTimeoutType: 'UserSession' }), {
      namedUserJwtSessionTimeoutType: 'UserSession',
      namedUserJwtTimeout: absent,
    });
  });

  it('adds nothing with Custom', () => {
    const settings = { guestJwtSessionTimeoutType: 'Custom', guestJwtTimeout: 5 };
    assert.deepEqual(wantedValues(settings), settings);
  });

  it('does not modify its argument', () => {
    const settings: FieldValues = { guestJwtSessionTimeoutType: 'UserSession' };
    wantedValues(settings);
    assert.deepEqual(settings, { guestJwtSessionTimeoutType: 'UserSession' });
  });
});

describe('fieldsOf', () => {
  it('lists fields in a fixed order, regardless of the order of the keys', () => {
    assert.deepEqual(fieldsOf({ guestJwtTimeout: 5, isNamedUserJwtEnabled: false }), [
      'isNamedUserJwtEnabled',
      'guestJwtTimeout',
    ]);
  });
});

describe('isSatisfied', () => {
  const table: [JwtField, FieldValue, FieldValue, boolean][] = [
    ['isNamedUserJwtEnabled', true, true, true],
    ['isNamedUserJwtEnabled', true, false, false],
    ['isNamedUserJwtEnabled', true, absent, false],
    ['isNamedUserJwtEnabled', false, absent, true],
    ['isNamedUserJwtEnabled', absent, false, true],
    ['isNamedUserJwtEnabled', absent, true, false],
    ['isNamedUserJwtEnabled', false, 'yes', false],
    ['namedUserJwtSessionTimeoutType', 'Custom', 'UserSession', false],
    ['namedUserJwtSessionTimeoutType', 'UserSession', absent, false],
    ['namedUserJwtSessionTimeoutType', absent, 'UserSession', false],
    ['namedUserJwtSessionTimeoutType', absent, 'Custom', false],
    ['namedUserJwtSessionTimeoutType', 'Custom', 'Sliding', false],
    ['namedUserJwtTimeout', 30, 30, true],
    ['namedUserJwtTimeout', 30, '30', false],
    ['namedUserJwtTimeout', absent, absent, true],
    ['namedUserJwtTimeout', absent, 30, false],
    ['namedUserJwtTimeout', 30, absent, false],
    ['namedUserJwtTimeout', 30, 45, false],
  ];
  for (const [field, wanted, found, satisfied] of table) {
    it(`${field}: ${String(found)} found ${satisfied ? 'satisfies' : 'does not satisfy'} ${String(wanted)}`, () => {
      assert.equal(isSatisfied(field, wanted, found), satisfied);
    });
  }
});

describe('difference', () => {
  it('consists of the wanted values that the live ones do not satisfy', () => {
    assert.deepEqual(
      difference(
        {
          isNamedUserJwtEnabled: true,
          namedUserJwtSessionTimeoutType: 'Custom',
          namedUserJwtTimeout: 30,
          guestJwtTimeout: absent,
        },
        { namedUserJwtSessionTimeoutType: 'Sliding', namedUserJwtTimeout: 30, guestJwtTimeout: 5 },
      ),
      { isNamedUserJwtEnabled: true, namedUserJwtSessionTimeoutType: 'Custom', guestJwtTimeout: absent },
    );
  });

  it('of anything and itself is empty', () => {
    fc.assert(
      fc.property(arbitraryOrgValues, (values) => {
        assert.deepEqual(difference(values, values), {});
      }),
    );
  });

  it('is empty once it is applied to the live values', () => {
    fc.assert(
      fc.property(arbitrarySettings, arbitraryOrgValues, (settings, live) => {
        const wanted = wantedValues(settings);
        assert.deepEqual(difference(wanted, { ...live, ...difference(wanted, live) }), {});
      }),
    );
  });

  it('has only fields that are wanted', () => {
    fc.assert(
      fc.property(arbitrarySettings, arbitraryOrgValues, (wanted, live) => {
        const fields = fieldsOf(wanted);
        assert(fieldsOf(difference(wanted, live)).every((field) => fields.includes(field)));
      }),
    );
  });
});

describe('isGoodAnswer', () => {
  const bothRemoved: FieldValues = { namedUserJwtSessionTimeoutType: absent, namedUserJwtTimeout: absent };
  const userSession: FieldValues = {
    namedUserJwtSessionTimeoutType: 'UserSession',
    namedUserJwtTimeout: absent,
  };
  const table: [sent: FieldValues, live: FieldValues, isGood: boolean][] = [
    [bothRemoved, bothRemoved, true],
    [bothRemoved, userSession, true],
    [bothRemoved, { ...userSession, namedUserJwtTimeout: 30 }, true],
    [bothRemoved, { ...bothRemoved, namedUserJwtTimeout: 30 }, false],
    [bothRemoved, { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 30 }, false],
    [userSession, { ...userSession, namedUserJwtTimeout: 30 }, true],
    [userSession, bothRemoved, false],
    [{ ...userSession, guestJwtTimeout: absent }, { ...userSession, guestJwtTimeout: 30 }, false],
    [{ isNamedUserJwtEnabled: true }, { isNamedUserJwtEnabled: false }, false],
  ];
  for (const [sent, live, isGood] of table) {
    it(`${JSON.stringify(live)} is ${isGood ? '' : 'not '}as good as ${JSON.stringify(sent)}`, () => {
      assert.equal(isGoodAnswer(sent, live), isGood);
    });
  }
});

describe('fieldValuesIn', () => {
  it('returns the values of fields and nothing else', () => {
    const bag = {
      isNamedUserJwtEnabled: false,
      namedUserJwtSessionTimeoutType: absent,
      namedUserJwtTimeout: 30,
      guestJwtSessionTimeoutType: unknownValue,
      guestJwtTimeout: null,
      orgId: '00D000000000062EAA',
    };
    assert.deepEqual(fieldValuesIn(bag), {
      isNamedUserJwtEnabled: false,
      namedUserJwtSessionTimeoutType: absent,
      namedUserJwtTimeout: 30,
    });
  });
});

describe('describeValue', () => {
  const table: [JwtField, FieldValue, string][] = [
    ['isNamedUserJwtEnabled', true, 'true'],
    ['namedUserJwtSessionTimeoutType', 'Custom', 'Custom'],
    ['namedUserJwtTimeout', 30, '30 minutes'],
    ['guestJwtTimeout', 1, '1 minute'],
    ['guestJwtTimeout', absent, 'absent'],
    ['guestJwtTimeout', 'Never', 'Never'],
    ['guestJwtTimeout', '', '(empty)'],
  ];
  for (const [field, value, text] of table) {
    it(`shows ${field} ${String(value)} as "${text}"`, () => {
      assert.equal(describeValue(field, value), text);
    });
  }
});

describe('parseFieldValue', () => {
  const table: [JwtField, string | undefined, FieldValue][] = [
    ['isNamedUserJwtEnabled', undefined, absent],
    ['isNamedUserJwtEnabled', 'true', true],
    ['isNamedUserJwtEnabled', '\n  1 ', true],
    ['isNamedUserJwtEnabled', 'false', false],
    ['isNamedUserJwtEnabled', '0', false],
    ['isNamedUserJwtEnabled', 'yes', 'yes'],
    ['namedUserJwtSessionTimeoutType', ' UserSession ', 'UserSession'],
    ['namedUserJwtSessionTimeoutType', 'Sliding', 'Sliding'],
    ['namedUserJwtTimeout', '30', 30],
    ['namedUserJwtTimeout', '45', 45],
    ['namedUserJwtTimeout', '1e3', '1e3'],
    ['namedUserJwtTimeout', '', ''],
  ];
  for (const [field, text, value] of table) {
    it(`reads ${text === undefined ? 'no element' : JSON.stringify(text)} of ${field} as ${JSON.stringify(value)}`, () => {
      assert.equal(parseFieldValue(field, text), value);
    });
  }

  it('reads back every value that is written as text', () => {
    fc.assert(
      fc.property(arbitrarySettings, (settings) => {
        for (const field of fieldsOf(settings)) {
          assert.equal(parseFieldValue(field, String(settings[field])), settings[field]);
        }
      }),
    );
  });
});
