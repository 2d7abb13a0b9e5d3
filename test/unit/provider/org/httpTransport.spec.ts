import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { withinLimit } from '../../../../provider/src/org/callLimit.js';
import { TransportError } from '../../../../provider/src/org/errors.js';
import { HttpTransport, type HttpTransportOptions } from '../../../../provider/src/org/httpTransport.js';
import { startTestServer, type TestServer } from './support/testServer.js';
import { HttpConnections } from '../../../../provider/src/org/httpConnections.js';

const http = new HttpConnections();

const token = 'tok3n-that-nobody-may-see';

describe('HttpTransport', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  function post(url: string, options: HttpTransportOptions = {}) {
    return new HttpTransport(http, options).send({
      method: 'POST',
      url,
      headers: { Authorization: `Bearer ${token}`, 'content-length': '999', 'Content-Type': 'text/plain' },
      body: `body with ${token}`,
    });
  }

  async function failure(url: string, options?: HttpTransportOptions): Promise<TransportError> {
    const error = await post(url, options).then(
      () => assert.fail('it resolved'),
      (reason: unknown) => reason,
    );
    assert(error instanceof TransportError, inspect(error));
    assert(!inspect(error).includes(token), 'the error holds the token');
    return error;
  }

  const path = `/services/path?q=${token}`;
  const facts = ({ kind, method, target, mayHaveBeenSent }: TransportError) => ({
    kind,
    method,
    target,
    mayHaveBeenSent,
  });
  const expected = (kind: string, mayHaveBeenSent = true) => ({
    kind,
    method: 'POST',
    target: `${server.url.slice('http://'.length)}/services/path`,
    mayHaveBeenSent,
  });

  it('sends method, headers and body once and returns status, headers and text', async () => {
    server.answer = (_, response) => response.writeHead(418, { 'x-a': 'b' }).end('é');
    const answer = await post(server.url + path);
    assert.deepEqual([answer.statusCode, answer.headers['x-a'], answer.body], [418, 'b', 'é']);
    const [request, ...others] = server.requests;
    assert.equal(others.length, 0);
    assert.deepEqual([request?.method, request?.url, request?.body], ['POST', path, `body with ${token}`]);
    assert.equal(request?.headers.authorization, `Bearer ${token}`);
    assert.equal(request.headers['content-length'], String(`body with ${token}`.length));
  });

  it('sends bytes as they are', async () => {
    await new HttpTransport(http).send({ method: 'POST', url: server.url, body: Buffer.of(0, 255) });
    assert.deepEqual(
      server.requests.map(({ body }) => body),
      ['\u0000\u00ff'],
    );
  });

  it('inflates a compressed response', async () => {
    server.answer = (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('inflated'));
    assert.equal((await post(server.url)).body, 'inflated');
  });

  it('returns a response with an error status, without repeating the request', async () => {
    server.answer = (_, response) => response.writeHead(503).end('busy');
    const answer = await new HttpTransport(http).send({ method: 'GET', url: server.url });
    assert.deepEqual([answer.statusCode, server.requests.length], [503, 1]);
  });

  it('reports a connection that breaks before the response as `reset`', async () => {
    server.answer = (_, response) => response.socket?.resetAndDestroy();
    assert.deepEqual(facts(await failure(server.url + path)), expected('reset'));
  });

  it('reports a connection that breaks within the response as `truncated`', async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.socket?.destroy());
    };
    const error = await failure(server.url + path);
    assert.deepEqual(facts(error), expected('truncated'));
    assert.match(
      error.message,
      /^POST 127\.0\.0\.1:\d+\/services\/path: the response was cut off or is damaged/,
    );
  });

  it('reports a chunked response without its end as `truncated`', async () => {
    server.answer = (_, response) => response.write('half', () => response.socket?.end());
    assert.deepEqual(facts(await failure(server.url + path)), expected('truncated'));
  });

  it('reports a damaged compressed response as `truncated`', async () => {
    server.answer = (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('not compressed');
    assert.deepEqual(facts(await failure(server.url + path)), expected('truncated'));
  });

  it('ends a request without a response at its time limit', async () => {
    server.answer = () => undefined;
    const error = await failure(server.url + path, { requestTimeoutMs: 30 });
    assert.deepEqual(facts(error), expected('timeout'));
    assert.match(error.message, /: no complete response within 0\.03 seconds$/);
  });

  it('stops a response that never ends at the time limit of the request', async () => {
    server.answer = (_, response) => response.writeHead(200).write('a little');
    assert.deepEqual(facts(await failure(server.url + path, { requestTimeoutMs: 30 })), expected('timeout'));
  });

  it('stops a response that never ends at the time limit of the whole call, even if the request may take longer', async () => {
    server.answer = (_, response) => response.writeHead(200).write('a little');
    const error = await withinLimit(30, () => failure(server.url + path, { requestTimeoutMs: 600_000 }));
    assert.deepEqual(facts(error), expected('timeout'));
  });

  it('stops a response that exceeds its size limit', async () => {
    server.answer = (_, response) => response.end('x'.repeat(101));
    const error = await failure(server.url + path, { maximumResponseBytes: 100 });
    assert.deepEqual(facts(error), expected('tooLarge'));
  });

  it('measures a compressed response by its inflated size', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    server.answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    const error = await failure(server.url + path, { maximumResponseBytes: 1_000_000 });
    assert.deepEqual(facts(error), expected('tooLarge'));
  });

  for (const [status, mayHaveBeenSent] of [
    [301, true],
    [302, true],
    [303, true],
    [307, false],
    [308, false],
  ] as const) {
    it(`does not follow a redirect with ${status}`, async () => {
      const other = await startTestServer();
      try {
        server.answer = (_, response) =>
          response.writeHead(status, { location: `${other.url}/stolen?${token}` }).end('moved');
        const error = await failure(server.url + path);
        assert.deepEqual(facts(error), expected('redirected', mayHaveBeenSent));
        assert.equal(other.requests.length, 0);
        assert(error.message.includes(`the server redirected to ${new URL(other.url).host} (HTTP `));
      } finally {
        await other.close();
      }
    });
  }

  it('reports a port that nobody listens on as `refused`', async () => {
    const { url } = server;
    await server.close();
    const error = await failure(url + path);
    assert.deepEqual(facts(error), expected('refused', false));
    assert.match(error.message, /: connection refused \(ECONNREFUSED\)$/);
    assert.equal(error.advice, 'Check the instance URL, the network and the proxy');
  });

  it('reports an unknown host as `dns`', async () => {
    const error = await failure('http://no-such-host.invalid/services/path');
    assert.deepEqual([error.kind, error.mayHaveBeenSent], ['dns', false]);
  });

  it('reports a server without TLS as `tls`', async () => {
    const error = await failure(server.url.replace('http:', 'https:'));
    assert.deepEqual([error.kind, error.mayHaveBeenSent], ['tls', false]);
  });

  it('ends a running request when the signal is aborted', async () => {
    const controller = new AbortController();
    server.answer = () => {
      controller.abort();
    };
    assert.deepEqual(
      facts(await failure(server.url + path, { signal: controller.signal })),
      expected('aborted'),
    );
  });

  it('sends nothing when the signal is already aborted', async () => {
    const error = await failure(server.url + path, { signal: AbortSignal.abort() });
    assert.deepEqual(facts(error), expected('aborted', false));
    assert.equal(server.requests.length, 0);
  });

  it('ignores a signal once the request has ended', async () => {
    const controller = new AbortController();
    await post(server.url, { signal: controller.signal });
    controller.abort();
    assert.equal((await post(server.url)).statusCode, 200);
  });

  it('reports that a header with a line break was not sent, without quoting it', async () => {
    const error: unknown = await new HttpTransport(http)
      .send({ method: 'GET', url: server.url, headers: { Authorization: `Bearer ${token}\nx` } })
      .then(
        () => assert.fail('it resolved'),
        (reason: unknown) => reason,
      );
    assert(error instanceof TransportError);
    assert.deepEqual([error.kind, error.mayHaveBeenSent], ['other', false]);
    assert(!inspect(error).includes(token));
  });

  it('reports that a request to an invalid address was not sent', async () => {
    const error = await failure(`not a url ${token}`);
    assert.deepEqual(
      [error.kind, error.target, error.mayHaveBeenSent],
      ['other', '(an address that is not a URL)', false],
    );
  });
});

