import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import { globalType } from '../support/client.js';
import { setupPage } from './setupClient.js';

const settings = '/apps/Agent_Gateway/settings';
const jwtOn = { isNamedUserJwtEnabled: 'on' };

describe('the border of the Setup page', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());

  const globalSettings = () => org.component(globalType, 'Agent_Gateway_glbloauth');

  for (const origin of ['https://attacker.example', 'http://127.0.0.1:1', 'null']) {
    it(`refuses a form of the origin ${origin}, and changes nothing`, async () => {
      const before = globalSettings();
      const answer = await setupPage(org, settings, jwtOn, { origin });
      assert.equal(answer.status, 403);
      assert.ok(answer.text.includes(`The Origin header is '${origin}'`), answer.text);
      assert.equal(globalSettings(), before);
    });
  }

  it('refuses a page of a foreign name that resolves to this machine, for reading and for forms', async () => {
    for (const method of ['GET', 'POST']) {
      const { status, body } = await new Promise<{ status: number | undefined; body: string }>(
        (resolve, reject) => {
          request(
            org.setupPageUrl + settings,
            { method, headers: { host: 'attacker.example', origin: 'http://attacker.example' } },
            (answer) => {
              text(answer).then((body) => {
                resolve({ status: answer.statusCode, body });
              }, reject);
            },
          )
            .on('error', reject)
            .end();
        },
      );
      assert.equal(status, 403);
      assert.match(body, /The Host header is &apos;attacker\.example&apos;/);
    }
  });

  it('accepts a form of its own origin', async () => {
    const answer = await setupPage(org, settings, jwtOn, { origin: org.instanceUrl });
    assert.equal(answer.status, 303);
    assert.match(globalSettings() ?? '', /<isNamedUserJwtEnabled>true</);
  });

  it('refuses what is not a form of a browser', async () => {
    const response = await fetch(org.setupPageUrl + settings, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(response.status, 415);
  });

  for (const path of [
    '',
    settings,
    '/deploys',
    '/tokens',
    '/requests',
    '/faults',
    '/nowhere',
    '/files/style.css',
  ]) {
    it(`lets no other page frame ${path || 'the list of apps'}, nor this one load or run what is not its own`, async () => {
      const { headers } = await setupPage(org, path);
      const policy = headers.get('content-security-policy') ?? '';
      for (const directive of [
        "default-src 'none'",
        "script-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ])
        assert.ok(policy.split('; ').includes(directive), `${directive} in ${policy}`);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
      assert.equal(headers.get('cache-control'), 'no-store');
    });
  }

  it('serves only its own files', async () => {
    for (const name of ['tsconfig.json', '..%2fpackage.json', '..%2f..%2fpackage.json']) {
      assert.equal((await setupPage(org, `/files/${name}`)).status, 404, name);
    }
  });

  it('is a page even for an error', async () => {
    for (const [path, problem] of [
      ['/nowhere', 'There is no GET /local-org/setup/nowhere.'],
      ['/apps/Nobody/settings', "The org has no external client app 'Nobody'."],
      ['/deploys/0Af', "The org has no deploy '0Af'."],
      ['/tokens/7', 'The desk has no token 7'],
    ] as const) {
      const { status, text: words, headers } = await setupPage(org, path);
      assert.equal(status, 404);
      assert.equal(headers.get('content-type'), 'text/html; charset=utf-8');
      assert.ok(words.includes(problem), words);
    }
  });

  it('is not counted among the requests of the org and is not subject to faults', async () => {
    org.clearRequests();
    const end = org.faults.add({ on: 'other', do: { kind: 'status', status: 503 } });
    try {
      assert.equal((await setupPage(org, '')).status, 200);
      assert.deepEqual(org.requests, []);
    } finally {
      end();
    }
  });
});
