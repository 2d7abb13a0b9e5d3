import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port on loopback that nobody listens on. */
export function freePort(): Promise<number> {
  return probe(0);
}

/** The first of so many ports in a row that nobody listens on. */
export async function freePortsInARow(count: number): Promise<number> {
  for (;;) {
    const first = await freePort();
    const probes = Array.from({ length: count }, (_, index) => probe(first + index));
    const results = await Promise.allSettled(probes);
    if (results.every(({ status }) => status === 'fulfilled')) return first;
  }
}

/** Listens on a port for a moment, on any free one for 0, and returns which it was. */
async function probe(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  server.close();
  await once(server, 'close');
  return address.port;
}
