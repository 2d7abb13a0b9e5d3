import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { fleetPackage, publishedPackages } from '../../../tools/packages/publishedPackages.js';
import { codeBlock } from '../../support/codeBlocks.js';
import { packageManagerEnvironment } from '../../support/npm.js';
import { Shell } from '../../support/shell.js';
import { createEmptyProject, type TemporaryProject } from '../../support/temporaryProject.js';

/** Names of packages that are to come. */
const later = ['pulumi-salesforce-eca-native'];

/** A package registry that has nothing and takes everything. */
class EmptyRegistry {
  readonly published: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    request.resume();
    if (request.method === 'PUT') this.published.push(decodeURIComponent(request.url ?? '').slice(1));
    response
      .writeHead(request.method === 'PUT' ? 201 : 404, { 'content-type': 'application/json' })
      .end('{}');
  });

  /** Starts it on this machine and returns its address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    assert.ok(typeof address === 'object' && address !== null);
    return `127.0.0.1:${address.port}/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe('the names of the packages', function () {
  this.timeout(120_000);
  const registry = new EmptyRegistry();
  let project: TemporaryProject;

  before(async () => {
    project = await createEmptyProject();
  });
  after(async () => {
    await registry.stop();
    await project.remove();
  });

  it('are claimed by the first commands of the release guide, including those of later packages', async () => {
    const address = await registry.start();
    const shell = new Shell(project.folder, {
      ...packageManagerEnvironment([]),
      TMPDIR: project.folder,
      npm_config_registry: `http://${address}`,
      [`npm_config_//${address}:_authToken`]: 'none',
    });
    await shell.type(codeBlock('CONTRIBUTING.md', 'npm publish'));
    assert.deepEqual(registry.published, [...Object.values(publishedPackages), ...later, fleetPackage.name]);
  });
});
