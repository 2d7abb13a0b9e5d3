import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way through the network that can be cut, on loopback. */
export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  /** Connections that began while the way was cut. */
  readonly #waiting: Socket[] = [];
  #isCut = false;
  #port = 0;

  private constructor(private readonly target: string) {
    this.#server = createServer({ pauseOnConnect: true }, (client) => {
      client.on('error', () => undefined);
      if (this.#isCut) this.#waiting.push(client);
      else this.#pass(client);
    });
  }

  /** @param target host and port that connections are passed on to */
  static async start(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    const address = proxy.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    proxy.#port = address.port;
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** From now on nothing gets through, and nobody is told: connections stay open and silent, as when a cable is pulled out. */
  cut(): void {
    this.#isCut = true;
    for (const pair of this.#pairs) {
      for (const socket of pair) socket.unpipe().pause();
    }
  }

  /** What was sent meanwhile arrives. */
  mend(): void {
    this.#isCut = false;
    for (const pair of this.#pairs) this.#join(pair);
    for (const client of this.#waiting.splice(0)) this.#pass(client);
  }

  async close(): Promise<void> {
    for (const socket of [...this.#waiting, ...[...this.#pairs].flat()]) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(client: Socket): void {
    const [host = '', port] = this.target.split(':');
    const pair = [client, connect(Number(port), host)] as const;
    this.#pairs.add(pair);
    for (const socket of pair) {
      socket
        .on('error', () => undefined)
        .once('close', () => {
          if (!this.#isCut) this.#end(pair);
        });
    }
    this.#join(pair);
  }

  #join(pair: readonly [Socket, Socket]): void {
    const [client, server] = pair;
    if (client.destroyed || server.destroyed) {
      this.#end(pair);
      return;
    }
    client.pipe(server).pipe(client);
  }

  #end(pair: readonly [Socket, Socket]): void {
    this.#pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  }
}
