import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { deployer, FakeOrg, minute } from './fakeOrg.js';

describe('access tokens', () => {
  let org: FakeOrg;

  before(async () => {
    org = await FakeOrg.start();
  });
  beforeEach(() => {
    org.resetApp();
  });
  after(() => org.close());

  async function newToken(): Promise<string> {
    return String((await org.signIn())['access_token']);
  }

  it('are opaque by default: short org id, exclamation mark, word characters and dots', async () => {
    assert.match(await newToken(), /^00D000000000062![\w.]{40,}$/);
  });

  it("have the format of the app's setting at the time of issue", async () => {
    const opaque = await newToken();
    org.resetApp({ isNamedUserJwtEnabled: true });
    const jwt = await newToken();
    org.resetApp({ isNamedUserJwtEnabled: false });
    const opaqueAgain = await newToken();
    const formats = [opaque, jwt, opaqueAgain].map((token) => org.identity.authenticate(token)?.format);
    assert.deepEqual(formats, ['opaque', 'jwt', 'opaque']);
  });

  it('have the documented reply when opaque', async () => {
    const { access_token: token, signature, ...reply } = await org.signIn();
    const id = `${org.instanceUrl}/id/${org.organizationId}/${deployer.userId}`;
    assert.equal(typeof token, 'string');
    assert.equal(
      signature,
      createHmac('sha256', org.app.consumerSecret ?? '')
        .update(`${id}${org.time}`)
        .digest('base64'),
    );
    assert.deepEqual(reply, {
      scope: 'api refresh_token',
      instance_url: org.instanceUrl,
      id,
      token_type: 'Bearer',
      issued_at: String(org.time),
    });
  });

  it('come with token_format and api_instance_url when JWT-based', async () => {
    org.resetApp({ isNamedUserJwtEnabled: true });
    const reply = await org.signIn();
    assert.equal(reply['token_format'], 'jwt');
    assert.equal(reply['api_instance_url'], org.instanceUrl);
    assert.equal('expires_in' in reply, false);
  });

  it("have Salesforce's header and claims when JWT-based", async () => {
    org.resetApp({ isNamedUserJwtEnabled: true });
    const token = await newToken();
    const { kid, ...header } = decodeProtectedHeader(token);
    assert.match(String(kid), /^CORE_ATJWT\.00D000000000062\.\d{13}$/);
    assert.deepEqual(header, {
      tnk: 'core/dev/00D000000000062EAA',
      ver: '1.0',
      tty: 'sfdc-core-token',
      typ: 'JWT',
      alg: 'RS256',
    });
    const iat = Math.floor(org.time / 1000);
    const { sfi, ...claims } = decodeJwt(token);
    assert.match(String(sfi), /^[0-9a-f]{64}$/);
    assert.deepEqual(claims, {
      scp: 'api refresh_token',
      aud: [org.instanceUrl],
      sub: `uid:${deployer.userId}`,
      nbf: iat - 15,
      mty: 'oauth',
      roles: [],
      iss: org.instanceUrl,
      hsc: false,
      exp: iat + 120 * 60,
      iat,
      client_id: org.app.consumerKey,
    });
  });

  it('have the API platform as second audience if the app has one of its scopes', async () => {
    org.resetApp({ isNamedUserJwtEnabled: true, scopes: ['Api', 'SFApiPlatform'] });
    const { aud, scp } = decodeJwt(await newToken());
    assert.deepEqual(aud, [org.instanceUrl, 'https://api.salesforce.com']);
    assert.equal(scp, 'api sfap_api');
  });

  it('can be verified with /id/keys when JWT-based', async () => {
    org.resetApp({ isNamedUserJwtEnabled: true });
    const keys = createRemoteJWKSet(new URL(`${org.instanceUrl}/id/keys`));
    const { payload } = await jwtVerify(await newToken(), keys, {
      issuer: org.instanceUrl,
      audience: org.instanceUrl,
      currentDate: new Date(org.time),
    });
    assert.equal(payload.sub, `uid:${deployer.userId}`);
  });

  const jwtLives = [
    ['Custom', 15, 15],
    ['Custom', 720, 720],
    ['Custom', undefined, 120],
    ['UserSession', undefined, 120],
    ['UserSession', 15, 120],
    [undefined, undefined, 120],
    [undefined, 15, 120],
  ] as const;
  for (const [type, timeout, minutes] of jwtLives) {
    it(`last ${minutes} minutes as JWT with type ${type ?? 'absent'} and timeout ${timeout ?? 'absent'}`, async () => {
      org.resetApp({
        isNamedUserJwtEnabled: true,
        namedUserJwtSessionTimeoutType: type,
        namedUserJwtTimeout: timeout,
        sessionTimeoutInMinutes: 45,
      });
      const { exp = 0, iat = 0 } = decodeJwt(await newToken());
      assert.equal(exp - iat, minutes * 60);
    });
  }

  it('end at their exp when JWT-based, even if they are used', async () => {
    org.resetApp({
      isNamedUserJwtEnabled: true,
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: 10,
    });
    const token = await newToken();
    org.time += 9 * minute;
    assert.notEqual(org.identity.authenticate(token), undefined);
    org.time += minute;
    assert.equal(org.identity.authenticate(token), undefined);
  });

  it('keep their lifetime when the policy changes after they were issued', async () => {
    org.resetApp({ isNamedUserJwtEnabled: true });
    const token = await newToken();
    org.resetApp({
      isNamedUserJwtEnabled: true,
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: 1,
    });
    org.time += 119 * minute;
    assert.equal(org.identity.authenticate(token)?.format, 'jwt');
  });

  const opaqueLives = [
    [undefined, 120],
    [0, 120],
    [30, 30],
  ] as const;
  for (const [setting, minutes] of opaqueLives) {
    it(`end ${minutes} minutes after issue when opaque and unused, sessionTimeoutInMinutes ${setting ?? 'absent'}`, async () => {
      org.resetApp({ sessionTimeoutInMinutes: setting });
      const [early, late] = [await newToken(), await newToken()];
      org.time += minutes * minute - 1;
      assert.notEqual(org.identity.authenticate(early), undefined);
      org.time += 1;
      assert.equal(org.identity.authenticate(late), undefined);
    });
  }

  it('start their lifetime again when used in its second half, when opaque', async () => {
    const token = await newToken();
    for (let use = 0; use < 3; use++) {
      org.time += 60 * minute;
      assert.equal(org.identity.authenticate(token)?.expiresAt, org.time + 120 * minute);
    }
  });

  it('are not extended when used in the first half of their lifetime, when opaque', async () => {
    const token = await newToken();
    org.time += 60 * minute - 1;
    assert.notEqual(org.identity.authenticate(token), undefined);
    org.time += 60 * minute + 1;
    assert.equal(org.identity.authenticate(token), undefined);
  });

  it("last as long as the user's own session timeout if the app sets none", async () => {
    org.timeouts.set(deployer.userId, 45);
    assert.equal(org.identity.authenticate(await newToken())?.lifetimeMs, 45 * minute);
    org.resetApp({ isNamedUserJwtEnabled: true });
    org.timeouts.set(deployer.userId, 1440);
    const { exp = 0, iat = 0 } = decodeJwt(await newToken());
    assert.equal(exp - iat, 1440 * 60);
  });

  it('keep their lifetime when the session timeout changes after they were issued', async () => {
    const token = await newToken();
    org.timeouts.set(deployer.userId, 15);
    org.time += 119 * minute;
    assert.equal(org.identity.authenticate(token)?.expiresAt, org.time + 120 * minute);
  });

  it('can be issued by the org itself, with the requested lifetime', () => {
    const { token, expiresAt, format } = org.identity.issueOpaqueToken(deployer.userId, 7);
    assert.equal(format, 'opaque');
    assert.equal(expiresAt, org.time + 7 * minute);
    assert.equal(org.identity.authenticate(token)?.userId, deployer.userId);
  });

  it('are never the same twice', async () => {
    org.resetApp({ isNamedUserJwtEnabled: true });
    assert.notEqual(await newToken(), await newToken());
  });
});
