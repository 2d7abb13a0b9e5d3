import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import type { LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import { jwtBearer, soapCall } from '../support/client.js';

/** What is served without a session, as real orgs do, and why nobody needs one there. */
const open: Readonly<Record<string, string>> = {
  'POST /services/oauth2/token': 'gives sessions; checks the client and its grant',
  'POST /services/oauth2/authorize': 'the guest flow: gives a code for a client and its PKCE challenge',
  'POST /services/oauth2/introspect': 'checks the client',
  'GET /services/oauth2/revoke': 'ends the session of a token that is sent along',
  'POST /services/oauth2/revoke': 'ends the session of a token that is sent along',
  'GET /id/keys': 'public keys',
  'GET /.well-known/openid-configuration': 'discovery',
  'GET /services/data': 'the list of API versions',
  'POST /services/Soap/u/:version': 'SOAP login, which checks the password; no other call',
  'POST /services/Soap/u/:version/:organizationId': 'the same',
};

/** Under this path is what no Salesforce org has: the local org's own, for this machine, guarded against pages of other sites. */
const ownPath = '/local-org';

/** Values of parameters with which each route, with a session, does something. */
const parameters: Readonly<Record<string, (org: LocalOrg) => string>> = {
  version: () => 'v66.0',
  organizationId: (org) => org.organizationId,
  userId: (org) => org.users[0]!.userId,
  object: () => 'User',
  id: (org) => org.users[0]!.userId,
};

/** Methods of routes for every method that no client can send with fetch. */
const unsendable = ['CONNECT', 'TRACE', 'TRACK'];

interface Route {
  method: string;
  url: string;
}

/** Sends a request with a Host header of choice, which fetch does not. */
function askAs(host: string, method: string, url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { method, headers: { host } }, (response) => {
      text(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, body });
      }, reject);
    })
      .on('error', reject)
      .end();
  });
}

describe('the local org without a session', () => {
  const routes: Route[] = [];
  let server: LocalOrgServer;
  let org: LocalOrg;
  let tokens: Record<'none' | 'wrong' | 'expired' | 'revoked', string | undefined>;

  /** Every server that is made tells its routes here, so that a new route is looked at too. */
  const collectRoutes = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) if (!unsendable.includes(each)) routes.push({ method: each, url });
    });
  };

  before(async () => {
    subscribe('fastify.initialization', collectRoutes);
    server = await startLocalOrg();
    org = server.org('dev');
    const revoked = (await jwtBearer(org, org.clientId)).access_token;
    await fetch(`${org.instanceUrl}/services/oauth2/revoke?token=${revoked}`);
    const expired = (await jwtBearer(org, org.clientId)).access_token;
    org.advanceClock(24 * 3_600_000);
    tokens = { none: undefined, wrong: `${org.organizationId.slice(0, 15)}!wrong`, expired, revoked };
  });
  after(async () => {
    unsubscribe('fastify.initialization', collectRoutes);
    await server.close();
  });

  const isOpen = ({ method, url }: Route): boolean =>
    url === ownPath ||
    url.startsWith(`${ownPath}/`) ||
    `${method === 'HEAD' ? 'GET' : method} ${url}` in open;

  const addressOf = (url: string): string =>
    org.instanceUrl +
    url.replace(/:(\w+)/g, (_, name: string) => {
      const value = parameters[name];
      assert.ok(value, `a value for the parameter ${name} of ${url}`);
      return value(org);
    });

  it('refuses every route that needs a session, without a token and with a wrong, an expired or a revoked one', async () => {
    const closed = routes.filter((route) => !isOpen(route) && !route.url.startsWith('/services/Soap/'));
    assert.ok(closed.length >= 10, `${closed.length} routes need a session`);
    const served: string[] = [];
    for (const [what, token] of Object.entries(tokens)) {
      for (const { method, url } of closed) {
        const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
        const reply = await fetch(addressOf(url), { method, ...(headers && { headers }) });
        const text = await reply.text();
        const isRefused =
          (reply.status === 401 && (method === 'HEAD' || text.includes('INVALID_SESSION_ID'))) ||
          (reply.status === 403 && (method === 'HEAD' || /^(?:Missing|Bad)_OAuth_Token$/.test(text)));
        if (!isRefused) served.push(`${method} ${url} with ${what}: ${reply.status} ${text.slice(0, 80)}`);
      }
    }
    assert.deepEqual(served, []);
  });

  it('refuses every operation of the Metadata API', async () => {
    assert.ok(routes.some(({ url }) => url === '/services/Soap/m/:version'));
    for (const operation of [
      ...['listMetadata', 'describeMetadata', 'retrieve', 'checkRetrieveStatus', 'readMetadata'],
      ...['deploy', 'checkDeployStatus', 'cancelDeploy', 'updateMetadata', 'upsertMetadata'],
    ]) {
      for (const [what, token] of Object.entries(tokens)) {
        const reply = await soapCall(org, token ?? '', operation);
        const body = await reply.text();
        assert.equal(reply.status, 500, `${operation} with ${what}`);
        assert.match(body, /<faultcode>sf:INVALID_SESSION_ID</, `${operation} with ${what}`);
      }
    }
  });

  it('serves what real orgs serve, and nothing else', async () => {
    const present = new Set(routes.map(({ method, url }) => `${method} ${url}`));
    assert.deepEqual(
      Object.keys(open).filter((route) => !present.has(route)),
      [],
    );
    for (const url of ['/id/keys', '/.well-known/openid-configuration', '/services/data'])
      assert.equal((await fetch(org.instanceUrl + url)).status, 200, url);
    const form = { method: 'POST', body: new URLSearchParams({ token: org.accessToken }) };
    const refusals = await Promise.all(
      ['token', 'introspect'].map(async (name) => {
        const reply = await fetch(`${org.instanceUrl}/services/oauth2/${name}`, form);
        return [reply.status, ((await reply.json()) as { error: string }).error];
      }),
    );
    assert.deepEqual(refusals, [
      [400, 'unsupported_grant_type'],
      [401, 'invalid_client'],
    ]);
  });

  it('refuses every request whose Host is the name of another site', async () => {
    const served: string[] = [];
    for (const { method, url } of routes) {
      const address = org.instanceUrl + url.replace(/:\w+|\*/g, 'x');
      const { status, body } = await askAs('attacker.example', method, address);
      const isRefused = method === 'HEAD' ? status >= 400 : body.includes('--instance-host');
      if (!isRefused) served.push(`${method} ${url}: ${status} ${body.slice(0, 80)}`);
    }
    assert.deepEqual(served, []);
  });

  it('gives nothing of its own to a page of another site', async () => {
    for (const { method, url } of routes.filter(({ url }) => url.startsWith(ownPath))) {
      const reply = await fetch(org.instanceUrl + url.replace(/:\w+|\*/g, 'x'), {
        method,
        headers: { origin: 'https://example.com' },
      });
      assert.equal(reply.status, 403, `${method} ${url}`);
    }
  });
});
