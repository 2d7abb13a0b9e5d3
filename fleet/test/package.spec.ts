import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { npm, pack } from '../../test/support/npm.js';
import { isolatedEnvironment } from '../../test/support/temporaryProject.js';
import { runProcess, startProcess } from '../../tools/pulumiCli/runProcess.js';
import { fleetFolder, repositoryFolder } from '../demo/folders.js';
import { temporalProgram } from '../src/server/temporalProgram.js';
import { freePort } from './support/freePort.js';
import { LoopbackRegistry } from './support/loopbackRegistry.js';

const name = 'pulumi-salesforce-eca-fleet';
/** The folders of the packages by their names. */
const folders = {
  [name]: fleetFolder,
  'pulumi-salesforce-eca': join(repositoryFolder, 'provider'),
  'salesforce-local-org': join(repositoryFolder, 'local-org'),
};

const settings = `worker:
  programs: { none: ./program }
  credentials: { command: [node, --version] }
rollOut:
  program: none
  inventory: ./inventory.csv
  stages: [dev, prod]
`;
const orgs = `name,stage,credential,address
acme-dev,dev,acme-dev,https://acme-dev.my.salesforce.com
acme,prod,acme,https://acme.my.salesforce.com
`;

describe('the package, packed, and installed from a registry without the checkout', function () {
  this.timeout(600_000);
  let folder = '';
  let registry: LoopbackRegistry;
  let files: string[] = [];
  let archive = '';

  /** Runs a program of the folder, which has nothing of this repository. */
  const run = (program: string, ...args: string[]) =>
    runProcess(join(folder, 'node_modules/.bin', program), args, {
      cwd: folder,
      env: isolatedEnvironment([]),
      deadlineMs: 120_000,
    });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleet-package-'));
    const upstream = await npm(['config', 'get', 'registry'], fleetFolder);
    registry = await LoopbackRegistry.start(Object.keys(folders), upstream.trim().replace(/\/?$/, '/'));
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    await writeFile(join(folder, '.npmrc'), `//${registry.host}/:_authToken=none\n`);
    const options = ['--registry', registry.url, '--no-audit', '--no-fund'];
    for (const packed of Object.values(folders)) {
      const { tarball, files: content } = await pack(packed, ['--pack-destination', folder]);
      await npm(['publish', `./${tarball}`, '--ignore-scripts', ...options], folder);
      if (packed === fleetFolder) [archive, files] = [join(folder, tarball), content];
    }
    await npm(['install', name, 'salesforce-local-org', ...options], folder, 450_000);
    await mkdir(join(folder, 'program'));
    await writeFile(join(folder, 'program/Pulumi.yaml'), 'name: none\nruntime: nodejs\n');
    await writeFile(join(folder, 'fleet.yaml'), settings);
    await writeFile(join(folder, 'inventory.csv'), orgs);
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
    await registry.close();
  });

  it('holds its compiled modules with their types, its command, the module of the server, and nothing else', () => {
    const modules = globSync('src/**/*.ts', { cwd: fleetFolder }).map((path) =>
      path.replace(/^src(.*)\.ts$/, 'dist$1'),
    );
    assert.deepEqual(
      files.sort(),
      [
        ...['LICENSE', 'README.md', 'package.json', 'bin/eca-fleet.js'],
        ...['go/temporal/go.mod', 'go/temporal/go.sum'],
        ...modules.flatMap((path) => [`${path}.js`, `${path}.d.ts`]),
      ].sort(),
      'where dist holds a module without a source: remove dist and build again',
    );
  });

  it('has a package.json that fits the files in its archive', async () => {
    const { messages } = await publint({
      pack: { tarball: new Uint8Array(await readFile(archive)).buffer },
      strict: true,
    });
    assert.deepEqual(messages, []);
  });

  for (const published of Object.keys(folders)) {
    it(`is published with dependencies of a registry only: ${published}`, () => {
      const manifest = registry.manifest(published);
      const ranges = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
        Object.entries(manifest[kind] ?? {}),
      );
      assert.ok(ranges.length > 0);
      assert.deepEqual(
        ranges.filter(([, range]) => String(range).includes(':')),
        [],
      );
    });
  }

  it('fits the provider and the local org of today, and brings one @pulumi/pulumi', async () => {
    await npm(['ls', '--all'], folder);
    const installed = globSync('node_modules/**/@pulumi/pulumi/package.json', { cwd: folder });
    assert.deepEqual(installed, ['node_modules/@pulumi/pulumi/package.json']);
  });

  it('has its command', async () => {
    const { code, stdout, stderr } = await run('eca-fleet', '--help');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ {2}roll-out /m);
  });

  it('checks an inventory', async () => {
    const good = await run('eca-fleet', 'inventory', 'check');
    assert.equal(good.code, 0, good.stderr);
    assert.equal(good.stdout, 'stage  stacks  orgs\ndev         1     1\nprod        1     1\n');

    await writeFile(join(folder, 'faults.csv'), orgs.replace('acme,prod', 'acme-dev,prod'));
    const bad = await run('eca-fleet', 'inventory', 'check', '--inventory', 'faults.csv');
    assert.equal(bad.code, 2, bad.stderr);
    assert.match(bad.stdout, /acme-dev/);
  });

  it('starts a server and a worker', async function () {
    // The server may be built first.
    this.timeout(3_600_000);
    const program = await temporalProgram();
    const ports = ['--port', String(await freePort()), '--ui-port', String(await freePort())];
    const dev = startProcess(join(folder, 'node_modules/.bin/eca-fleet'), ['dev', ...ports], {
      cwd: folder,
      env: { ...isolatedEnvironment([]), ECA_FLEET_TEMPORAL: program },
      deadlineMs: 240_000,
    });
    try {
      await new Promise<void>((resolve, reject) => {
        dev.child.stderr?.on('data', () => {
          if (dev.output().includes('takes up to 2 stacks')) resolve();
        });
        dev.result.then(() => {
          reject(new Error(`it has ended:\n${dev.output()}`));
        }, reject);
      });
      assert.match(dev.output(), / has the program none [0-9a-f]+\n/);
      assert.match(dev.output(), /^there is no Pulumi CLI on PATH, and every stack will fail: /m);
    } finally {
      dev.signal('SIGINT');
      await dev.result;
    }
    assert.equal((await dev.result).code, 0, dev.output());
  });
});
