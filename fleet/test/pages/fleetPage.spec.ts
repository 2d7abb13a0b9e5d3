import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { codeBlock } from '../../../test/support/codeBlocks.js';
import { exampleFolder } from '../../demo/folders.js';
import { readSettings, type FleetSettings } from '../../src/settings/fleetSettings.js';

const deployFolder = join(exampleFolder, 'deploy');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly init?: boolean;
  readonly stop_grace_period?: string;
}

const minutesOf = (text: string | undefined): number => Number(/^(\d+)m(?:in)?$/.exec(text ?? '')?.[1]);

/** Docker and systemd do not run here: these tests only read the files. */
describe('what the page on fleets shows', () => {
  it('are settings that a worker accepts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fleet-page-'));
    try {
      const backendOf = async (block: string): Promise<string | undefined> => {
        await writeFile(join(folder, 'fleet.yaml'), block);
        return (await readSettings(join(folder, 'fleet.yaml'))).worker?.backend;
      };
      assert.match((await backendOf(codeBlock('docs/fleet.md', 'postgres://'))) ?? '', /^postgres:/);
      assert.match((await backendOf(codeBlock('docs/fleet.md', 's3://'))) ?? '', /^s3:/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('are credentials that the example answers for a reference', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fleet-page-'));
    try {
      await copyFile(join(exampleFolder, 'credentials.mjs'), join(folder, 'credentials.mjs'));
      await mkdir(join(folder, '.eca-fleet'));
      const org = { name: 'acme', address: 'https://acme.my.salesforce.com', clientId: 'c', username: 'u' };
      await writeFile(join(folder, '.eca-fleet/local-orgs.json'), JSON.stringify([org]));
      const answer = execFileSync('bash', ['-c', codeBlock('docs/fleet.md', 'echo acme')], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.deepEqual(JSON.parse(answer), {
        address: org.address,
        credentials: { clientId: 'c', username: 'u' },
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  describe('and what starts workers', () => {
    let settings: FleetSettings;
    let graceMinutes = 0;
    let services: Readonly<Record<string, Service>> = {};
    let unit: ReadonlyMap<string, string>;
    before(async () => {
      settings = await readSettings(join(deployFolder, 'fleet.yaml'));
      graceMinutes = (settings.worker?.graceMs ?? 0) / 60_000;
      const compose = parse(await readFile(join(deployFolder, 'compose.yaml'), 'utf8'), { merge: true }) as {
        services: typeof services;
      };
      services = compose.services;
      const lines = (await readFile(join(deployFolder, 'eca-fleet-worker.service'), 'utf8')).split('\n');
      unit = new Map(
        lines.flatMap((line) => {
          const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
          return key === undefined || value === undefined ? [] : [[key, value]];
        }),
      );
    });

    it('gives a worker that is told to stop more time than its settings', () => {
      assert.ok(graceMinutes > 0);
      assert.ok(minutesOf(unit.get('TimeoutStopSec')) > graceMinutes);
      assert.ok(minutesOf(services['worker']?.stop_grace_period) > graceMinutes);
    });

    it('tells the worker alone to stop, and reaps what a killed CLI leaves behind', () => {
      assert.equal(unit.get('KillMode'), 'mixed');
      assert.equal(unit.get('OOMPolicy'), 'continue');
      assert.match(unit.get('ExecStart') ?? '', /^\/\S+\/eca-fleet worker --settings fleet\.yaml$/);
      assert.equal(services['worker']?.init, true);
    });

    it('opens no port to other machines, names the version of every image, and holds no password', () => {
      const all = Object.values(services);
      const ports = all.flatMap((service) => service.ports ?? []);
      assert.deepEqual(
        ports.filter((port) => !port.startsWith('127.0.0.1:')),
        [],
      );
      for (const { image, build } of all) assert.match(image ?? build ?? '', /^(?:\S+:\d[\d.]*|\.)$/);
      const passwords = all.flatMap(({ environment = {} }) =>
        Object.entries(environment).filter(([name]) => /PASS|PWD/.test(name)),
      );
      assert.ok(passwords.length > 0);
      for (const [name, value] of passwords) assert.match(value, /^\$\{[A-Z_]+:\?/, name);
    });

    it('keeps the state where all workers reach it, and what is private in its own folder', () => {
      assert.match(settings.worker?.backend ?? '', /^postgres:\/\/fleet@state:5432\//);
      assert.ok(services['state']);
      assert.equal(settings.worker?.home, `/var/lib/${unit.get('StateDirectory') ?? ''}/worker`);
    });
  });
});
