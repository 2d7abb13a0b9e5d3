import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { askAgain } from '../../src/engine/askAgain.js';
import type { DevServer } from '../../src/server/devServer.js';
import { startTestServer } from '../support/testServer.js';

describe('a question to the server', function () {
  this.timeout(60_000);
  let folder = '';
  let server: DevServer;
  let client: Client;
  before(async function () {
    this.timeout(3_600_000);
    folder = await mkdtemp(join(tmpdir(), 'fleet-ask-'));
    server = await startTestServer(folder);
    client = new Client({ connection: await Connection.connect({ address: server.address }) });
    await client.workflow.start('anything', { workflowId: 'there', taskQueue: 'nobody' });
  });
  after(async () => {
    await client.connection.close();
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('is asked again when a busy server has no answer in time', async () => {
    const handle = client.workflow.getHandle('there');
    let times = 0;
    process.kill(server.pid, 'SIGSTOP');
    try {
      const { workflowId } = await askAgain(() => {
        times++;
        if (times === 1) return client.withDeadline(Date.now() + 200, () => handle.describe());
        process.kill(server.pid, 'SIGCONT');
        return handle.describe();
      });
      assert.deepEqual([workflowId, times], ['there', 2]);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
  });

  it('is asked once when the answer is a refusal', async () => {
    let times = 0;
    const ask = (): Promise<unknown> => {
      times++;
      return client.workflow.getHandle('nowhere').describe();
    };
    await assert.rejects(askAgain(ask), WorkflowNotFoundError);
    assert.equal(times, 1);
  });
});
