import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { ConfigurationError } from '../../../../provider/src/errors.js';
import { SignInError } from '../../../../provider/src/signIn/session.js';
import { defaultAudience, signIn } from '../../../../provider/src/signIn/signIn.js';
import type { SignInWay } from '../../../../provider/src/signIn/signInWays.js';
import { startTestServer } from '../org/support/testServer.js';
import type { TestServer } from '../org/support/testServer.js';
import { contextWithoutEngine } from '../../../../provider/src/org/orgContext.js';

const context = contextWithoutEngine();

describe('defaultAudience', () => {
  const table = [
    ['https://acme.my.salesforce.com', 'login'],
    ['https://acme-dev-ed.develop.my.salesforce.com', 'login'],
    ['https://login.salesforce.com', 'login'],
    ['https://acme.my.salesforce.mil', 'login'],
    ['https://sandbox.my.salesforce.com', 'login'],
    ['http://127.0.0.1:8080', 'login'],
    ['https://test.salesforce.com', 'test'],
    ['https://acme--uat.sandbox.my.salesforce.com', 'test'],
    ['https://acme--uat.my.salesforce.com', 'test'],
    ['https://acme--uat.cs42.my.salesforce.com', 'test'],
    ['https://acme-dev-ed.scratch.my.salesforce.com', 'test'],
    ['https://acme--uat.sandbox.my.sfcrmproducts.cn', 'test'],
  ] as const;
  for (const [address, host] of table) {
    it(`is https://${host}.salesforce.com at ${address}`, () => {
      assert.equal(defaultAudience(address), `https://${host}.salesforce.com`);
    });
  }
});

describe('defaultAudience of a host that is not known to be Salesforce’s', () => {
  for (const address of ['https://org.example.com', 'https://acme.my.salesforce.com.example.com']) {
    it(`is none at ${address}`, () => {
      assert.equal(defaultAudience(address), undefined);
    });
  }
});

