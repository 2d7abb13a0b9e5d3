import assert from 'node:assert/strict';
import { agent, deployer, essence, FakeOrg, refusal } from './fakeOrg.js';

describe('client credentials, refresh tokens and unknown grants', () => {
  let org: FakeOrg;

  before(async () => {
    org = await FakeOrg.start();
  });
  beforeEach(() => {
    org.resetApp();
  });
  after(() => org.close());

  const client = () => ({ client_id: org.app.consumerKey, client_secret: org.app.consumerSecret ?? '' });
  const clientCredentials = (form: Record<string, string> = {}) =>
    org.requestToken({ grant_type: 'client_credentials', ...client(), ...form });
  const refresh = (refreshToken: string, form: Record<string, string> = {}) =>
    org.requestToken({ grant_type: 'refresh_token', refresh_token: refreshToken, ...client(), ...form });

  it('signs in the Run As user of the app with id and secret in the form', async () => {
    const { body } = await clientCredentials();
    assert.equal(org.identity.authenticate(String(body['access_token']))?.userId, agent.userId);
  });

  it('reads id and secret from the Basic header', async () => {
    const basic = Buffer.from(`${org.app.consumerKey}:${org.app.consumerSecret ?? ''}`).toString('base64');
    const { status } = await org.requestToken(
      { grant_type: 'client_credentials' },
      { authorization: `Basic ${basic}` },
    );
    assert.equal(status, 200);
  });

  it('also finds the Run As user by user id', async () => {
    org.resetApp({ clientCredentialsFlowUser: deployer.userId });
    const { body } = await clientCredentials();
    assert.equal(org.identity.authenticate(String(body['access_token']))?.userId, deployer.userId);
  });

  const runAsProblems = [
    ['there is no Run As user', { clientCredentialsFlowUser: undefined }],
    ['the Run As user is unknown', { clientCredentialsFlowUser: 'nobody@example.com' }],
    ['the flow is off', { isClientCredentialsFlowEnabled: false }],
  ] as const;
  for (const [name, changes] of runAsProblems) {
    it(`refuses client credentials when ${name}`, async () => {
      org.resetApp(changes);
      assert.deepEqual(
        essence(await clientCredentials()),
        refusal('invalid_grant', 'no client credentials user enabled'),
      );
    });
  }

  it('refuses a wrong secret', async () => {
    assert.deepEqual(
      essence(await clientCredentials({ client_secret: 'wrong' })),
      refusal('invalid_client', 'invalid client credentials'),
    );
  });

  it('refuses client credentials of an app without a secret', async () => {
    org.resetApp({ consumerSecret: undefined });
    assert.deepEqual(
      essence(await clientCredentials()),
      refusal('invalid_client', 'invalid client credentials'),
    );
  });

  it('refuses an unknown client id', async () => {
    assert.deepEqual(
      essence(await clientCredentials({ client_id: '3MVG9.other' })),
      refusal('invalid_client_id', 'client identifier invalid'),
    );
  });

  it('issues an access token of its user for a refresh token, repeatedly', async () => {
    const refreshToken = org.identity.issueRefreshToken(deployer.userId, org.app.consumerKey);
    for (let time = 0; time < 2; time++) {
      const { body } = await refresh(refreshToken);
      assert.equal(org.identity.authenticate(String(body['access_token']))?.userId, deployer.userId);
      assert.equal('refresh_token' in body, false);
    }
  });

  it('issues an access token to a public client without a secret', async () => {
    const refreshToken = org.identity.issueRefreshToken(deployer.userId, org.app.consumerKey);
    assert.equal((await refresh(refreshToken, { client_secret: '' })).status, 200);
  });

  it('refuses a wrong secret with a valid refresh token', async () => {
    const refreshToken = org.identity.issueRefreshToken(deployer.userId, org.app.consumerKey);
    assert.deepEqual(
      essence(await refresh(refreshToken, { client_secret: 'wrong' })),
      refusal('invalid_client', 'invalid client credentials'),
    );
  });

  it("refuses unknown refresh tokens and another app's", async () => {
    const expected = refusal('invalid_grant', 'expired access/refresh token');
    assert.deepEqual(essence(await refresh('5Aep.unknown')), expected);
    const refreshToken = org.identity.issueRefreshToken(deployer.userId, '3MVG9.other');
    assert.deepEqual(essence(await refresh(refreshToken)), expected);
  });

  it('ends a refresh token and its access tokens by revocation', async () => {
    const refreshToken = org.identity.issueRefreshToken(deployer.userId, org.app.consumerKey);
    const { body } = await refresh(refreshToken);
    await org.post('/services/oauth2/revoke', { token: refreshToken });
    assert.equal(org.identity.authenticate(String(body['access_token'])), undefined);
    assert.deepEqual(
      essence(await refresh(refreshToken)),
      refusal('invalid_grant', 'expired access/refresh token'),
    );
  });

  it('counts a refresh token as approval of a self-authorised app', async () => {
    org.resetApp({ permittedUsersPolicyType: 'AllSelfAuthorized' });
    org.identity.issueRefreshToken(deployer.userId, org.app.consumerKey);
    assert.equal((await org.signIn())['token_type'], 'Bearer');
  });

  for (const form of [{ grant_type: 'password' }, {}]) {
    it(`refuses ${JSON.stringify(form)} as grant`, async () => {
      assert.deepEqual(
        essence(await org.requestToken(form as Record<string, string>)),
        refusal('unsupported_grant_type', 'grant type not supported'),
      );
    });
  }

  it('reads parameters only from a form', async () => {
    const response = await fetch(`${org.instanceUrl}/services/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'client_credentials', ...client() }),
    });
    assert.deepEqual(await response.json(), {
      error: 'unsupported_grant_type',
      error_description: 'grant type not supported',
    });
  });

  it('leaves errors that are not of OAuth to the server', async () => {
    const { status } = await fetch(`${org.instanceUrl}/services/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'text/unknown' },
      body: 'x',
    });
    assert.equal(status, 415);
  });
});
