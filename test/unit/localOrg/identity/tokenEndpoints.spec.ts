import assert from 'node:assert/strict';
import { agent, bearer, deployer, essence, FakeOrg, minute } from './fakeOrg.js';

describe('endpoints about tokens', () => {
  let org: FakeOrg;

  before(async () => {
    org = await FakeOrg.start();
  });
  beforeEach(() => {
    org.resetApp();
  });
  after(() => org.close());

  const newToken = async () => String((await org.signIn())['access_token']);
  const introspect = (token: string, form: Record<string, string> = {}) =>
    org.post('/services/oauth2/introspect', {
      token,
      client_id: org.app.consumerKey,
      client_secret: org.app.consumerSecret ?? '',
      ...form,
    });

  describe('userinfo', () => {
    it('returns whose token it is, by GET and by POST', async () => {
      const token = await newToken();
      const answers = [
        await org.get('/services/oauth2/userinfo', bearer(token)),
        await org.post('/services/oauth2/userinfo', {}, bearer(token)),
        await org.post('/services/oauth2/userinfo', { access_token: token }),
      ];
      for (const { status, body } of answers) {
        assert.equal(status, 200);
        assert.equal(body['sub'], `${org.instanceUrl}/id/${org.organizationId}/${deployer.userId}`);
        assert.equal(body['user_id'], deployer.userId);
        assert.equal(body['organization_id'], org.organizationId);
        assert.equal(body['preferred_username'], deployer.username);
        assert.equal(body['email'], deployer.email);
      }
    });

    it('accepts JWT-based tokens', async () => {
      org.resetApp({ isNamedUserJwtEnabled: true });
      assert.equal((await org.get('/services/oauth2/userinfo', bearer(await newToken()))).status, 200);
    });

    it('counts as a use of an opaque token', async () => {
      const token = await newToken();
      org.time += 119 * minute;
      await org.get('/services/oauth2/userinfo', bearer(token));
      org.time += 119 * minute;
      assert.equal((await org.get('/services/oauth2/userinfo', bearer(token))).status, 200);
    });

    it('returns 403 for an invalid token', async () => {
      const { status, text } = await org.get('/services/oauth2/userinfo', bearer('00D000000000062!nonsense'));
      assert.deepEqual([status, text], [403, 'Bad_OAuth_Token']);
    });

    it('returns 403 without a token', async () => {
      const { status, text } = await org.get('/services/oauth2/userinfo');
      assert.deepEqual([status, text], [403, 'Missing_OAuth_Token']);
    });
  });

  describe('the identity URL', () => {
    it('returns whose token it is', async () => {
      const { id, access_token: token } = await org.signIn();
      const { status, body } = await org.get(new URL(String(id)).pathname, bearer(token));
      assert.equal(status, 200);
      assert.equal(body['id'], id);
      assert.equal(body['username'], deployer.username);
      assert.equal(body['display_name'], deployer.displayName);
    });

    it('accepts ids of 15 characters', async () => {
      const path = `/id/${org.organizationId.slice(0, 15)}/${deployer.userId.slice(0, 15)}`;
      assert.equal((await org.get(path, bearer(await newToken()))).status, 200);
    });

    it("refuses another user's token, another org and an invalid token", async () => {
      const token = await newToken();
      const own = `/id/${org.organizationId}/${deployer.userId}`;
      const statuses = [
        await org.get(`/id/${org.organizationId}/${agent.userId}`, bearer(token)),
        await org.get(`/id/00D000000000063EAA/${deployer.userId}`, bearer(token)),
        await org.get(own, bearer('nonsense')),
      ].map(({ status }) => status);
      assert.deepEqual(statuses, [403, 403, 403]);
    });
  });

  describe('introspection', () => {
    it('returns the user and the expiry in seconds of an opaque token', async () => {
      const { body } = await introspect(await newToken());
      const iat = Math.floor(org.time / 1000);
      assert.deepEqual(body, {
        active: true,
        scope: 'api refresh_token',
        client_id: org.app.consumerKey,
        username: deployer.username,
        sub: `${org.instanceUrl}/id/${org.organizationId}/${deployer.userId}`,
        token_type: 'access_token',
        exp: iat + 120 * 60,
        iat,
        nbf: iat,
      });
    });

    it('does not count as a use of the token', async () => {
      const token = await newToken();
      const { body: first } = await introspect(token);
      org.time += 60 * minute;
      const { body: second } = await introspect(token);
      assert.equal(second['exp'], first['exp']);
    });

    it('returns the exp of a JWT-based token', async () => {
      org.resetApp({
        isNamedUserJwtEnabled: true,
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 5,
      });
      const { body } = await introspect(await newToken());
      assert.equal(Number(body['exp']) - Number(body['iat']), 300);
    });

    it('reports expired, unknown and missing tokens as not active', async () => {
      const token = await newToken();
      org.time += 120 * minute;
      for (const bad of [token, 'unknown', '']) {
        assert.deepEqual((await introspect(bad)).body, { active: false });
      }
    });

    it("reports another app's token as not active", async () => {
      const { token } = org.identity.issueOpaqueToken(agent.userId, 10, '3MVG9.other');
      assert.deepEqual((await introspect(token)).body, { active: false });
    });

    it("shows another app's token to an app that may introspect all", async () => {
      org.resetApp({ isIntrospectAllTokens: true });
      const { token } = org.identity.issueOpaqueToken(agent.userId, 10, '3MVG9.other');
      assert.equal((await introspect(token)).body['client_id'], '3MVG9.other');
    });

    it('returns when the policy ends a refresh token', async () => {
      org.resetApp({
        refreshTokenPolicyType: 'SpecificInactivity',
        refreshTokenValidityPeriod: 7,
        refreshTokenValidityUnit: 'Days',
      });
      const token = org.identity.issueRefreshToken(deployer.userId, org.app.consumerKey);
      const iat = Math.floor(org.time / 1000);
      assert.deepEqual((await introspect(token)).body, {
        active: true,
        scope: 'api refresh_token',
        client_id: org.app.consumerKey,
        username: deployer.username,
        sub: `${org.instanceUrl}/id/${org.organizationId}/${deployer.userId}`,
        token_type: 'refresh_token',
        exp: iat + 7 * 24 * 60 * 60,
        iat,
        nbf: iat,
      });
      org.time += 7 * 24 * 60 * minute;
      assert.deepEqual((await introspect(token)).body, { active: false });
    });

    it('returns 401 for a wrong secret and for an unknown client', async () => {
      const token = await newToken();
      const expected = {
        status: 401,
        body: { error: 'invalid_client', error_description: 'invalid client credentials' },
      };
      assert.deepEqual(essence(await introspect(token, { client_secret: 'wrong' })), expected);
      assert.deepEqual(essence(await introspect(token, { client_id: '3MVG9.other' })), expected);
    });
  });

  describe('revocation', () => {
    for (const isNamedUserJwtEnabled of [false, true]) {
      it(`ends ${isNamedUserJwtEnabled ? 'a JWT-based' : 'an opaque'} token`, async () => {
        org.resetApp({ isNamedUserJwtEnabled });
        const token = await newToken();
        const { status, text } = await org.post('/services/oauth2/revoke', { token });
        assert.deepEqual([status, text], [200, '']);
        assert.equal(org.identity.authenticate(token), undefined);
        assert.deepEqual((await introspect(token)).body, { active: false });
      });
    }

    it('also reads the token from the query', async () => {
      const token = await newToken();
      await org.get(`/services/oauth2/revoke?token=${encodeURIComponent(token)}`);
      assert.equal(org.identity.authenticate(token), undefined);
    });

    it('does not affect other tokens of the user', async () => {
      const [one, other] = [await newToken(), await newToken()];
      await org.post('/services/oauth2/revoke', { token: one });
      assert.notEqual(org.identity.authenticate(other), undefined);
    });

    it('returns invalid_token for anything that is not a token', async () => {
      const { status, body } = await org.post('/services/oauth2/revoke', { token: 'unknown' });
      assert.equal(status, 400);
      assert.equal(body['error'], 'invalid_token');
    });
  });

  describe('discovery', () => {
    it('lists endpoints of this org, which all exist', async () => {
      const { body } = await org.get('/.well-known/openid-configuration');
      assert.equal(body['issuer'], org.instanceUrl);
      const endpoints = Object.entries(body).filter(([name]) => /_endpoint$|_uri$/.test(name));
      assert.equal(endpoints.length, 6);
      for (const [name, url] of endpoints) {
        const path = String(url).slice(org.instanceUrl.length);
        const method = name === 'jwks_uri' || name === 'userinfo_endpoint' ? 'get' : 'post';
        const { status } = method === 'get' ? await org.get(path) : await org.post(path, {});
        assert.notEqual(status, 404, name);
      }
    });

    it('returns only the public key', async () => {
      const { text } = await org.get('/id/keys');
      const { keys } = JSON.parse(text) as { keys: Record<string, string>[] };
      assert.deepEqual(
        keys.map((key) => Object.keys(key).sort()),
        [['alg', 'e', 'kid', 'kty', 'n', 'use']],
      );
    });
  });
});
