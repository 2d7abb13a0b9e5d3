import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { callCommandLine } from '../support/commandLine.js';
import { startTestServer, type TestServer } from '../unit/provider/org/support/testServer.js';

const secret = 'S3cr3t'.repeat(11).slice(0, 64);

describe('a response that no org sends', function () {
  this.timeout(60_000);
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

  /** What `token` says when the token endpoint answers so. */
  const refusedBy = async (body: string, contentType: string): Promise<string> => {
    org.faults.add({ on: 'token', do: { kind: 'status', status: 400, contentType, body } });
    const { code, stdout, stderr } = await callCommandLine(['token'], {
      SALESFORCE_INSTANCE_URL: org.instanceUrl,
      SALESFORCE_CLIENT_ID: 'key',
      SALESFORCE_CLIENT_SECRET: secret,
    });
    assert.deepEqual([code, stdout], [1, '']);
    return stderr;
  };

  it('shows no part of a secret when it is truncated', async () => {
    const filler = 'x'.repeat(160);
    for (const [body, contentType] of [
      [`<html><title>${filler}${secret}</title></html>`, 'text/html'],
      [`<html><title>${filler}${secret}`, 'text/html'],
      [`${'x'.repeat(260)}${secret}`, 'text/plain'],
      [JSON.stringify({ error: `${'x'.repeat(60)}${secret}`, error_description: '' }), 'application/json'],
      [
        JSON.stringify({ error: 'invalid_client', error_description: `${'x'.repeat(260)}${secret}` }),
        'application/json',
      ],
    ] as const) {
      assert.doesNotMatch(await refusedBy(body, contentType), /S3cr/, body);
      org.faults.clear();
    }
  });

  it('cannot make a message long', async () => {
    const long = 'long '.repeat(20_000);
    const said = await refusedBy(
      JSON.stringify({ error: long, error_description: long }),
      'application/json',
    );
    assert.ok(said.length < 1000, `${said.length} characters`);
  });

  it('yields no token with characters that are not allowed in tokens', async () => {
    const body = JSON.stringify({ access_token: '00D\u001b[2J!x', instance_url: org.instanceUrl });
    org.faults.add({
      on: 'token',
      do: { kind: 'status', status: 200, contentType: 'application/json', body },
    });
    const { code, stdout, stderr } = await callCommandLine(['token', '--print-token'], {
      SALESFORCE_INSTANCE_URL: org.instanceUrl,
      SALESFORCE_CLIENT_ID: 'key',
      SALESFORCE_CLIENT_SECRET: secret,
    });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /responded, but not like a Salesforce org /);
  });

  describe('that arrives byte by byte', () => {
    let dripping: TestServer;
    beforeEach(async () => {
      dripping = await startTestServer();
      dripping.answer = (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const drops = setInterval(() => response.write(' '), 50);
        response.once('close', () => {
          clearInterval(drops);
        });
      };
    });
    afterEach(() => dripping.close());

    for (const args of [
      ['audit'],
      ['export', '--out', 'none'],
      ['doctor', 'app', '--for', 'agent-api'],
      ['token'],
    ]) {
      it(`ends ${args[0] ?? ''} at its --timeout, and is not requested again`, async () => {
        const { code, stdout, stderr } = await callCommandLine([...args, '--timeout', '0.01'], {
          SALESFORCE_INSTANCE_URL: dripping.url,
          ...(args[0] === 'token'
            ? { SALESFORCE_CLIENT_ID: 'key', SALESFORCE_CLIENT_SECRET: secret }
            : { SALESFORCE_ACCESS_TOKEN: '00D000000000001!token' }),
        });
        assert.deepEqual([code, stdout], [1, ''], stderr);
        assert.match(stderr, /no complete response within 0\.6 seconds/);
        assert.equal(dripping.requests.length, 1);
      });
    }
  });

  it('does not overflow the stack with 250,000 API versions', async () => {
    const hostile = await startTestServer();
    hostile.answer = (_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`[${Array<string>(250_000).fill('{"version":"66.0"}').join(',')}]`);
    try {
      const { stderr } = await callCommandLine(['audit'], {
        SALESFORCE_INSTANCE_URL: hostile.url,
        SALESFORCE_ACCESS_TOKEN: 'token',
      });
      assert.match(stderr, /The response to userinfo is not a valid API response/);
    } finally {
      await hostile.close();
    }
  });
});

describe('a message of the provider itself', () => {
  it('is not redacted', async () => {
    const { stderr } = await callCommandLine(['token'], {
      SALESFORCE_INSTANCE_URL: 'https://example.my.salesforce.com',
      SALESFORCE_CLIENT_ID: 'key',
      SALESFORCE_USERNAME: 'user@example.com',
      SALESFORCE_PRIVATE_KEY: '-----BEGIN nothing-----',
    });
    assert.match(stderr, /expected it to start with -----BEGIN PRIVATE KEY-----/);
  });
});
