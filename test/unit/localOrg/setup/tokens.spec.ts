import assert from 'node:assert/strict';
import type { LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import { setupPage, submitForm } from './setupClient.js';

const developer = 'developer@dev.example';

describe('the token desk of the Setup page', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());
  afterEach(() => {
    org.faults.clear();
  });

  const getToken = (app: string, grantType: string, username = developer) =>
    submitForm(org, '/tokens', { app, grantType, username });
  const call = (path: string, name: string) => submitForm(org, `${path}/calls`, { call: name });

  it('gets a JWT-based token, shows it decoded with its end, and calls the API with it until then', async () => {
    const { text, path } = await getToken('Partner_API', 'refreshToken');
    assert.match(
      text,
      /Format JWT Expires \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC , in (?:30 min 0|29 min \d+) s/,
    );
    assert.match(
      text,
      /Header tnk core\/dev\/00D\w{15} .* alg RS256 Payload scp .* exp \d{10} \( \d{4}-\S+ \S+ UTC \)/,
    );

    assert.match(
      (await call(path, 'REST userinfo')).text,
      /200 GET \/services\/oauth2\/userinfo .*"preferred_username": "developer@dev\.example"/,
    );
    assert.match(
      (await call(path, 'SOAP describeMetadata at 67.0')).text,
      /500 POST .* SOAP API does not support JWT-based access tokens/,
    );
    assert.match(
      (await call(path, 'SOAP describeMetadata at 68.0')).text,
      /200 POST \/services\/Soap\/m\/68\.0/,
    );

    org.advanceClock(30 * 60_000);
    const late = await call(path, 'REST query: SELECT Id, Name FROM Organization');
    assert.match(late.text, /expired/);
    assert.match(late.text, /401 GET \/services\/data\/v68\.0\/query\S* .*INVALID_SESSION_ID/);
  });

  it('asks the org when an opaque token ends, which moves with its use', async () => {
    const { text, path } = await getToken('Agent_Gateway', 'clientCredentials');
    assert.match(text, /Format Opaque Expires .* in (?:120 min 0|119 min \d+) s/);
    assert.match(text, /An opaque token contains no information/);
    org.advanceClock(60 * 60_000);
    assert.match((await setupPage(org, path)).text, /in (?:60 min 0|59 min \d+) s/);
    assert.match((await call(path, 'REST userinfo')).text, /in (?:120 min 0|119 min \d+) s/);
    assert.match((await call(path, 'OAuth revoke')).text, /200 POST \/services\/oauth2\/revoke/);
    assert.match((await call(path, 'REST userinfo')).text, /403 GET \/services\/oauth2\/userinfo/);
  });

  it('gets a token of an installed app, and one by JWT bearer with the org’s private key', async () => {
    assert.match((await getToken('acme__Billing_Sync', 'refreshToken')).text, /Format Opaque Expires \d/);
    assert.match((await getToken('Deployer', 'jwtBearer')).text, /Format Opaque Expires \d/);
  });

  it('shows the org’s refusal', async () => {
    const { text, markup } = await getToken('portal', 'jwtBearer');
    assert.match(
      text,
      /none: refused .* 400 POST \/services\/oauth2\/token .*"error_description": "invalid assertion"/,
    );
    assert.doesNotMatch(markup, /Call the API/);
  });

  it('sends real requests: they are recorded and subject to faults', async () => {
    org.clearRequests();
    org.faults.add({ on: 'token', times: 1, do: { kind: 'reset' } });
    const { text } = await getToken('Partner_API', 'refreshToken');
    assert.match(text, /none: refused .* no response POST \/services\/oauth2\/token .* fetch failed: /);
    assert.deepEqual(
      org.requests.map(({ kind, status }) => [kind, status]),
      [['token', undefined]],
    );
  });

  it('lists its tokens, without a secret', async () => {
    await getToken('Agent_Gateway', 'clientCredentials');
    const { text, markup } = await setupPage(org, '/tokens');
    assert.match(text, /Token \d+ Agent_Gateway Opaque/);
    assert.doesNotMatch(markup, /00D\w{12}!/);
  });

  for (const [form, status, problem] of [
    [
      { app: 'No_OAuth', grantType: 'refreshToken', username: developer },
      404,
      "The org has no app 'No_OAuth' with OAuth settings.",
    ],
    [
      { app: 'portal', grantType: 'password', username: developer },
      400,
      'grantType is "password"; it takes one of: refreshToken, clientCredentials, jwtBearer.',
    ],
    [
      { app: 'portal', grantType: 'jwtBearer', username: 'nobody' },
      400,
      'username is "nobody"; it takes one of: developer@dev.example',
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(form)}`, async () => {
      const answer = await setupPage(org, '/tokens', form);
      assert.equal(answer.status, status);
      assert.ok(answer.text.includes(problem), answer.text);
    });
  }
});
