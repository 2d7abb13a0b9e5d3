import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { recordedStacks } from '../../src/commandLine/recordedStacks.js';
import { rollOutId } from '../../src/contract/runs.js';
import { withClient } from '../../src/engine/connection.js';
import type { DevServer } from '../../src/server/devServer.js';
import { runCommand } from '../support/runCommand.js';
import { stopProcess, untilSaid } from '../support/startedProcess.js';
import { startTestServer } from '../support/testServer.js';

/** The process `eca-fleet worker`, as its users start it. */
describe('a worker', function () {
  this.timeout(120_000);
  let folder = '';
  let server: DevServer;
  let settings = '';
  before(async function () {
    this.timeout(3_600_000);
    folder = await mkdtemp(join(tmpdir(), 'fleet-worker-'));
    server = await startTestServer(folder);
    process.env['TEMPORAL_ADDRESS'] = server.address;
    settings = join(folder, 'fleet.yaml');
    await writeFile(join(folder, 'key'), randomBytes(32).toString('base64'), { mode: 0o600 });
    await writeFile(
      join(folder, 'orgs.csv'),
      'name,stage,credential,address\nsecretive,dev,secretive,https://secretive.my.salesforce.com\n',
    );
    await writeFile(
      settings,
      `
worker:
  identity: worker-one
  programs: {}
  credentials: { command: ['false'] }
encryptionKeys: [{ file: key }]
rollOut: { program: absent, inventory: orgs.csv, stages: [dev], gates: [] }
`,
    );
  });
  after(async () => {
    delete process.env['TEMPORAL_ADDRESS'];
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('ends in order when its terminal is closed', async () => {
    const worker = spawn(
      process.execPath,
      ['--import', 'tsx', 'src/commandLine/main.ts', 'worker', '--settings', settings],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let lastWords = (): string => '';
    try {
      lastWords = await untilSaid(worker, 'worker-one takes up to 2 stacks at a time');
    } finally {
      await stopProcess(worker, 'SIGHUP');
    }
    assert.equal(worker.exitCode, 0, lastWords());
  });

  it('leaves nothing readable in the history, and ends at a signal', async () => {
    const worker = spawn(
      process.execPath,
      ['--import', 'tsx', 'src/commandLine/main.ts', 'worker', '--settings', settings],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let lastWords = (): string => '';
    try {
      lastWords = await untilSaid(worker, 'worker-one takes up to 2 stacks at a time');
      const begun = await runCommand('roll-out', 'hidden', '--settings', settings);
      assert.equal(begun.code, 0, begun.stderr);
      const connection = await Connection.connect({ address: server.address });
      try {
        const handle = new Client({ connection }).workflow.getHandle(rollOutId('hidden'));
        const { code, stdout } = await runCommand('status', 'hidden', '--settings', settings);
        assert.equal(code, 0);
        assert.match(stdout, /^hidden: up of absent/);
        const stacks = await withClient([{ file: join(folder, 'key') }], (client) =>
          recordedStacks(client, handle),
        );
        assert.deepEqual(
          stacks.map(({ stack }) => stack),
          ['secretive'],
        );
        const history = JSON.stringify(await handle.fetchHistory());
        const values = [...history.matchAll(/"([A-Za-z0-9+/=]+)"/g)].map(([, text = '']) =>
          Buffer.from(text, 'base64').toString('latin1'),
        );
        assert.ok(values.includes('binary/encrypted'));
        for (const text of ['absent', 'canary', 'waits for']) {
          assert.equal(history.includes(text), false, text);
          assert.deepEqual(
            values.filter((value) => value.includes(text)),
            [],
            text,
          );
        }
      } finally {
        await connection.close();
      }
    } finally {
      await stopProcess(worker);
    }
    assert.equal(worker.exitCode, 0, lastWords());
    assert.match(lastWords(), /worker-one has stopped\n$/);
  });
});
