import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { SignInError } from '../../../../provider/src/signIn/session.js';
import { signIn } from '../../../../provider/src/signIn/signIn.js';
import type { SignInWay } from '../../../../provider/src/signIn/signInWays.js';
import { startTestServer } from '../org/support/testServer.js';
import type { TestServer } from '../org/support/testServer.js';
import { contextWithoutEngine } from '../../../../provider/src/org/orgContext.js';

const context = contextWithoutEngine();

const reply = {
  access_token: '00D000000000062!AQ.t0k3n',
  instance_url: 'https://acme.my.salesforce.com',
  id: 'https://login.salesforce.com/id/00D000000000062EAA/005000000000001AAA',
};
const session = {
  accessToken: reply.access_token,
  instanceUrl: reply.instance_url,
  organizationId: '00D000000000062EAA',
  consumerKey: 'consumer-key',
  tokenFormat: 'opaque',
};
/** With characters that a form encodes. */
const clientSecret = 's3cr3t/with+form=characters';
const refreshToken = 'r3fr3sh.t0k3n==';

describe('a request to the token endpoint', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  function answer(status: number, body: unknown): void {
    server.answer = (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
  }

  const clientCredentials = (): SignInWay => ({
    kind: 'clientCredentials',
    clientId: 'consumer-key',
    clientSecret,
    loginUrl: server.url,
  });
  const sfdxAuthUrl = (secret?: string): SignInWay => ({
    kind: 'sfdxAuthUrl',
    clientId: 'consumer-key',
    clientSecret: secret,
    refreshToken,
    loginUrl: server.url,
  });

  const form = (): Record<string, string> =>
    Object.fromEntries(new URLSearchParams(server.requests[0]?.body ?? ''));

  async function refusal(way: SignInWay): Promise<string> {
    const error: unknown = await signIn(way, '"uat"', context).then(
      () => assert.fail('it signed in'),
      (reason: unknown) => reason,
    );
    assert(error instanceof SignInError, inspect(error));
    const shown = inspect(error, { showHidden: true });
    for (const secret of ['s3cr3t', 'r3fr3sh', 't0k3n']) {
      assert(!shown.includes(secret), shown);
    }
    return error.message;
  }

  it('sends key and secret as client credentials', async () => {
    answer(200, reply);
    assert.deepEqual(await signIn(clientCredentials(), '"uat"', context), session);
    assert.deepEqual(
      [server.requests[0]?.method, server.requests[0]?.url],
      ['POST', '/services/oauth2/token'],
    );
    assert.deepEqual(form(), {
      grant_type: 'client_credentials',
      client_id: 'consumer-key',
      client_secret: clientSecret,
    });
  });

  it('sends the refresh token and the key of an SFDX auth URL, without a secret if the URL has none', async () => {
    answer(200, reply);
    assert.deepEqual(await signIn(sfdxAuthUrl(), '"uat"', context), session);
    assert.deepEqual(form(), {
      grant_type: 'refresh_token',
      client_id: 'consumer-key',
      refresh_token: refreshToken,
    });
  });

  it('sends the secret of an SFDX auth URL that has one', async () => {
    answer(200, reply);
    await signIn(sfdxAuthUrl(clientSecret), '"uat"', context);
    assert.equal(form()['client_secret'], clientSecret);
  });

  it('keeps a refresh token that replaces the one that was used', async () => {
    answer(200, { ...reply, refresh_token: 'next' });
    assert.deepEqual(await signIn(sfdxAuthUrl(), '"uat"', context), { ...session, nextRefreshToken: 'next' });
  });

  for (const [name, way] of [
    ['client credentials', clientCredentials],
    ['an SFDX auth URL', () => sfdxAuthUrl(clientSecret)],
  ] as const) {
    it(`shows nothing of ${name} but host and key, even if the org sends everything back`, async () => {
      server.answer = ({ body }, response) => {
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: `bad ${body}`, error_description: decodeURIComponent(body) }));
      };
      assert.match(
        await refusal(way()),
        /^\[ECA1219\] sign-in to org "uat" was refused by http:\/\/127\.0\.0\.1:\d+: bad /,
      );
    });

    for (const status of [301, 302, 307, 308]) {
      it(`does not send ${name} to the target of an HTTP ${status}`, async () => {
        const elsewhere = await startTestServer();
        try {
          server.answer = (_, response) => {
            response.writeHead(status, { location: `${elsewhere.url}/services/oauth2/token` }).end();
          };
          const message = await refusal(way());
          assert(message.includes(`the server redirected to ${new URL(elsewhere.url).host} (HTTP `), message);
          assert.deepEqual([server.requests.length, elsewhere.requests.length], [1, 0]);
        } finally {
          await elsewhere.close();
        }
      });
    }
  }

  for (const instanceUrl of [
    'http://acme.my.salesforce.com',
    'https://user:password@acme.my.salesforce.com',
    'http://127.0.0.1.example.com',
    'ftp://127.0.0.1',
    7,
  ]) {
    it(`refuses a reply that sends the token to ${instanceUrl}`, async () => {
      answer(200, { ...reply, instance_url: instanceUrl });
      assert.match(await refusal(clientCredentials()), /responded, but not like a Salesforce org /);
    });
  }

  it('accepts a reply that names this machine', async () => {
    answer(200, { ...reply, instance_url: 'http://127.0.0.1:8080' });
    assert.equal((await signIn(clientCredentials(), '"uat"', context)).instanceUrl, 'http://127.0.0.1:8080');
  });
});