/** Runs a script with its own process and environment, as a proxy's settings and the end of a process need. */
async function run(
  script: string,
  environment: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const source = (file: string) => JSON.stringify(join(__dirname, '../../../../provider/src/org', file));
  const child = spawn(
    process.execPath,
    [
      '--require',
      'tsx/cjs',
      '--eval',
      `const { HttpTransport } = require(${source('httpTransport.ts')});
       const { HttpConnections } = require(${source('httpConnections.ts')});
       ${script}`,
    ],
    { env: { PATH: process.env['PATH'], ...environment } },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  } finally {
    child.kill();
  }
}

describe('a process that uses HttpTransport', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());
  const get = (url: string): string =>
    `new HttpTransport(new HttpConnections()).send({ method: 'GET', url: ${JSON.stringify(url)} })`;

  it('exits after a request, although the server keeps the connection open', async () => {
    server.answer = (_, response) => response.end('fine');
    const result = await run(`${get(server.url)}.then(({ body }) => console.log(body));`);
    assert.deepEqual(result, { code: 0, output: 'fine\n' });
  });

  it('bypasses the proxy for a host in NO_PROXY', async () => {
    const result = await run(
      `${get('https://org.invalid')}.catch(({ kind, message }) => console.log(kind, message));`,
      { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'org.invalid' },
    );
    assert.match(result.output, /^dns GET org\.invalid\//);
  });

  for (const name of ['127.0.0.1', 'localhost', '127.0.0.2']) {
    it(`never sends a request to this machine, as ${name}, through a proxy, which would get its token`, async () => {
      const proxy = await startTestServer();
      try {
        server.answer = (_, response) => response.end('direct');
        proxy.answer = (_, response) => response.end('from the proxy');
        const url = server.url.replace('127.0.0.1', name);
        const proxies = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: 'elsewhere.example' };
        const result = await run(
          `${get(url)}.then(({ body }) => console.log(body), ({ kind }) => console.log(kind));`,
          proxies,
        );
        // Nothing listens at the second address.
        assert.deepEqual(result, { code: 0, output: name === '127.0.0.2' ? 'refused\n' : 'direct\n' });
        assert.deepEqual(proxy.requests, []);
      } finally {
        await proxy.close();
      }
    });
  }

  it('reports a refusal of the proxy, and that nothing was sent', async () => {
    const proxy: Server = createServer((socket: Socket) => {
      socket.once('data', () =>
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'),
      );
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = proxy.address() as AddressInfo;
      const result = await run(
        `${get('https://org.invalid/path')}.catch(({ kind, mayHaveBeenSent, message }) => console.log(kind, mayHaveBeenSent, message));`,
        { HTTPS_PROXY: `http://user:pass@127.0.0.1:${port}` },
      );
      assert.match(
        result.output,
        /^refused false GET org\.invalid\/path: the proxy refused to connect to the host \(HTTP 407\)/,
      );
      assert(!result.output.includes('pass'));
    } finally {
      proxy.close();
    }
  });

  it('reports that the settings of a proxy are wrong instead of throwing', async () => {
    const result = await run(
      `${get('https://org.invalid')}.catch(({ kind, message, advice }) => console.log(kind, message, advice));`,
      { HTTPS_PROXY: 'user:s3cret@nowhere' },
    );
    assert.match(result.output, /^other GET .*: the request could not be prepared .* proxy settings/);
    assert(!result.output.includes('s3cret'));
  });
});
