import assert from 'node:assert/strict';
import {
  fieldDefinitions,
  firstVersionOf,
  jwtFields,
  jwtTimeouts,
} from '../../../../provider/src/policy/fields.js';

describe('the managed fields', () => {
  it('are the five settings with Salesforce’s names, in a fixed order', () => {
    assert.deepEqual(jwtFields, [
      'isNamedUserJwtEnabled',
      'namedUserJwtSessionTimeoutType',
      'namedUserJwtTimeout',
      'guestJwtSessionTimeoutType',
      'guestJwtTimeout',
    ]);
  });

  it('are in the global OAuth settings (the token format) and in the policies (the lifetimes)', () => {
    assert.deepEqual(
      jwtFields.map((field) => fieldDefinitions[field].componentType),
      [
        'ExtlClntAppGlobalOauthSettings',
        'ExtlClntAppOauthConfigurablePolicies',
        'ExtlClntAppOauthConfigurablePolicies',
        'ExtlClntAppOauthConfigurablePolicies',
        'ExtlClntAppOauthConfigurablePolicies',
      ],
    );
  });
});

describe('firstVersionOf', () => {
  const table: [(typeof jwtFields)[number], unknown, number][] = [
    ['isNamedUserJwtEnabled', true, 61],
    ['namedUserJwtSessionTimeoutType', 'Custom', 65],
    ['guestJwtSessionTimeoutType', 'UserSession', 65],
    ...jwtTimeouts.map((minutes): [(typeof jwtFields)[number], unknown, number] => [
      'namedUserJwtTimeout',
      minutes,
      minutes <= 30 ? 61 : 65,
    ]),
    ['guestJwtTimeout', 720, 65],
    ['guestJwtTimeout', 'absent', 61],
  ];
  for (const [field, value, version] of table) {
    it(`is ${version} for ${field} ${String(value)}`, () => {
      assert.equal(firstVersionOf(field, value), version);
    });
  }
});
