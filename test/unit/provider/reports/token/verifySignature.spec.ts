import assert from 'node:assert/strict';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { SalesforceApiError } from '../../../../../provider/src/org/errors.js';
import { listPublishedKeys } from '../../../../../provider/src/org/orgInformation.js';
import { verifySignature } from '../../../../../provider/src/reports/token/verifySignature.js';
import { startTestServer, type TestServer } from '../../org/support/testServer.js';
import { HttpConnections } from '../../../../../provider/src/org/httpConnections.js';

const http = new HttpConnections();

const kid = 'CORE_ATJWT.00D000000000062.1700000000000';
/** The org's clock. */
const now = Date.parse('2026-03-04T05:06:07Z') / 1000;

describe('the signature of a token', () => {
  let server: TestServer;
  let privateKey: CryptoKey;
  let publicJwk: JWK;

  before(async () => {
    const keys = await generateKeyPair('RS256', { modulusLength: 2048 });
    privateKey = keys.privateKey;
    publicJwk = { ...(await exportJWK(keys.publicKey)), kid, use: 'sig', alg: 'RS256' };
  });
  beforeEach(async () => {
    server = await startTestServer();
    answer({ keys: [publicJwk] });
  });
  afterEach(() => server.close());

  function answer(body: unknown): void {
    server.answer = (_, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json', date: new Date(now * 1000).toUTCString() })
        .end(JSON.stringify(body));
    };
  }
  const sign = async (
    issued: number,
    header: { alg: string; kid: string } = { alg: 'RS256', kid },
  ): Promise<string> =>
    new SignJWT({ iat: issued, nbf: issued - 15, exp: issued + 1800 })
      .setProtectedHeader(header)
      .sign(header.alg === 'HS256' ? new TextEncoder().encode(JSON.stringify(publicJwk)) : privateKey);

  it('is valid with a key that the org publishes, at the org’s time', async () => {
    assert.deepEqual(await verifySignature(await sign(now), server.url, http, 60_000), {
      isValid: true,
      text: `signed with the key ${kid}`,
    });
    assert.deepEqual(
      server.requests.map(({ method, url, headers }) => [method, url, headers.authorization]),
      [['GET', '/id/keys', undefined]],
    );
  });

  it('is not valid with another key of that name', async () => {
    const other = await generateKeyPair('RS256', { modulusLength: 2048 });
    answer({ keys: [{ ...(await exportJWK(other.publicKey)), kid }] });
    const { isValid, text } = await verifySignature(await sign(now), server.url, http, 60_000);
    assert.equal(isValid, false);
    assert.match(text, /signature verification failed/);
  });

  for (const [what, token, message] of [
    [
      'by a key that the org does not publish',
      () => sign(now, { alg: 'RS256', kid: 'another' }),
      /no applicable key/,
    ],
    ['by a secret made of the public key', () => sign(now, { alg: 'HS256', kid }), /"alg"|algorithm/i],
    ['after its end', () => sign(now - 7200), /"exp"/],
    ['before its beginning', () => sign(now + 7200), /"nbf"/],
    ['of a text that is none', () => Promise.resolve('a.b.c'), /Invalid|JW[ST]/],
  ] as const) {
    it(`is not valid ${what}`, async () => {
      const { isValid, text } = await verifySignature(await token(), server.url, http, 60_000);
      assert.equal(isValid, false);
      assert.match(text, message);
    });
  }

  for (const body of [{}, { keys: 'none' }, { keys: [{ kid }] }, []]) {
    it(`cannot be checked without a set of keys: ${JSON.stringify(body)}`, async () => {
      answer(body);
      await assert.rejects(
        listPublishedKeys(server.url, { http }),
        (error) => error instanceof SalesforceApiError && error.operation === 'keys',
      );
    });
  }
});
