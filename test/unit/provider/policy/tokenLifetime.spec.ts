import assert from 'node:assert/strict';
import { absent, type FieldValues } from '../../../../provider/src/policy/fields.js';
import {
  guestTokenLifetime,
  namedUserTokenLifetime,
  type SessionTimeouts,
  type TokenLifetime,
  type TokenSettings,
} from '../../../../provider/src/policy/tokenLifetime.js';
import { unknownTimeouts } from '../support/reconcile.js';

const known: SessionTimeouts = {
  orgMinutes: 120,
  profileMinutes: { Partner: 30, Admin: 720, Support: 30 },
  unknownReason: undefined,
};
const orgOnly: SessionTimeouts = { orgMinutes: 120, profileMinutes: {}, unknownReason: undefined };
const noTimeouts: FieldValues = {
  namedUserJwtSessionTimeoutType: absent,
  namedUserJwtTimeout: absent,
  guestJwtSessionTimeoutType: absent,
  guestJwtTimeout: absent,
};
const jwt = (settings: FieldValues, changes: Partial<TokenSettings> = {}): TokenSettings => ({
  isOauthEnabled: true,
  tokenFormat: 'jwt',
  settings: { ...noTimeouts, ...settings },
  isGuestFlowEnabled: false,
  sessionTimeoutInMinutes: undefined,
  ...changes,
});
const custom = (minutes: number): FieldValues => ({
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: minutes,
});
const briefly = (lifetime: TokenLifetime | undefined): unknown =>
  lifetime && [lifetime.kind, lifetime.maximumMinutes, lifetime.source, lifetime.possibleMinutes];

describe('the effective lifetime of a token', () => {
  const cases: [
    what: string,
    app: TokenSettings,
    timeouts: SessionTimeouts,
    life: unknown,
    version?: number,
  ][] = [
    ['Custom: the app’s own', jwt(custom(30)), known, ['fixed', 30, 'app', [30]]],
    ['Custom with a value that no program may set', jwt(custom(45)), known, ['fixed', 45, 'app', [45]]],
    [
      'UserSession: the longest of profiles and org, every one possible',
      jwt({ namedUserJwtSessionTimeoutType: 'UserSession' }),
      known,
      ['fixed', 720, 'profile', [30, 120, 720]],
    ],
    [
      'UserSession where no profile has its own: the org’s',
      jwt({ namedUserJwtSessionTimeoutType: 'UserSession' }),
      orgOnly,
      ['fixed', 120, 'org', [120]],
    ],
    [
      'UserSession where every profile has less than the org',
      jwt({}),
      { ...known, profileMinutes: { Partner: 15 } },
      ['fixed', 120, 'org', [15, 120]],
    ],
    ['no type is UserSession', jwt({}), orgOnly, ['fixed', 120, 'org', [120]]],
    [
      'a timeout without a type does not count from 65.0 on',
      jwt({ namedUserJwtTimeout: 30 }),
      orgOnly,
      ['fixed', 120, 'org', [120]],
    ],
    [
      'a timeout without a type counts below 65.0',
      jwt({ namedUserJwtTimeout: 30 }),
      orgOnly,
      ['fixed', 30, 'app', [30]],
      64,
    ],
    [
      'a timeout beside UserSession does not count',
      jwt({ namedUserJwtSessionTimeoutType: 'UserSession', namedUserJwtTimeout: 30 }),
      orgOnly,
      ['fixed', 120, 'org', [120]],
    ],
    [
      'Custom without a timeout is unknown',
      jwt({ namedUserJwtSessionTimeoutType: 'Custom' }),
      known,
      ['fixed', 1440, 'unknown', []],
    ],
    [
      'a type that this release does not know is unknown',
      jwt({ namedUserJwtSessionTimeoutType: 'Eternal', namedUserJwtTimeout: 1 }),
      known,
      ['fixed', 1440, 'unknown', []],
    ],
    ['nothing told: 24 hours', jwt({}), unknownTimeouts, ['fixed', 1440, 'unknown', []]],
    [
      'profiles not told: 24 hours, whatever the org has',
      jwt({}),
      { ...orgOnly, profileMinutes: undefined },
      ['fixed', 1440, 'unknown', []],
    ],
    [
      'org not told: 24 hours, whatever the profiles have',
      jwt({}),
      { ...known, orgMinutes: undefined },
      ['fixed', 1440, 'unknown', []],
    ],
    [
      'no policies: unknown',
      { ...jwt({}), settings: { isNamedUserJwtEnabled: true } },
      known,
      ['fixed', 1440, 'unknown', []],
    ],
    ['an app without OAuth issues none', jwt(custom(30), { isOauthEnabled: false }), known, undefined],
    [
      'opaque: its own timeout, without use; those of JWT-based tokens do not count',
      jwt(custom(30), { tokenFormat: 'opaque', sessionTimeoutInMinutes: 15 }),
      known,
      ['inactivity', 15, 'app', [15]],
    ],
    [
      'opaque without a timeout, or with 0: the session settings',
      jwt(custom(30), { tokenFormat: 'opaque', sessionTimeoutInMinutes: 0 }),
      orgOnly,
      ['inactivity', 120, 'org', [120]],
    ],
    [
      'a format that is not shown: as if JWT-based',
      jwt(custom(30), { tokenFormat: 'unknown' }),
      known,
      ['fixed', 30, 'app', [30]],
    ],
  ];
  for (const [what, app, timeouts, life, version = 68] of cases) {
    it(what, () => {
      assert.deepEqual(briefly(namedUserTokenLifetime(app, version, timeouts)), life);
    });
  }

  it('names the setting that it comes from', () => {
    const reason = (app: TokenSettings, timeouts: SessionTimeouts): string | undefined =>
      namedUserTokenLifetime(app, 68, timeouts)?.reason;
    assert.equal(reason(jwt(custom(30)), known), 'namedUserJwtTimeout');
    assert.equal(
      reason(jwt({}), known),
      'session timeout of the profile "Admin" 720 minutes, of the org 120 minutes',
    );
    assert.equal(
      reason(jwt({}), unknownTimeouts),
      'session timeout of profile or org, which the org does not return',
    );
    assert.equal(
      reason(jwt(custom(30), { tokenFormat: 'unknown' }), known),
      'if the app issues JWT-based access tokens: namedUserJwtTimeout',
    );
  });

  it('comes from the guest settings for guests, and only while the guest flow is on', () => {
    const guest: FieldValues = { ...custom(30), guestJwtSessionTimeoutType: 'Custom', guestJwtTimeout: 5 };
    const life = (changes: Partial<TokenSettings>): unknown =>
      briefly(guestTokenLifetime(jwt(guest, changes), 68, known));
    assert.deepEqual(life({ isGuestFlowEnabled: true }), ['fixed', 5, 'app', [5]]);
    assert.equal(life({}), undefined);
    assert.equal(life({ isGuestFlowEnabled: true, tokenFormat: 'opaque' }), undefined);
    assert.equal(life({ isGuestFlowEnabled: true, isOauthEnabled: false }), undefined);
  });
});
