import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { startDevServer, type DevServer, type DevServerOptions } from '../../src/server/devServer.js';
import { temporalProgram } from '../../src/server/temporalProgram.js';
import { freePort } from '../support/freePort.js';

describe('the server for development', () => {
  let folder = '';
  let program = '';
  const started: DevServer[] = [];
  before(async function () {
    // It may be built first.
    this.timeout(3_600_000);
    program = await temporalProgram();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleet-server-'));
  });
  afterEach(async () => {
    for (const server of started.splice(0)) await server.close();
    await rm(folder, { recursive: true });
  });

  const start = async (options: DevServerOptions): Promise<DevServer> => {
    const server = await startDevServer(options);
    started.push(server);
    return server;
  };

  it('answers on loopback, serves its page, and keeps what it knows for its owner only', async () => {
    const options = {
      program,
      folder: join(folder, 'server'),
      port: await freePort(),
      uiPort: await freePort(),
    };
    const server = await start(options);
    const connection = await Connection.connect({ address: server.address });
    await new Client({ connection }).workflow.start('anything', { workflowId: 'kept', taskQueue: 'nobody' });
    await connection.close();
    assert.equal((await fetch(server.uiAddress)).status, 200);
    const files = await readdir(options.folder);
    assert.ok(files.includes('temporal.db'));
    for (const file of files) {
      // SQLite's journal comes and goes.
      const found = await stat(join(options.folder, file)).catch(() => undefined);
      if (found !== undefined) assert.equal(found.mode & 0o777, 0o600, file);
    }
    assert.equal((await stat(options.folder)).mode & 0o777, 0o700);
    await server.close();

    const again = await start(options);
    const second = await Connection.connect({ address: again.address });
    const { status } = await new Client({ connection: second }).workflow.getHandle('kept').describe();
    assert.equal(status.name, 'RUNNING');
    await second.close();
    await again.close();
    assert.match(await again.ended, /^ended with/);
  });

  it('refuses a folder on which another server runs, and takes it over from one that was killed', async () => {
    const options = { program, folder, port: await freePort(), uiPort: await freePort() };
    const first = await start(options);
    const second = { ...options, port: await freePort(), uiPort: await freePort() };
    await assert.rejects(startDevServer(second), {
      message: `a server runs on the database in ${folder} already, at ${first.address} with the process id ${first.pid}: end it first`,
    });
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    await start(second);
  });

  it('says which port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const address = other.address();
      assert.ok(typeof address === 'object' && address !== null);
      await assert.rejects(startDevServer({ program, folder, port: address.port, uiPort: 0 }), {
        message: `port ${address.port} is taken: another server may be running. End it, or choose other ports with --port and --ui-port`,
      });
    } finally {
      other.close();
    }
  });

  it('says how a program ends that is no server', async () => {
    const options = { program: process.execPath, folder, port: await freePort(), uiPort: await freePort() };
    await assert.rejects(startDevServer(options), /the Temporal server did not start: ended with exit code/);
  });
});
