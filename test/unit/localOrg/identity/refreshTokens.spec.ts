import assert from 'node:assert/strict';
import type { IdentityApp } from '../../../../local-org/src/identity/identity.js';
import { refreshTokenExpiry } from '../../../../local-org/src/identity/refreshTokens.js';
import { deployer, essence, FakeOrg, minute, refusal } from './fakeOrg.js';

const hour = 60 * minute;
const day = 24 * hour;
const expired = refusal('invalid_grant', 'expired access/refresh token');

describe('refresh tokens', () => {
  let org: FakeOrg;

  before(async () => {
    org = await FakeOrg.start();
  });
  beforeEach(() => {
    org.resetApp();
  });
  after(() => org.close());

  const newToken = (): string => org.identity.issueRefreshToken(deployer.userId, org.app.consumerKey);
  const refresh = (refreshToken: unknown, form: Record<string, string> = {}) =>
    org.requestToken({
      grant_type: 'refresh_token',
      refresh_token: String(refreshToken),
      client_id: org.app.consumerKey,
      ...form,
    });

  const policies: readonly [name: string, policy: Partial<IdentityApp>, life: number][] = [
    [
      'SpecificLifetime in hours',
      {
        refreshTokenPolicyType: 'SpecificLifetime',
        refreshTokenValidityPeriod: 4,
        refreshTokenValidityUnit: 'Hours',
      },
      4 * hour,
    ],
    [
      'SpecificLifetime in days',
      {
        refreshTokenPolicyType: 'SpecificLifetime',
        refreshTokenValidityPeriod: 1,
        refreshTokenValidityUnit: 'Days',
      },
      day,
    ],
    [
      'SpecificInactivity in months',
      {
        refreshTokenPolicyType: 'SpecificInactivity',
        refreshTokenValidityPeriod: 1,
        refreshTokenValidityUnit: 'Months',
      },
      31 * day,
    ],
    ['Zero', { refreshTokenPolicyType: 'Zero' }, 0],
    ['the idle limit', { refreshTokenPolicyType: 'Infinite', isEnforceRefreshTokenTTL: true }, 30 * day],
    [
      'the idle limit under a longer lifetime',
      {
        refreshTokenPolicyType: 'SpecificLifetime',
        refreshTokenValidityPeriod: 365,
        refreshTokenValidityUnit: 'Days',
        isEnforceRefreshTokenTTL: true,
      },
      30 * day,
    ],
  ];
  for (const [name, policy, life] of policies) {
    it(`end exactly when the policy ${name} says`, () => {
      const january = Date.UTC(2026, 0, 1);
      const app = { ...org.app, ...policy };
      assert.equal(refreshTokenExpiry(app, { issuedAt: january, lastUsedAt: january }) - january, life);
    });
  }

  it('are refused at the time in their current policy', async () => {
    const token = newToken();
    org.time += 2 * day;
    assert.equal((await refresh(token)).status, 200);
    org.resetApp({
      refreshTokenPolicyType: 'SpecificLifetime',
      refreshTokenValidityPeriod: 2,
      refreshTokenValidityUnit: 'Days',
    });
    assert.deepEqual(essence(await refresh(token)), expired);
  });

  it('are extended by use under SpecificInactivity, and not under SpecificLifetime', async () => {
    const policy = { refreshTokenValidityPeriod: 2, refreshTokenValidityUnit: 'Days' };
    for (const [refreshTokenPolicyType, status] of [
      ['SpecificInactivity', 200],
      ['SpecificLifetime', 400],
    ] as const) {
      org.resetApp({ ...policy, refreshTokenPolicyType });
      const token = newToken();
      org.time += day;
      assert.equal((await refresh(token)).status, 200);
      org.time += day;
      assert.equal((await refresh(token)).status, status, refreshTokenPolicyType);
    }
  });

  it('do not end the access tokens issued for them when they expire', async () => {
    org.resetApp({
      refreshTokenPolicyType: 'SpecificLifetime',
      refreshTokenValidityPeriod: 1,
      refreshTokenValidityUnit: 'Hours',
    });
    const token = newToken();
    const { body } = await refresh(token);
    org.time += hour;
    assert.deepEqual(essence(await refresh(token)), expired);
    assert.notEqual(org.identity.authenticate(String(body['access_token'])), undefined);
  });

  it('rotate if the app requires it: each is valid once, and only the last one', async () => {
    org.resetApp({ isRefreshTokenRotationEnabled: true });
    const first = newToken();
    const second = (await refresh(first)).body['refresh_token'];
    assert.ok(typeof second === 'string' && second !== first);
    assert.deepEqual(essence(await refresh(first)), expired);
    const third = (await refresh(second)).body['refresh_token'];
    assert.deepEqual(essence(await refresh(second)), expired);
    assert.equal((await refresh(third)).status, 200);
  });

  it('do not outlive SpecificLifetime through rotation', async () => {
    org.resetApp({
      isRefreshTokenRotationEnabled: true,
      refreshTokenPolicyType: 'SpecificLifetime',
      refreshTokenValidityPeriod: 2,
      refreshTokenValidityUnit: 'Hours',
    });
    let token: unknown = newToken();
    org.time += hour;
    token = (await refresh(token)).body['refresh_token'];
    org.time += hour;
    assert.deepEqual(essence(await refresh(token)), expired);
  });

  it('end every access token of a rotated chain when the last one is revoked', async () => {
    org.resetApp({ isRefreshTokenRotationEnabled: true });
    const { body: first } = await refresh(newToken());
    const { body: second } = await refresh(first['refresh_token']);
    await org.post('/services/oauth2/revoke', { token: String(second['refresh_token']) });
    for (const { access_token: token } of [first, second]) {
      assert.equal(org.identity.authenticate(String(token)), undefined);
    }
    assert.deepEqual(essence(await refresh(second['refresh_token'])), expired);
  });

  it('need the secret if the app requires it', async () => {
    org.resetApp({ isSecretRequiredForRefreshToken: true });
    const token = newToken();
    assert.deepEqual(essence(await refresh(token)), refusal('invalid_client', 'invalid client credentials'));
    const secret = org.app.consumerSecret ?? '';
    assert.equal((await refresh(token, { client_secret: secret })).status, 200);
  });

  it('return a token in the current format of the app', async () => {
    const token = newToken();
    const opaque = (await refresh(token)).body['token_format'];
    org.resetApp({ isNamedUserJwtEnabled: true });
    const jwt = (await refresh(token)).body['token_format'];
    assert.deepEqual([opaque, jwt], [undefined, 'jwt']);
  });
});
