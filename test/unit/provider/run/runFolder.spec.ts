import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ProcessEnd } from '../../../../provider/src/run/engine/processEnd.js';
import { joinRunFolder, memberName } from '../../../../provider/src/run/runFolder.js';

describe('the folder of a run', () => {
  const temporaryBefore = process.env['TMPDIR'];
  let temporary: string;
  beforeEach(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'run-folder-'));
    process.env['TMPDIR'] = temporary;
  });
  afterEach(async () => {
    if (temporaryBefore === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = temporaryBefore;
    await rm(temporary, { recursive: true, force: true });
  });

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

  it('is joined if the system shows the process of the engine at the second look only', async () => {
    const ends: (() => unknown)[] = [];
    let looks = 0;
    const folder = await joinRunFolder('127.0.0.1:1', { add: (task) => ends.push(task) }, () => {
      looks += 1;
      return Promise.resolve(looks === 1 ? undefined : process.pid);
    });
    assert.match(basename(folder), new RegExp(`^${process.pid}-`));
    assert.deepEqual(await readdir(folder), [memberName]);
    for (const end of ends) end();
    assert.deepEqual(await readdir(dirname(folder)), []);
  });
});
