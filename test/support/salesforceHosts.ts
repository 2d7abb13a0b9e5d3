import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyWithCertificate } from '../../local-org/src/keys/selfSignedCertificate.js';

/** A request that one of the hosts got. */
export interface HostRequest {
  host: string;
  path: string;
  body: string;
}

/** Hosts of Salesforce, or what pretends to be one, on this machine: a proxy leads every https request to a server of the test's. */
export interface SalesforceHosts {
  /** The requests so far. */
  readonly requests: HostRequest[];
  /** The answers, by host and path; others get 404. */
  readonly answers: Map<string, unknown>;
  /** What makes a process use them: the proxy, and the certificate that it trusts. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** @param hosts the names that the certificate is for */
export async function startSalesforceHosts(hosts: readonly string[]): Promise<SalesforceHosts> {
  const folder = await mkdtemp(join(tmpdir(), 'salesforce-hosts-'));
  const names = hosts.map((value) => ({ type: 2, value }));
  const { privateKey, certificate } = await createKeyWithCertificate(hosts[0] ?? 'nobody', [
    { name: 'subjectAltName', altNames: names },
  ]);
  const certificateFile = join(folder, 'certificate.pem');
  await writeFile(certificateFile, certificate);
  const requests: HostRequest[] = [];
  const answers = new Map<string, unknown>();
  const server = createServer({ key: privateKey, cert: certificate }, (request, response) => {
    void readBody(request).then((body) => {
      const { host = '' } = request.headers;
      const path = request.url ?? '';
      requests.push({ host, path, body });
      const answer = answers.get(host + path);
      response
        .writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer ?? []));
    });
  });
  const port = await listen(server);
  const proxy = createHttpServer();
  proxy.on('connect', (_, client) => {
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    for (const [end, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      end.on('error', () => other.destroy());
      end.on('close', () => other.destroy());
    }
  });
  const proxyPort = await listen(proxy);
  return {
    requests,
    answers,
    environment: {
      HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
      NO_PROXY: '',
      NODE_EXTRA_CA_CERTS: certificateFile,
    },
    close: async () => {
      for (const each of [proxy, server]) {
        each.closeAllConnections();
        await new Promise((resolve) => each.close(resolve));
      }
      await rm(folder, { recursive: true });
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
