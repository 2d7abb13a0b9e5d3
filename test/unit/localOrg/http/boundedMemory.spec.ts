import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from '../../../../local-org/src/index.js';
import { until } from '../../../support/until.js';
import { connect, retrieveOne, soapCall } from '../support/client.js';

const MiB = 1024 * 1024;

/** Sends so many HEAD requests over one connection, many at a time, and waits for all answers. */
async function flood(org: LocalOrg, count: number, path: (index: number) => string): Promise<void> {
  const socket = connectSocket(Number(new URL(org.instanceUrl).port), '127.0.0.1');
  const atOnce = 500;
  // By lines, because an answer may come in two parts.
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const answered = async (wanted: number): Promise<void> => {
    for (let answers = 0; answers < wanted;) {
      const { value, done } = await lines.next();
      assert.ok(done !== true, 'the connection has ended');
      if (value.startsWith('HTTP/1.1 404')) answers += 1;
    }
  };
  for (let sent = 0; sent < count; sent += atOnce) {
    const size = Math.min(atOnce, count - sent);
    const requests = Array.from(
      { length: size },
      (_, index) => `HEAD ${path(sent + index)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    );
    socket.write(requests.join(''));
    await answered(size);
  }
  socket.destroy();
}

describe('the memory of the local org is limited', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  /** The org's HTTP server. */
  let http: FastifyInstance['server'];

  const keepServer = (message: unknown): void => {
    http = (message as { fastify: FastifyInstance }).fastify.server;
  };

  beforeEach(async () => {
    subscribe('fastify.initialization', keepServer);
    server = await startLocalOrg();
    unsubscribe('fastify.initialization', keepServer);
    org = server.org('dev');
  });
  afterEach(() => server.close());

  it('in the number of requests that it lists: the last ones stay', async () => {
    const count = 20_300;
    await flood(org, count, (index) => `/${index}`);
    assert.equal(org.requests.length, 20_000);
    assert.deepEqual([org.requests[0]?.path, org.requests.at(-1)?.path], ['/300', `/${count - 1}`]);
    org.clearRequests();
    await flood(org, 1, () => '/after');
    assert.deepEqual(
      org.requests.map(({ path }) => path),
      ['/after'],
    );
  });

  it('in the size of the requests that it lists, because anyone can send them', async () => {
    await flood(org, 1000, (index) => `/${index}/${'x'.repeat(12_000)}`);
    const characters = org.requests.reduce((sum, { path }) => sum + path.length, 0);
    assert.ok(characters <= 4 * MiB, `${characters} characters in ${org.requests.length} requests`);
    assert.ok(org.requests.length > 300);
    assert.match(org.requests.at(-1)?.path ?? '', /^\/999\//);
  });

  it('in time: a connection whose body never ends is closed', async () => {
    assert.ok(http.requestTimeout > 0 && http.requestTimeout <= 60_000, `${http.requestTimeout} ms`);
    http.requestTimeout = 300;
    http.headersTimeout = 300;
    const socket = connectSocket(Number(new URL(org.instanceUrl).port), '127.0.0.1');
    socket.write(
      `POST /services/Soap/u/64.0 HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: ${10 * MiB}\r\n\r\n<half`,
    );
    assert.match(await text(socket), /^HTTP\/1\.1 408 /);
  });

  it('in what it reads at a time: a fifth message of 50 MB is refused for now, and small ones are accepted', async () => {
    const sockets: Socket[] = [];
    /** Sends the head of a message, and waits until the org asks for the body. */
    const begin = async (length: string): Promise<void> => {
      const socket = connectSocket(Number(new URL(org.instanceUrl).port), '127.0.0.1');
      sockets.push(socket);
      const head = 'POST /services/Soap/u/64.0 HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml';
      socket.write(`${head}\r\nExpect: 100-continue\r\n${length}\r\n\r\n`);
      assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 100 /);
    };
    const send = (path: string, type: string): Promise<Response> =>
      fetch(org.instanceUrl + path, {
        method: 'POST',
        headers: { 'content-type': type },
        body: 'x'.repeat(MiB),
      });
    try {
      for (let count = 0; count < 3; count += 1) await begin(`Content-Length: ${50 * MiB}`);
      await begin('Transfer-Encoding: chunked');
      const message =
        'The local org reads 200 MiB of requests at a time, and others take them now. Try again.';
      const soap = await send('/services/Soap/u/64.0', 'text/xml');
      assert.equal(soap.status, 500);
      assert.match(await soap.text(), new RegExp(`<faultstring>SERVER_UNAVAILABLE: ${message}<`));
      const rest = await send('/services/data/v66.0/metadata/deployRequest', 'multipart/form-data');
      assert.equal(rest.status, 503);
      assert.deepEqual(await rest.json(), [{ message, errorCode: 'SERVER_UNAVAILABLE' }]);
      assert.equal((await soapCall(org, org.accessToken, 'describeMetadata')).status, 200);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
    await until('there is room again', async () => {
      const { status } = await send('/services/data/v66.0/metadata/deployRequest', 'multipart/form-data');
      return status === 401;
    });
  });

  it('in connections', () => {
    assert.equal(http.maxConnections, 1000);
  });

  it('in retrieves that nobody fetches', async () => {
    const connection = connect(org);
    const request =
      '<met:retrieveRequest><met:unpackaged><met:types><met:members>portal</met:members><met:name>ExternalClientApplication</met:name></met:types><met:version>66.0</met:version></met:unpackaged></met:retrieveRequest>';
    const start = async (): Promise<string> => {
      const reply = await (await soapCall(org, org.accessToken, 'retrieve', request)).text();
      return /<id>(\w+)</.exec(reply)?.[1] ?? '';
    };
    const first = await start();
    assert.equal((await connection.metadata.checkRetrieveStatus(first)).success, true);
    for (let count = 0; count < 1000; count += 1) await start();
    await assert.rejects(connection.metadata.checkRetrieveStatus(first), /INVALID_ID_FIELD/);
    assert.match(await retrieveOne(connection, 'ExternalClientApplication', 'portal'), /<label>/);
  });

  for (const [what, condition] of [
    ['14,000 brackets', '('.repeat(14_000)],
    ['3,500 NOT', 'NOT '.repeat(3500)],
    ['101 levels', `${'('.repeat(101)}Id = null${')'.repeat(101)}`],
  ] as const) {
    it(`in the stack: a SOQL query with ${what} is refused as malformed`, async () => {
      const reply = await query(`SELECT Id FROM Organization WHERE ${condition}`);
      assert.equal(reply.status, 400);
      assert.deepEqual(await reply.json(), [
        {
          message: 'the conditions are nested deeper than 100 levels, the most that the local org reads',
          errorCode: 'MALFORMED_QUERY',
        },
      ]);
    });
  }

  for (const [what, condition] of [
    ['100 levels', `${'('.repeat(100)}Id != null${')'.repeat(100)}`],
    ['600 OR', Array.from({ length: 600 }, () => 'Id = null').join(' OR ') + ' OR Id != null'],
    ['600 AND', Array.from({ length: 600 }, () => 'Id != null').join(' AND ')],
  ] as const) {
    it(`and a SOQL query with ${what} is answered`, async () => {
      const reply = await query(`SELECT Id FROM Organization WHERE ${condition}`);
      assert.equal(reply.status, 200, await reply.clone().text());
      assert.equal(((await reply.json()) as { totalSize: number }).totalSize, 1);
    });
  }

  const query = (soql: string): Promise<Response> =>
    fetch(`${org.instanceUrl}/services/data/v66.0/query?q=${soql.replaceAll(' ', '+')}`, {
      headers: { authorization: `Bearer ${org.accessToken}` },
    });
});
