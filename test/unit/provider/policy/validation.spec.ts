import assert from 'node:assert/strict';
import fc from 'fast-check';
import { jwtTimeouts, unknownValue } from '../../../../provider/src/policy/fields.js';
import {
  parseAllow,
  validateAllow,
  validateAppName,
  validateSettings,
} from '../../../../provider/src/policy/validation.js';
import { arbitrarySettings } from '../support/arbitraries.js';

const timeouts = '1, 5, 10, 15, 30, 60, 90, 120, 240, 480 or 720';

describe('validateAppName', () => {
  const right = ['portal', 'Agent_Gateway', 'a1', 'acme__Ledger', 'my_ns__Billing_Sync', unknownValue];
  for (const name of right) {
    it(`accepts ${name}`, () => {
      assert.deepEqual(validateAppName(name), []);
    });
  }

  for (const value of [undefined, null, '']) {
    it(`says that the name is required when it is ${JSON.stringify(value)}`, () => {
      assert.deepEqual(validateAppName(value), [
        {
          code: 'ECA2001',
          property: 'externalClientApplication',
          reason:
            'is required: the developer name of the external client app (API Name in Setup), with its namespace as ns__Name if the app is ' +
            'installed from a package',
        },
      ]);
    });
  }

  const wrong: [unknown, string][] = [
    ['Agent Gateway', 'the string "Agent Gateway"'],
    [' portal', 'the string " portal"'],
    ['1portal', 'the string "1portal"'],
    ['portal_', 'the string "portal_"'],
    ['a___b', 'the string "a___b"'],
    ['a__b__c', 'the string "a__b__c"'],
    ['pörtal', 'the string "pörtal"'],
    [7, '7'],
    [['portal'], '["portal"]'],
    ['x '.repeat(60), `the string "${'x '.repeat(60).slice(0, 65)}...`],
  ];
  for (const [value, shown] of wrong) {
    it(`refuses ${shown}`, () => {
      assert.deepEqual(validateAppName(value), [
        {
          code: 'ECA2002',
          property: 'externalClientApplication',
          reason:
            `must be a developer name (found ${shown}): letters, digits and single underscores, starting with a letter; ns__Name for an ` +
            'installed app. Use the API Name from Setup, not the label',
        },
      ]);
    });
  }
});

describe('validateAllow', () => {
  for (const value of [
    undefined,
    null,
    unknownValue,
    [],
    ['lockOut', 'guestFlow', 'packagedApp', 'unreadCertificate'],
    ['lockOut', unknownValue],
  ]) {
    it(`accepts ${JSON.stringify(value)}`, () => {
      assert.deepEqual(validateAllow(value), []);
    });
  }

  const wrong: [unknown, string][] = [
    ['lockOut', 'the string "lockOut"'],
    [['lockout'], 'the string "lockout"'],
    [['lockOut', 3], '3'],
    [true, 'true'],
  ];
  for (const [value, shown] of wrong) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.deepEqual(validateAllow(value), [
        {
          code: 'ECA2006',
          property: 'allow',
          reason: `must be a list of lockOut, guestFlow, packagedApp or unreadCertificate (found ${shown})`,
        },
      ]);
    });
  }
});

describe('parseAllow', () => {
  it('keeps each known guard once in a fixed order, and ignores unknown ones', () => {
    assert.deepEqual(parseAllow(['packagedApp', 'later', 'lockOut', 'packagedApp']), [
      'lockOut',
      'packagedApp',
    ]);
  });

  it('returns no guard for anything but a list', () => {
    assert.deepEqual(parseAllow('lockOut'), []);
  });
});

