import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

type Fields = Readonly<Record<string, unknown>>;

/** A package registry on loopback that has what npm publishes to it. For the packages of others it sends npm on to another registry. */
export class LoopbackRegistry {
  readonly #documents = new Map<string, Fields>();
  readonly #archives = new Map<string, Buffer>();
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  private constructor(
    private readonly own: ReadonlySet<string>,
    private readonly upstream: string,
  ) {}

  /**
   * @param own names of packages that are never asked for elsewhere
   * @param upstream address of the registry that has all others, which ends with a slash
   */
  static async start(own: Iterable<string>, upstream: string): Promise<LoopbackRegistry> {
    const registry = new LoopbackRegistry(new Set(own), upstream);
    registry.#server.listen(0, '127.0.0.1');
    await once(registry.#server, 'listening');
    return registry;
  }

  /** Host and port. */
  get host(): string {
    const address = this.#server.address();
    assert.ok(typeof address === 'object' && address !== null);
    return `127.0.0.1:${address.port}`;
  }

  get url(): string {
    return `http://${this.host}/`;
  }

  /** The package.json of the only version of a package, as it was published. */
  manifest(name: string): Fields {
    const [manifest] = Object.values(fieldsOf(this.#documents.get(name)?.['versions']));
    return fieldsOf(manifest);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').slice(1);
    const [name = ''] = path.split('/');
    if (request.method === 'PUT' && this.own.has(name)) {
      this.#publish(name, fieldsOf(await json(request)));
      response.writeHead(201).end('{}');
    } else if (!this.own.has(name)) {
      response.writeHead(302, { location: new URL(path, this.upstream).href }).end();
    } else {
      const found = this.#archives.get(path) ?? this.#documents.get(path);
      response.writeHead(found === undefined ? 404 : 200);
      response.end(found instanceof Buffer ? found : JSON.stringify(found ?? {}));
    }
  }

  #publish(name: string, { _attachments: archives, ...document }: Fields): void {
    this.#documents.set(name, document);
    for (const [file, archive] of Object.entries(fieldsOf(archives))) {
      this.#archives.set(`${name}/-/${file}`, Buffer.from(String(fieldsOf(archive)['data']), 'base64'));
    }
  }
}

function fieldsOf(value: unknown): Fields {
  assert.ok(typeof value === 'object' && value !== null);
  return { ...value };
}
