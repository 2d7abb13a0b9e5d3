import { join } from 'node:path';
import { startDevServer, type DevServer } from '../../src/server/devServer.js';
import { temporalProgram } from '../../src/server/temporalProgram.js';
import { freePort } from './freePort.js';

/** Starts a server on free ports, with its database in a folder. */
export async function startTestServer(folder: string): Promise<DevServer> {
  return startDevServer({
    program: await temporalProgram(),
    folder: join(folder, 'server'),
    port: await freePort(),
    uiPort: await freePort(),
  });
}
