import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectSocket } from 'node:net';
import { text } from 'node:stream/consumers';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from '../../../../local-org/src/index.js';

/** Sends a request with a Host header of choice, which fetch does not. */
function ask(
  org: LocalOrg,
  path: string,
  { host, method = 'GET', type, body }: { host: string; method?: string; type?: string; body?: string },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host, ...(type !== undefined && { 'content-type': type }) };
    httpRequest(org.instanceUrl + path, { method, headers }, (response) => {
      text(response).then((answer) => {
        resolve({ status: response.statusCode ?? 0, body: answer });
      }, reject);
    })
      .on('error', reject)
      .end(body);
  });
}

const login = ({ username, password }: LocalOrg): string =>
  '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"><e:Body>' +
  `<login><username>${username}</username><password>${password}</password></login></e:Body></e:Envelope>`;

/** The page of a site whose name was made to resolve to this machine sends these: its browser lets it read the answers. */
const rebound = 'attacker.example:8080';

const refusal = (header: string): string =>
  `The Host header is ${header}; this org answers to localhost, 127.0.0.1, [::1] only. ` +
  'Start it with --instance-host NAME to have it answer to another name.';

describe('the Host header of a request to the local org', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());

  it('prevents a SOAP login through DNS rebinding, even with the correct password', async () => {
    const options = { method: 'POST', type: 'text/xml', body: login(org) };
    const path = '/services/Soap/u/64.0';
    assert.match((await ask(org, path, { ...options, host: '127.0.0.1' })).body, /<sessionId>/);
    const { status, body } = await ask(org, path, { ...options, host: rebound });
    assert.equal(status, 500);
    assert.match(body, /<faultcode>sf:INVALID_REQUEST</);
    assert.ok(body.includes(refusal(`&apos;${rebound}&apos;`)), body);
  });

  it('is refused in the form of REST and of OAuth', async () => {
    const rest = await ask(org, '/services/data', { host: rebound });
    assert.equal(rest.status, 403);
    assert.deepEqual(JSON.parse(rest.body), [
      { message: refusal(`'${rebound}'`), errorCode: 'INVALID_REQUEST' },
    ]);
    const oauth = await ask(org, '/services/oauth2/token', {
      host: rebound,
      method: 'POST',
      type: 'application/x-www-form-urlencoded',
      body: 'grant_type=client_credentials',
    });
    assert.equal(oauth.status, 403);
    assert.deepEqual(JSON.parse(oauth.body), {
      error: 'invalid_request',
      error_description: refusal(`'${rebound}'`),
    });
  });

  for (const path of ['/id/keys', '/.well-known/openid-configuration', '/local-org/clock', '/nowhere', '/']) {
    it(`is refused for ${path}`, async () => {
      const { status, body } = await ask(org, path, { host: rebound });
      assert.equal(status, 403);
      assert.ok(body.includes(refusal(`'${rebound}'`)), body);
    });
  }

  for (const host of [
    '127.0.0.1.attacker.example',
    'localhost.attacker.example:8080',
    '127.0.0.1@attacker.example',
    '127.0.0.1:8080, attacker.example',
    '0.0.0.0:8080',
    '127.0.0.1:8080:8080',
    'localhost.',
  ]) {
    it(`is refused as ${host}`, async () => {
      assert.equal((await ask(org, '/services/data', { host })).status, 403);
    });
  }

  for (const host of ['127.0.0.1:8080', '127.0.0.1', 'localhost:8080', 'LOCALHOST', '[::1]:8080']) {
    it(`is accepted as ${host}`, async () => {
      assert.equal((await ask(org, '/services/data', { host })).status, 200);
    });
  }

  it('is refused if it is missing, as HTTP/1.0 allows', async () => {
    const socket = connectSocket(Number(new URL(org.instanceUrl).port), '127.0.0.1');
    socket.end('GET /services/data HTTP/1.0\r\n\r\n');
    assert.match(
      await text(socket),
      /^HTTP\/1\.[01] 403 [^]*The Host header is missing; this org answers to /,
    );
  });

  for (const [origin, status] of [
    [(own: string) => own, 200],
    [() => 'https://attacker.example', 403],
    [() => 'http://127.0.0.1:3000', 403],
    [(own: string) => own.replace('http:', 'https:'), 403],
    [(own: string) => own.replace('127.0.0.1', 'localhost'), 403],
    [() => 'null', 403],
    [() => '', 403],
  ] as const) {
    it(`${status === 200 ? 'lets' : 'does not let'} a page of the origin '${origin('http://127.0.0.1:PORT')}' drive the org`, async () => {
      const headers = { origin: origin(org.instanceUrl) };
      const reply = await fetch(`${org.instanceUrl}/local-org/clock`, { headers });
      assert.equal(reply.status, status);
      if (status === 200) return;
      assert.deepEqual(await reply.json(), {
        error: `The Origin header is '${headers.origin}'; the control API does not answer pages of other sites.`,
      });
    });
  }
});

describe('the Host header of a request to the local org with https', () => {
  it('includes the scheme: only pages of the org itself can control it', async () => {
    const server = await startLocalOrg({ https: true });
    try {
      const { instanceUrl, certificateFile } = server.org('dev');
      const statusFor = (origin: string): Promise<number | undefined> =>
        new Promise((resolve, reject) => {
          const ca = readFileSync(certificateFile!);
          httpsRequest(`${instanceUrl}/local-org/clock`, { ca, headers: { origin } }, (response) => {
            response.resume();
            resolve(response.statusCode);
          })
            .on('error', reject)
            .end();
        });
      assert.equal(await statusFor(instanceUrl), 200);
      assert.equal(await statusFor(instanceUrl.replace('https:', 'http:')), 403);
    } finally {
      await server.close();
    }
  });
});
