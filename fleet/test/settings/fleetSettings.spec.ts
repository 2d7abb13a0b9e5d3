import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../src/settings/fleetSettings.js';

describe('the settings file', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleet-settings-'));
  });
  after(() => rm(folder, { recursive: true }));

  const read = async (text: string): Promise<Awaited<ReturnType<typeof readSettings>>> => {
    const file = join(folder, 'fleet.yaml');
    await writeFile(file, text);
    return readSettings(file);
  };
  const complete = `
worker:
  identity: one
  programs: { gateway: ./program, other: /opt/other }
  credentials: { command: [node, credentials.mjs], passReferenceAs: argument, timeoutSeconds: 5 }
  stackSecrets: { command: [pass] }
  backend: file://./state
  atATime: 3
  graceSeconds: 60
encryptionKeys: [{ file: key }, { command: [vault, read] }]
rollOut:
  program: gateway
  inventory: orgs.csv
  stages: [test, live]
  canary: 0
  percentages: [100]
  budget: 2
  gates: [live]
  atATime: 8
`;

  it('is read completely, with paths relative to its folder', async () => {
    assert.deepEqual(await read(complete), {
      folder: join(folder, '.eca-fleet'),
      worker: {
        identity: 'one',
        programs: { gateway: { folder: join(folder, 'program') }, other: { folder: '/opt/other' } },
        credentials: {
          command: ['node', 'credentials.mjs'],
          passReferenceAs: 'argument',
          cwd: folder,
          timeoutMs: 5000,
        },
        stackSecrets: { command: ['pass'], passReferenceAs: 'stdin', cwd: folder },
        home: join(folder, '.eca-fleet/worker'),
        backend: `file://${join(folder, 'state')}`,
        atATime: 3,
        graceMs: 60_000,
      },
      keys: [{ file: join(folder, 'key') }, { command: ['vault', 'read'], cwd: folder }],
      rollOut: {
        program: 'gateway',
        inventory: { file: join(folder, 'orgs.csv') },
        plan: { stages: ['test', 'live'], canary: 0, percentages: [100], budget: 2, gates: ['live'] },
        atATime: 8,
      },
    });
  });

  it('may be JSON, and needs no worker', async () => {
    const { worker, rollOut } = await read('{"rollOut": {"inventoryCommand": ["list-orgs"]}}');
    assert.equal(worker, undefined);
    assert.deepEqual(rollOut.inventory, { command: ['list-orgs'] });
  });

  it('leaves an address of a backend as it is', async () => {
    const { worker } = await read(complete.replace('file://./state', 's3://bucket?region=eu-west-1'));
    assert.equal(worker?.backend, 's3://bucket?region=eu-west-1');
  });

  it('is refused with everything that is wrong in it', async () => {
    await assert.rejects(
      read(`
worker:
  programs: { Gateway: ./program, other: 5 }
  credentials: { command: rm -rf, passReferenceAs: shell }
  atATime: 0
  grace: 5
encryptionKeys: [{}]
rollOut: { inventory: a.csv, inventoryCommand: [b] }
more: true
`),
      {
        name: 'SettingsError',
        message: [
          `${join(folder, 'fleet.yaml')} cannot be used:`,
          '  the program name "Gateway" may have a-z, 0-9 and hyphens',
          '  worker.programs.other must be text',
          '  worker.credentials.command must be a list of texts',
          '  worker.credentials.passReferenceAs must be one of stdin, argument',
          '  worker.atATime must be an integer from 1 on',
          '  worker.grace is not known; known are backend, pulumi, stackSecrets, identity, programs, credentials, home, atATime, graceSeconds',
          '  an encryption key has either file or command',
          '  rollOut has either inventory or inventoryCommand',
          '  more is not known; known are folder, worker, encryptionKeys, rollOut',
        ].join('\n'),
      },
    );
  });

  it('says what is missing', async () => {
    await assert.rejects(
      read('worker: {}'),
      /worker\.programs is missing\n {2}worker\.credentials is missing/,
    );
    await assert.rejects(readSettings(join(folder, 'none.yaml')), /none\.yaml cannot be used:\n {2}ENOENT/);
  });
});
