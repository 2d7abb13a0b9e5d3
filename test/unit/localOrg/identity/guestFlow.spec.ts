import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { IdentityApp } from '../../../../local-org/src/identity/identity.js';
import { bearer, essence, FakeOrg, minute, refusal, type Answer } from './fakeOrg.js';

const callback = 'https://shop.example/callback';

describe('the headless guest flow', () => {
  let org: FakeOrg;
  const verifier = randomBytes(48).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');

  before(async () => {
    org = await FakeOrg.start();
  });
  beforeEach(() => {
    resetApp();
  });
  after(() => org.close());

  function resetApp(changes: Partial<IdentityApp> = {}): void {
    org.resetApp({ isNamedUserJwtEnabled: true, isGuestCodeCredFlowEnabled: true, ...changes });
  }

  function authorize(
    uvid: string,
    form: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return org.authorize(
      {
        response_type: 'code_credentials',
        client_id: org.app.consumerKey,
        redirect_uri: callback,
        code_challenge: challenge,
        ...form,
      },
      { 'auth-request-type': 'guest', 'uvid-hint': `UVID ${uvid}`, ...headers },
    );
  }

  function exchange(
    code: string,
    uvid: string,
    form: Record<string, string> = {},
    headers: Record<string, string> = { 'auth-request-type': 'guest', 'uvid-hint': uvid },
  ): Promise<Answer> {
    return org.requestToken(
      {
        grant_type: 'authorization_code',
        code,
        client_id: org.app.consumerKey,
        client_secret: org.app.consumerSecret ?? '',
        redirect_uri: callback,
        code_verifier: verifier,
        ...form,
      },
      headers,
    );
  }

  async function newCode(uvid: string, form: Record<string, string> = {}): Promise<string> {
    const { location, text } = await authorize(uvid, form);
    const code = location === null ? null : new URL(location).searchParams.get('code');
    assert.ok(code !== null, text);
    return code;
  }

  async function newToken(uvid = randomUUID(), form: Record<string, string> = {}): Promise<string> {
    const { status, body, text } = await exchange(await newCode(uvid, form), uvid);
    assert.equal(status, 200, text);
    return String(body['access_token']);
  }

  it('redirects to the callback with a code, and with the state of the request', async () => {
    const { status, location } = await authorize(randomUUID(), { state: 'a b' });
    assert.equal(status, 302);
    const url = new URL(location ?? '');
    assert.equal(url.origin + url.pathname, callback);
    assert.match(url.searchParams.get('code') ?? '', /^aPrx/);
    assert.equal(url.searchParams.get('state'), 'a b');
    assert.equal(url.searchParams.get('sfdc_community_url'), org.instanceUrl);
  });

  it('keeps only the last codes, because anyone can request them', async function () {
    this.timeout(120_000);
    const uvid = randomUUID();
    const first = await newCode(uvid);
    for (let count = 0; count < 5000; count += 100) {
      await Promise.all(Array.from({ length: 100 }, () => newCode(uvid)));
    }
    const last = await newCode(uvid);
    assert.equal((await exchange(last, uvid)).status, 200);
    assert.deepEqual(
      essence(await exchange(first, uvid)),
      refusal('invalid_grant', 'invalid authorization code'),
    );
  });

  it('grants a scope once even if it is requested many times', async () => {
    const token = await newToken(randomUUID(), { scope: 'api '.repeat(10_000) });
    assert.equal(decodeJwt(token)['scp'], 'api');
  });

  it('yields a signed JWT-based token whose subject is the visitor', async () => {
    const uvid = randomUUID();
    const token = await newToken(uvid, { scope: 'api' });
    const keys = createRemoteJWKSet(new URL(`${org.instanceUrl}/id/keys`));
    const { payload } = await jwtVerify(token, keys, { currentDate: new Date(org.time) });
    assert.equal(payload.sub, `uvid:${uvid}`);
    assert.equal(payload['scp'], 'api');
    assert.equal(payload['client_id'], org.app.consumerKey);
  });

  it('returns a JWT-based token without a refresh token', async () => {
    const uvid = randomUUID();
    const { body } = await exchange(await newCode(uvid), uvid);
    assert.equal(body['token_format'], 'jwt');
    assert.equal('refresh_token' in body, false);
  });

  const lives: readonly [policy: Partial<IdentityApp>, minutes: number][] = [
    [{ guestJwtSessionTimeoutType: 'Custom', guestJwtTimeout: 5 }, 5],
    [{ guestJwtSessionTimeoutType: 'UserSession' }, 30],
    [{ guestJwtSessionTimeoutType: 'UserSession', guestJwtTimeout: 5 }, 30],
    [{}, 30],
    [{ namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 1 }, 30],
  ];
  for (const [policy, minutes] of lives) {
    it(`issues a token of ${minutes} minutes with ${JSON.stringify(policy)} and 30 for the guest user`, async () => {
      resetApp(policy);
      org.timeouts.set(org.guestUser.userId, 30);
      const { exp = 0, iat = 0 } = decodeJwt(await newToken());
      assert.equal(exp - iat, minutes * 60);
    });
  }

  it('ends a token at its exp, even if it is used', async () => {
    resetApp({ guestJwtSessionTimeoutType: 'Custom', guestJwtTimeout: 10 });
    const token = await newToken();
    org.time += 9 * minute;
    assert.equal(org.identity.authenticate(token)?.userId, org.guestUser.userId);
    org.time += minute;
    assert.equal(org.identity.authenticate(token), undefined);
  });

  it('shows the visitor in introspection, and a revoked token as not active', async () => {
    const uvid = randomUUID();
    const token = await newToken(uvid);
    const form = { token, client_id: org.app.consumerKey, client_secret: org.app.consumerSecret ?? '' };
    assert.equal((await org.post('/services/oauth2/introspect', form)).body['sub'], `uvid:${uvid}`);
    await org.post('/services/oauth2/revoke', { token });
    assert.deepEqual((await org.post('/services/oauth2/introspect', form)).body, { active: false });
  });

  it('gives guests no user information', async () => {
    assert.equal((await org.get('/services/oauth2/userinfo', bearer(await newToken()))).status, 403);
  });

  it('reads the visitor id from a token that the visitor has, while it is valid', async () => {
    const uvid = randomUUID();
    const earlier = await newToken(uvid);
    const { location } = await authorize(uvid, {}, { 'uvid-hint': earlier });
    const code = new URL(location ?? '').searchParams.get('code') ?? '';
    assert.equal(decodeJwt(String((await exchange(code, earlier)).body['access_token'])).sub, `uvid:${uvid}`);
    org.time += 120 * minute;
    const late = await authorize(uvid, {}, { 'uvid-hint': earlier });
    assert.deepEqual(essence(late), refusal('invalid_request', 'uvid invalid'));
  });

  const uvid = randomUUID();
  const refused: readonly [
    what: string,
    answer: () => Promise<Answer>,
    error: string,
    description: string,
  ][] = [
    [
      'while the app issues opaque tokens',
      () => (resetApp({ isNamedUserJwtEnabled: false }), authorize(uvid)),
      'invalid_request',
      'guest flow not enabled',
    ],
    [
      'while the flow is off',
      () => (resetApp({ isGuestCodeCredFlowEnabled: false }), authorize(uvid)),
      'invalid_request',
      'guest flow not enabled',
    ],
    [
      'without the guest header',
      () => authorize(uvid, {}, { 'auth-request-type': 'Guest-User' }),
      'invalid_request',
      'invalid headers',
    ],
    [
      'with a visitor id without its prefix',
      () => authorize(uvid, {}, { 'uvid-hint': uvid }),
      'invalid_request',
      'uvid invalid',
    ],
    ['with a visitor id that is no UUID', () => authorize('me'), 'invalid_request', 'uvid invalid'],
    [
      'with a callback that is not the app’s',
      () => authorize(uvid, { redirect_uri: 'https://attacker.example/' }),
      'redirect_uri_mismatch',
      'redirect_uri must match configuration',
    ],
    [
      'with a scope that the app does not have',
      () => authorize(uvid, { scope: 'openid' }),
      'invalid_scope',
      'the requested scope is not allowed',
    ],
    [
      'without PKCE where the app requires it',
      () => authorize(uvid, { code_challenge: '' }),
      'invalid_request',
      'missing required code challenge',
    ],
    [
      'as another flow',
      () => authorize(uvid, { response_type: 'code' }),
      'unsupported_response_type',
      'response type is not supported',
    ],
    [
      'at the token endpoint without its headers',
      async () => exchange(await newCode(uvid), uvid, {}, {}),
      'unknown_error',
      'retry your request',
    ],
    [
      'at the token endpoint for another visitor',
      async () => exchange(await newCode(uvid), randomUUID()),
      'invalid_request',
      'uvid invalid',
    ],
    [
      'at the token endpoint with another verifier',
      async () => exchange(await newCode(uvid), uvid, { code_verifier: 'guessed' }),
      'invalid_grant',
      'invalid code verifier',
    ],
    [
      'at the token endpoint with another callback',
      async () => exchange(await newCode(uvid), uvid, { redirect_uri: 'https://shop.example/other' }),
      'redirect_uri_mismatch',
      'redirect_uri must match configuration',
    ],
    [
      'at the token endpoint with a wrong secret',
      async () => exchange(await newCode(uvid), uvid, { client_secret: 'wrong' }),
      'invalid_client',
      'invalid client credentials',
    ],
    [
      'at the token endpoint without the secret',
      async () => exchange(await newCode(uvid), uvid, { client_secret: '' }),
      'invalid_client',
      'invalid client credentials',
    ],
    [
      'at the token endpoint with an unknown code',
      () => exchange('aPrxUnknown', uvid),
      'invalid_grant',
      'invalid authorization code',
    ],
  ];
  for (const [what, answer, error, description] of refused) {
    it(`is refused ${what}`, async () => {
      assert.deepEqual(essence(await answer()), refusal(error, description));
    });
  }

  it('needs no secret of an app whose secret is optional', async () => {
    resetApp({ isConsumerSecretOptional: true });
    assert.equal((await exchange(await newCode(uvid), uvid, { client_secret: '' })).status, 200);
  });

  it('accepts a code once, and for 15 minutes', async () => {
    const code = await newCode(uvid);
    assert.equal((await exchange(code, uvid)).status, 200);
    assert.deepEqual(
      essence(await exchange(code, uvid)),
      refusal('invalid_grant', 'invalid authorization code'),
    );
    const late = await newCode(uvid);
    org.time += 15 * minute;
    assert.deepEqual(
      essence(await exchange(late, uvid)),
      refusal('invalid_grant', 'expired authorization code'),
    );
  });
});
