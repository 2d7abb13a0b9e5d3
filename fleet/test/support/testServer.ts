import { join } from 'node:path';
import { startDevServer, type DevServer, type DevServerOptions } from '../../src/server/devServer.js';
import { temporalProgram } from '../../src/server/temporalProgram.js';
import { freePort } from './freePort.js';

/** A server on free ports, with its database in a folder. */
const optionsIn = async (folder: string): Promise<DevServerOptions> => ({
  program: await temporalProgram(),
  folder: join(folder, 'server'),
  port: await freePort(),
  uiPort: await freePort(),
});

/** Starts a server on free ports, with its database in a folder. */
export async function startTestServer(folder: string): Promise<DevServer> {
  return startDevServer(await optionsIn(folder));
}

/** As {@link startTestServer}: a server that can be killed, and started again at the same address and with the same database. */
export class RestartableServer {
  private constructor(
    private readonly options: DevServerOptions,
    private server: DevServer,
  ) {}

  static async start(folder: string): Promise<RestartableServer> {
    const options = await optionsIn(folder);
    return new RestartableServer(options, await startDevServer(options));
  }

  get address(): string {
    return this.server.address;
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    process.kill(this.server.pid, 'SIGKILL');
    await this.server.ended;
  }

  async startAgain(): Promise<void> {
    this.server = await startDevServer(this.options);
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
