import assert from 'node:assert/strict';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { putApp } from '../support/localApps.js';
import { DynamicProviderProcess, type Bag } from '../support/dynamicProviderProcess.js';
import { startFakeEngine, type FakeEngine } from '../support/fakeEngine.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { policyUrn } from '../support/policyProgram.js';
import type { ProviderProgram } from '../support/providerProgram.js';
import { accessToken, configuration } from '../support/stage.js';

const app = 'Agent_Gateway';
const lifetime = (minutes: number): Bag => ({
  externalClientApplication: app,
  isNamedUserJwtEnabled: true,
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: minutes,
});

describe('several provider processes of one run', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let pristine: OrgSnapshot;
  let engine: FakeEngine;
  let temporary: string;
  const started: DynamicProviderProcess[] = [];

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    pristine = takeSnapshot(org);
  });
  after(() => server.close());
  beforeEach(async () => {
    restoreSnapshot(org, pristine);
    engine = await startFakeEngine();
    temporary = await mkdtemp(join(tmpdir(), 'several-'));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.dispose()));
    engine.close();
    await rm(temporary, { recursive: true, force: true });
  });

  const start = async (program: ProviderProgram): Promise<DynamicProviderProcess> => {
    const host = await DynamicProviderProcess.start({ program, engine, env: { TMPDIR: temporary } });
    started.push(host);
    await host.configure(configuration(accessToken(org)));
    return host;
  };
  const declare = async (host: DynamicProviderProcess, name: string, minutes: number): Promise<Bag> => {
    const news = { ...lifetime(minutes), __dryRun: false, __urn: policyUrn(name) };
    const { inputs, failures } = await host.check({}, news);
    assert.deepEqual(failures, []);
    return inputs;
  };
  const runs = (): string => join(temporary, `pulumi-salesforce-eca-${userInfo().uid}`);
  const runFolders = (): Promise<string[]> => readdir(runs());
  const declarationsIn = async (folder: string): Promise<string[]> =>
    (await readdir(join(runs(), folder))).filter((name) => name.startsWith('declared-by-'));

  for (const [first, second] of [
    ['native', 'native'],
    ['dynamic', 'native'],
    ['native', 'dynamic'],
  ] as const) {
    it(`keep what the program declares in one (${second}) when another (${first}) deletes the resource it replaces`, async () => {
      const old = await start(first);
      const { id, outs } = await old.create(lifetime(10));
      const current = await start(second);
      await current.create(await declare(current, 'renamed', 30));
      await old.delete(id, outs);
      assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');
    });

    it(`keep what is unchanged in one (${second}) when another (${first}) deletes`, async () => {
      const old = await start(first);
      const { id, outs } = await old.create(lifetime(30));
      const current = await start(second);
      const { changes } = await current.diff(id, outs, await declare(current, 'moved', 30));
      assert.equal(changes, false);
      await old.delete(id, outs);
      assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');
    });

    it(`refuse a setting in one (${second}) that a resource of another (${first}) manages`, async () => {
      const one = await start(first);
      await one.create(await declare(one, 'first', 10));
      const other = await start(second);
      const inputs = await declare(other, 'second', 30);
      const deploys = org.deploys.length;
      await assert.rejects(
        other.create(inputs),
        /ECA2012.* is already managed by the resource first through another provider\. Two resources for one app/,
      );
      assert.equal(org.deploys.length, deploys);
    });
  }

  it('go by the last declaration of a resource', async () => {
    const original = settingsOf(org, app);
    const old = await start('native');
    const { id, outs } = await old.create(lifetime(10));
    const current = await start('native');
    await current.create(await declare(current, 'renamed', 30));
    putApp(org, 'Other_App');
    const news = { ...lifetime(30), externalClientApplication: 'Other_App' };
    const { inputs } = await current.check({}, { ...news, __dryRun: false, __urn: policyUrn('renamed') });
    await current.create(inputs);
    await old.delete(id, outs);
    assert.deepEqual(settingsOf(org, app), original);
  });

  it('see what one of them declares later', async () => {
    const old = await start('native');
    const { id, outs } = await old.create(lifetime(10));
    const current = await start('native');
    await current.create(await declare(current, 'renamed', 30));
    await assert.rejects(old.create(await declare(old, 'old', 60)), /ECA2012/);
    putApp(org, 'Other_App');
    const news = { ...lifetime(30), externalClientApplication: 'Other_App' };
    const { inputs } = await current.check({}, { ...news, __dryRun: false, __urn: policyUrn('another') });
    const other = await current.create(inputs);
    await old.delete(other.id, other.outs);
    assert.equal(settingsOf(org, 'Other_App').namedUserJwtTimeout, '30');
    await old.delete(id, outs);
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');
  });

  it('restore what nothing declares, and leave nothing behind when the engine ends them', async () => {
    const one = await start('native');
    const { id, outs } = await one.create(lifetime(30));
    const other = await start('native');
    await other.delete(id, outs);
    assert.deepEqual(takeSnapshot(org), pristine);
    assert.equal((await runFolders()).length, 1);
    for (const host of [one, other]) {
      host.interrupt();
      await host.ended;
    }
    assert.deepEqual(await runFolders(), []);
  });

  it('do not believe what a killed run left, even at the address and with the id of the engine, and sweep it unless it is of another container', async () => {
    const killed = await start('native');
    const { id, outs } = await killed.create(await declare(killed, 'renamed', 30));
    await killed.dispose();
    const [left] = await runFolders();
    assert.ok(left !== undefined);
    const [pid = '', since = '', container = '', address = ''] = left.split('-');
    const other = '0123456789abcdef';
    const inOtherContainer = ['4194303', since, other, address].join('-');
    for (const name of [
      [pid, other, container, address].join('-'),
      ['4194303', since, container, address].join('-'),
      inOtherContainer,
    ])
      await mkdir(join(runs(), name), { mode: 0o700 });
    await rm(join(runs(), left), { recursive: true });
    const next = await start('native');
    await next.delete(id, outs);
    assert.deepEqual(takeSnapshot(org), pristine);
    assert.deepEqual((await runFolders()).sort(), [left, inOtherContainer].sort());
  });

  for (const [what, plant, reason] of [
    ['a link', (path: string) => symlink(tmpdir(), path), /is a symbolic link/],
    ['a file', (path: string) => writeFile(path, ''), /is not a folder/],
    [
      'a folder that is open to others',
      async (path: string) => {
        await mkdir(path);
        await chmod(path, 0o777);
      },
      /is open to other users \(mode 777\)/,
    ],
    [
      'a folder of somebody else',
      async (path: string) => {
        await mkdir(path, { mode: 0o700 });
        await chown(path, 12_345, 12_345);
      },
      /belongs to the user with the id 12345/,
    ],
  ] as const) {
    it(`stop the run if there is ${what} in place of their folder`, async function () {
      if (what === 'a folder of somebody else' && process.getuid?.() !== 0) {
        console.log('Only root can give a folder to somebody else: this is not tested.');
        this.skip();
      }
      const host = await start('native');
      const inputs = await declare(host, 'gateway', 30);
      await plant(runs());
      const deploys = org.deploys.length;
      await assert.rejects(host.create(inputs), (error: Error) => {
        assert.match(error.message, /ECA9006.*Remove it, then repeat the command/);
        assert.match(error.message, reason);
        return true;
      });
      assert.equal(org.deploys.length, deploys);
    });
  }

  for (const [what, damage] of [
    ['damaged', (file: string) => writeFile(file, '{"urn":"urn:')],
    [
      'of another form',
      (file: string) => writeFile(file, '{"urn":"a","app":"b","organizationId":"c","fields":["x"]}'),
    ],
    [
      'a link',
      async (file: string) => {
        await rm(file);
        await symlink('/dev/null', file);
      },
    ],
  ] as const) {
    it(`restore nothing if a declaration is ${what}`, async () => {
      const old = await start('native');
      const { id, outs } = await old.create(lifetime(10));
      const current = await start('native');
      await current.create(await declare(current, 'renamed', 30));
      const [folder = ''] = await runFolders();
      const [file = ''] = await declarationsIn(folder);
      await damage(join(runs(), folder, file));
      await assert.rejects(old.delete(id, outs), /ECA9006.*cannot be read/);
      assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');
    });
  }

  it('share nothing secret, and send no request for it', async () => {
    const host = await start('native');
    const { id, outs } = await host.create(await declare(host, 'gateway', 30));
    const [folder = ''] = await runFolders();
    const names = await declarationsIn(folder);
    const texts = await Promise.all(names.map((name) => readFile(join(runs(), folder, name), 'utf8')));
    assert.match(texts.join(''), /Agent_Gateway/);
    assert.ok(!texts.join('').includes(org.accessToken));
    org.clearRequests();
    const next = await start('native');
    const news = { ...lifetime(30), __dryRun: false, __urn: policyUrn('gateway') };
    const { inputs } = await next.check(lifetime(30), news);
    assert.equal((await next.diff(id, outs, inputs)).changes, false);
    assert.deepEqual(requestKinds(org), []);
  });
});
