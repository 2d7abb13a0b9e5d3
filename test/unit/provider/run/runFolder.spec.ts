import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { ProcessEnd } from '../../../../provider/src/run/engine/processEnd.js';
import { joinRunFolder } from '../../../../provider/src/run/runFolder.js';

describe('the folder of a run', () => {
  it('is refused if the process of the engine is not found', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    server.close();
    await once(server, 'close');
    await assert.rejects(joinRunFolder(`127.0.0.1:${address.port}`, new ProcessEnd()), {
      message:
        /^\[ECA9006\] the engine at 127\.0\.0\.1:\d+ was not found among the processes of this machine/,
    });
  });
});