describe('validateSettings', () => {
  describe('completes', () => {
    it('a timeout without its type as Custom', () => {
      assert.deepEqual(validateSettings({ namedUserJwtTimeout: 30, guestJwtTimeout: 5 }, undefined), {
        settings: {
          namedUserJwtTimeout: 30,
          namedUserJwtSessionTimeoutType: 'Custom',
          guestJwtTimeout: 5,
          guestJwtSessionTimeoutType: 'Custom',
        },
        failures: [],
      });
    });

    for (const version of [61, 62, 63, 64]) {
      it(`no type at ${version}.0, where none exists`, () => {
        assert.deepEqual(validateSettings({ namedUserJwtTimeout: 30 }, version), {
          settings: { namedUserJwtTimeout: 30 },
          failures: [],
        });
      });
    }

    it('nothing when the type is unknown', () => {
      const inputs = { namedUserJwtSessionTimeoutType: unknownValue, namedUserJwtTimeout: 30 };
      assert.deepEqual(validateSettings(inputs, undefined), { settings: inputs, failures: [] });
    });
  });

  it('leaves out unknown inputs and inputs without a value', () => {
    const inputs = {
      externalClientApplication: 'portal',
      isNamedUserJwtEnabled: true,
      guestJwtTimeout: null,
      namedUserJwtTimeout: undefined,
    };
    assert.deepEqual(validateSettings(inputs, undefined), {
      settings: { isNamedUserJwtEnabled: true },
      failures: [],
    });
  });

  const none =
    'none of isNamedUserJwtEnabled, namedUserJwtSessionTimeoutType, namedUserJwtTimeout, guestJwtSessionTimeoutType or ' +
    'guestJwtTimeout is set. Set at least one; a field that is not set is not managed';

  const refusals: [string, Record<string, unknown>, number | undefined, code: string, string, string][] = [
    ['no setting at all', {}, undefined, 'ECA2008', '', none],
    ['only null', { guestJwtTimeout: null }, undefined, 'ECA2008', '', none],
    [
      'a boolean as text',
      { isNamedUserJwtEnabled: 'true' },
      undefined,
      'ECA2003',
      'isNamedUserJwtEnabled',
      'must be true or false (found the string "true")',
    ],
    [
      'a type that does not exist',
      { namedUserJwtSessionTimeoutType: 'custom', namedUserJwtTimeout: 30 },
      undefined,
      'ECA2004',
      'namedUserJwtSessionTimeoutType',
      'must be "UserSession" or "Custom" (found the string "custom")',
    ],
    [
      'minutes that do not exist',
      { namedUserJwtTimeout: 45 },
      undefined,
      'ECA2005',
      'namedUserJwtTimeout',
      `must be ${timeouts} minutes, as a number (found 45)`,
    ],
    [
      'minutes as text',
      { guestJwtTimeout: '30' },
      undefined,
      'ECA2005',
      'guestJwtTimeout',
      `must be ${timeouts} minutes, as a number (found the string "30")`,
    ],
    [
      'an object',
      { guestJwtTimeout: { minutes: 30 } },
      undefined,
      'ECA2005',
      'guestJwtTimeout',
      `must be ${timeouts} minutes, as a number (found {"minutes":30})`,
    ],
    [
      'a type at 64.0',
      { namedUserJwtSessionTimeoutType: 'UserSession' },
      64,
      'ECA2013',
      'namedUserJwtSessionTimeoutType',
      'needs API version 65.0 or later, but salesforce:apiVersion is 64.0. Raise it, or leave namedUserJwtSessionTimeoutType out ' +
        '(before 65.0 a timeout applies without a type)',
    ],
    [
      'a long timeout at 64.0',
      { guestJwtTimeout: 60 },
      64,
      'ECA2014',
      'guestJwtTimeout',
      'is 60 minutes, which needs API version 65.0 or later, but salesforce:apiVersion is 64.0. Raise it, or choose 1, 5, 10, 15 or ' +
        '30',
    ],
    [
      'a timeout against its type',
      { guestJwtSessionTimeoutType: 'UserSession', guestJwtTimeout: 15 },
      undefined,
      'ECA2010',
      'guestJwtTimeout',
      `is set although guestJwtSessionTimeoutType is "UserSession", which uses the user's session settings. Leave guestJwtTimeout ` +
        'out, or set guestJwtSessionTimeoutType to "Custom"',
    ],
    [
      'Custom without a timeout',
      { namedUserJwtSessionTimeoutType: 'Custom' },
      undefined,
      'ECA2009',
      'namedUserJwtSessionTimeoutType',
      `is "Custom", so namedUserJwtTimeout is required: ${timeouts} (minutes)`,
    ],
    [
      'a timeout while JWT is off',
      { isNamedUserJwtEnabled: false, namedUserJwtTimeout: 30 },
      undefined,
      'ECA2011',
      'namedUserJwtTimeout',
      'is set although isNamedUserJwtEnabled is false: it applies only to JWT-based access tokens, which the app would not issue. ' +
        'Leave namedUserJwtTimeout out, or turn isNamedUserJwtEnabled on',
    ],
    [
      'a timeout and its type while JWT is off',
      { isNamedUserJwtEnabled: false, guestJwtSessionTimeoutType: 'Custom', guestJwtTimeout: 30 },
      undefined,
      'ECA2011',
      'guestJwtTimeout',
      'is set although isNamedUserJwtEnabled is false: it applies only to JWT-based access tokens, which the app would not issue. ' +
        'Leave guestJwtTimeout and guestJwtSessionTimeoutType out, or turn isNamedUserJwtEnabled on',
    ],
    [
      'a type while JWT is off',
      { isNamedUserJwtEnabled: false, guestJwtSessionTimeoutType: 'UserSession' },
      undefined,
      'ECA2011',
      'guestJwtSessionTimeoutType',
      'is set although isNamedUserJwtEnabled is false: it applies only to JWT-based access tokens, which the app would not issue. ' +
        'Leave guestJwtSessionTimeoutType out, or turn isNamedUserJwtEnabled on',
    ],
  ];
  for (const [what, inputs, version, code, property, reason] of refusals) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(validateSettings(inputs, version).failures, [{ code, property, reason }]);
    });
  }

  it('names every wrong field at once', () => {
    const { failures } = validateSettings(
      { isNamedUserJwtEnabled: 1, namedUserJwtTimeout: 2, guestJwtTimeout: 3 },
      undefined,
    );
    assert.deepEqual(
      failures.map(({ property }) => property),
      ['isNamedUserJwtEnabled', 'namedUserJwtTimeout', 'guestJwtTimeout'],
    );
  });

  for (const minutes of jwtTimeouts) {
    it(`accepts ${minutes} minutes at 65.0`, () => {
      assert.deepEqual(validateSettings({ namedUserJwtTimeout: minutes }, 65).failures, []);
    });
  }

  // An unknown value may turn out to be undefined, so that it stands against nothing.
  const unknowns: [string, Record<string, unknown>, number?][] = [
    [
      'timeout beside UserSession',
      { namedUserJwtSessionTimeoutType: 'UserSession', namedUserJwtTimeout: unknownValue },
    ],
    [
      'timeout beside Custom',
      { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: unknownValue },
    ],
    ['timeout beside no type', { namedUserJwtTimeout: unknownValue }],
    ['timeout while JWT is off', { isNamedUserJwtEnabled: false, guestJwtTimeout: unknownValue }],
    ['type while JWT is off', { isNamedUserJwtEnabled: false, guestJwtSessionTimeoutType: unknownValue }],
    ['timeout at 64.0', { guestJwtTimeout: unknownValue }, 64],
    ['type at 64.0', { guestJwtSessionTimeoutType: unknownValue }, 64],
    ['token format beside a timeout', { isNamedUserJwtEnabled: unknownValue, namedUserJwtTimeout: 30 }],
  ];
  for (const [what, inputs, version] of unknowns) {
    it(`accepts an unknown ${what}`, () => {
      assert.deepEqual(validateSettings(inputs, version).failures, []);
    });
  }

  it('accepts its own completed settings, and adds nothing to them', () => {
    fc.assert(
      fc.property(arbitrarySettings, fc.constantFrom(undefined, 61, 64, 65, 68), (inputs, version) => {
        const first = validateSettings(inputs, version);
        fc.pre(first.failures.length === 0);
        assert.deepEqual(validateSettings(first.settings, version), first);
      }),
    );
  });
});
