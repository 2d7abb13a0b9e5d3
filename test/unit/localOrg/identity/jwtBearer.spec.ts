import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { agent, deployer, essence, FakeOrg, jwtBearer, minute, refusal } from './fakeOrg.js';

describe('JWT bearer grant', () => {
  let org: FakeOrg;

  before(async () => {
    org = await FakeOrg.start();
  });
  beforeEach(() => {
    org.resetApp();
  });
  after(() => org.close());

  async function grant(...assertion: Parameters<FakeOrg['assertion']>) {
    return essence(await org.requestToken(jwtBearer(await org.assertion(...assertion))));
  }

  const seconds = (offset: number) => Math.floor(org.time / 1000) + offset;

  it('signs in the user named by sub', async () => {
    const { status, body } = await grant();
    assert.equal(status, 200);
    assert.equal(org.identity.authenticate(String(body['access_token']))?.userId, deployer.userId);
  });

  const audiences = [
    ['the production login host', () => 'https://login.salesforce.com'],
    ['the production login host with a slash', () => 'https://login.salesforce.com/'],
    ['the sandbox login host', () => 'https://test.salesforce.com'],
    ['the sandbox login host with a slash', () => 'https://test.salesforce.com/'],
    ["the org's own address", () => org.instanceUrl],
    ["the org's own address with a slash", () => `${org.instanceUrl}/`],
    ['a list that names the org', () => ['https://example.com', org.instanceUrl]],
  ] as const;
  for (const [name, audience] of audiences) {
    it(`accepts ${name} as audience`, async () => {
      const { status } = await grant({ aud: [audience()].flat() });
      assert.equal(status, 200);
    });
  }

  it('accepts the expiry in milliseconds that the Salesforce CLI sends, also when it arrives late', async () => {
    const assertion = await org.assertion({ exp: org.time + 300 });
    org.time += 2000;
    const { status } = await org.requestToken(jwtBearer(assertion));
    assert.equal(status, 200);
  });

  it('accepts the expiry that CumulusCI sends, the second in which it asks', async () => {
    org.time += 999 - (org.time % 1000);
    assert.equal((await grant({ exp: seconds(0) })).status, 200);
    assert.equal((await grant({ exp: seconds(-179) })).status, 200);
  });

  it('accepts a start of validity that has passed', async () => {
    const { status } = await grant({ nbf: seconds(-60), iat: seconds(-60) });
    assert.equal(status, 200);
  });

  const certificates = [
    ['base64 of the PEM text', (pem: string) => Buffer.from(pem).toString('base64')],
    ['base64 of DER with line breaks', (pem: string) => pem.replaceAll(/-----.*-----/g, '')],
    ['PEM inside white space', (pem: string) => `\n    ${pem}\n`],
  ] as const;
  for (const [name, written] of certificates) {
    it(`reads a certificate written as ${name}`, async () => {
      org.resetApp({ certificate: written(org.app.certificate ?? '') });
      const { status } = await grant();
      assert.equal(status, 200);
    });
  }

  const refusals: [string, () => ReturnType<typeof grant>, string, string][] = [
    ['another audience', () => grant({ aud: 'https://example.com' }), 'invalid_grant', 'audience is invalid'],
    ['no audience', () => grant({ aud: undefined }), 'invalid_grant', 'audience is invalid'],
    ['a past expiry', () => grant({ exp: seconds(-181) }), 'invalid_grant', 'expired authorization code'],
    [
      'a past expiry of another audience',
      () => grant({ exp: seconds(-1), aud: 'https://example.com' }),
      'invalid_grant',
      'audience is invalid',
    ],
    [
      'an expiry that is not near',
      () => grant({ exp: seconds(301) }),
      'invalid_grant',
      'expired authorization code',
    ],
    [
      'an expiry in milliseconds that is not near',
      () => grant({ exp: org.time + 6 * minute }),
      'invalid_grant',
      'expired authorization code',
    ],
    [
      'an expiry in milliseconds that is long past',
      () => grant({ exp: org.time - 6 * minute }),
      'invalid_grant',
      'expired authorization code',
    ],
    ['one that is not valid yet', () => grant({ nbf: seconds(60) }), 'invalid_grant', 'invalid assertion'],
    ['no expiry', () => grant({ exp: undefined }), 'invalid_grant', 'invalid assertion'],
    ['no subject', () => grant({ sub: undefined }), 'invalid_grant', 'invalid assertion'],
    ['no issuer', () => grant({ iss: undefined }), 'invalid_grant', 'invalid assertion'],
    [
      'another consumer key',
      () => grant({ iss: '3MVG9.other' }),
      'invalid_client_id',
      'client identifier invalid',
    ],
    [
      'an unknown username',
      () => grant({ sub: 'nobody@example.com' }),
      'invalid_grant',
      "user hasn't approved this consumer",
    ],
    [
      'a symmetric signature',
      () => grant({}, { key: Buffer.alloc(32, 7), alg: 'HS256' }),
      'invalid_grant',
      'invalid assertion',
    ],
    ['another RSA algorithm', () => grant({}, { alg: 'RS512' }), 'invalid_grant', 'invalid assertion'],
  ];
  for (const [name, request, error, description] of refusals) {
    it(`refuses ${name}`, async () => {
      assert.deepEqual(await request(), refusal(error, description));
    });
  }

  it('refuses a signature by a key that is not in the certificate', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    assert.deepEqual(await grant({}, { key: privateKey }), refusal('invalid_grant', 'invalid assertion'));
  });

  it('refuses when a deploy has cleared the certificate', async () => {
    org.resetApp({ certificate: undefined });
    assert.deepEqual(await grant(), refusal('invalid_grant', 'invalid assertion'));
  });

  it('refuses when the certificate cannot be read', async () => {
    org.resetApp({ certificate: 'bm90IGEgY2VydGlmaWNhdGU=' });
    assert.deepEqual(await grant(), refusal('invalid_grant', 'invalid assertion'));
  });

  it('refuses a request without an assertion', async () => {
    const answer = await org.requestToken({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' });
    assert.deepEqual(essence(answer), refusal('invalid_grant', 'invalid assertion'));
  });

  it('refuses an assertion that is not a JWT', async () => {
    const answer = await org.requestToken(jwtBearer('not.a.jwt'));
    assert.deepEqual(essence(answer), refusal('invalid_grant', 'invalid assertion'));
  });

  it('accepts each jti once', async () => {
    const assertion = jwtBearer(await org.assertion({ jti: 'one' }));
    assert.equal((await org.requestToken(assertion)).status, 200);
    assert.deepEqual(
      essence(await org.requestToken(assertion)),
      refusal('invalid_grant', 'invalid assertion'),
    );
    assert.equal((await grant({ jti: 'two' })).status, 200);
  });

  it('does not use up the jti of an assertion that it refuses', async () => {
    await grant({ jti: 'three', aud: 'https://example.com' });
    assert.equal((await grant({ jti: 'three' })).status, 200);
  });

  it('refuses an app whose OAuth is off', async () => {
    org.resetApp({ oauthEnabled: false });
    assert.deepEqual(
      await grant(),
      refusal('app_not_found', 'External client app is not installed in this org'),
    );
  });

  it('refuses a user who has not approved a self-authorised app, until the user does', async () => {
    org.resetApp({ permittedUsersPolicyType: 'AllSelfAuthorized' });
    const before = await grant({ sub: agent.username });
    org.identity.approve(agent.userId, org.app.consumerKey);
    const approved = await grant({ sub: agent.username });
    assert.deepEqual(before, refusal('invalid_grant', "user hasn't approved this consumer"));
    assert.equal(approved.status, 200);
  });

  it("checks the expiry by the clients' clock if that is configured", async () => {
    const clientTime = org.time;
    Object.assign(org, { clientNow: () => clientTime });
    org.time += 60 * minute;
    const { status } = await grant({ exp: Math.floor(clientTime / 1000) + 180 });
    Object.assign(org, { clientNow: undefined });
    assert.equal(status, 200);
  });
});