describe('signIn', () => {
  it('uses an access token as it is, without a request', async () => {
    const session = await signIn(
      {
        kind: 'accessToken',
        accessToken: '00D000000000062!AQ.x',
        instanceUrl: 'https://acme.my.salesforce.com',
      },
      '"uat"',
      context,
    );
    assert.deepEqual(session, {
      accessToken: '00D000000000062!AQ.x',
      instanceUrl: 'https://acme.my.salesforce.com',
      organizationId: '00D000000000062EAA',
      consumerKey: undefined,
      tokenFormat: 'opaque',
    });
  });

  describe('with JWT bearer', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    let server: TestServer;
    beforeEach(async () => {
      server = await startTestServer();
    });
    afterEach(() => server.close());

    const way = (changes: { audience?: string; privateKey?: string } = {}): SignInWay => ({
      kind: 'jwtBearer',
      clientId: 'consumer-key',
      username: 'deployer@example.com',
      privateKey: {
        value: changes.privateKey ?? pem,
        source: 'salesforce:privateKey',
        fromEnvironment: false,
      },
      loginUrl: server.url,
      audience: changes.audience,
    });

    function answer(status: number, body: unknown): void {
      server.answer = (_, response) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      };
    }

    const reply = {
      access_token: '00D000000000062!AQ.s3cr3t',
      instance_url: 'https://acme.my.salesforce.com',
      id: 'https://login.salesforce.com/id/00D000000000062EAA/005000000000001AAA',
    };

    const assertion = (): string => new URLSearchParams(server.requests[0]?.body).get('assertion') ?? '';

    async function refusal(used: SignInWay): Promise<SignInError> {
      const error = await signIn(used, '"uat"', context).then(
        () => assert.fail('it signed in'),
        (reason: unknown) => reason,
      );
      assert(error instanceof SignInError, inspect(error));
      const shown = inspect(error, { showHidden: true });
      assert(!shown.includes('s3cr3t') && !shown.includes(assertion()), 'the error holds a credential');
      return error;
    }

    it('sends one signed assertion for the app and the user, valid for minutes', async () => {
      answer(200, reply);
      await signIn(way(), '"uat"', context);
      assert.equal(server.requests.length, 1);
      const [request] = server.requests;
      assert.deepEqual([request?.method, request?.url], ['POST', '/services/oauth2/token']);
      const parameters = new URLSearchParams(request?.body);
      assert.deepEqual([...parameters.keys()].sort(), ['assertion', 'grant_type']);
      assert.equal(parameters.get('grant_type'), 'urn:ietf:params:oauth:grant-type:jwt-bearer');
      assert.equal(decodeProtectedHeader(assertion()).alg, 'RS256');
      const { payload } = await jwtVerify(assertion(), publicKey, {
        issuer: 'consumer-key',
        subject: 'deployer@example.com',
        audience: 'https://login.salesforce.com',
      });
      const seconds = (payload.exp ?? 0) - Date.now() / 1000;
      assert(seconds > 0 && seconds <= 300, `${seconds} seconds`);
    });

    it('signs a new assertion for each attempt, issued a little in the past', async () => {
      server.answer = (_, response) => {
        if (server.requests.length === 1) {
          response.socket?.resetAndDestroy();
        } else {
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
        }
      };
      await signIn(way(), '"uat"', context);
      const sent = await Promise.all(
        server.requests.map(({ body }) =>
          jwtVerify(new URLSearchParams(body).get('assertion') ?? '', publicKey).then(
            ({ payload }) => payload,
          ),
        ),
      );
      assert.equal(sent.length, 2);
      assert.notEqual(sent[0]?.jti, sent[1]?.jti);
      for (const { jti, iat = 0, exp = 0 } of sent) {
        assert.match(jti ?? '', /^[0-9a-f-]{36}$/);
        // It ends three minutes from when it is made, so it was issued before that.
        assert.equal(exp - iat > 180 && exp - iat < 240, true, `${exp} - ${iat}`);
      }
    });

    it('uses the configured audience', async () => {
      answer(200, reply);
      await signIn(way({ audience: 'https://acme.example.com' }), '"uat"', context);
      await jwtVerify(assertion(), publicKey, { audience: 'https://acme.example.com' });
    });

    it('reads token, address and organization from the reply', async () => {
      answer(200, reply);
      assert.deepEqual(await signIn(way(), '"uat"', context), {
        accessToken: reply.access_token,
        instanceUrl: reply.instance_url,
        organizationId: '00D000000000062EAA',
        consumerKey: 'consumer-key',
        tokenFormat: 'opaque',
      });
    });

    it('reads the organization from the token if the reply has no id', async () => {
      answer(200, { ...reply, id: undefined });
      assert.equal((await signIn(way(), '"uat"', context)).organizationId, '00D000000000062EAA');
    });

    it("reports the org's message, what it means and what to do", async () => {
      answer(400, { error: 'invalid_grant', error_description: 'audience is invalid' });
      assert.equal(
        (await refusal(way())).message,
        `[ECA1205] sign-in to org "uat" was refused by ${server.url}: invalid_grant · audience is invalid. This host does not accept ` +
          'the assertion’s audience. Set salesforce:audience to https://login.salesforce.com, or for a sandbox or scratch org to ' +
          'https://test.salesforce.com',
      );
      assert.equal(server.requests.length, 1);
    });

    it('shows no credential that the org sends back', async () => {
      server.answer = (request, response) => {
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: 'invalid_grant', error_description: `bad ${request.body}` }));
      };
      assert.match((await refusal(way())).message, /invalid_grant · bad assertion=\[secret\]&/);
    });

    for (const [what, changes] of [
      ['no access token', { access_token: undefined }],
      ['an address that is none', { instance_url: 'http://acme.example.com' }],
    ] as const) {
      it(`reports that the response is not that of an org if it has ${what}`, async () => {
        answer(200, { ...reply, ...changes });
        assert.equal(
          (await refusal(way())).message,
          `[ECA1602] sign-in to org "uat": ${server.url} responded, but not like a Salesforce org (no access_token or instance_url). ` +
            'Check that this is the My Domain address of the org and that there is no proxy in between',
        );
      });
    }

    it('reports an invalid key before anything is sent', async () => {
      await assert.rejects(
        signIn(way({ privateKey: '-----BEGIN NOTHING-----' }), '"uat"', context),
        (error) => {
          assert(error instanceof ConfigurationError);
          assert.equal(
            error.message,
            '[ECA1105] salesforce:privateKey is not a PEM private key (expected it to start with -----BEGIN PRIVATE KEY-----)',
          );
          return true;
        },
      );
      assert.equal(server.requests.length, 0);
    });
  });
});
