import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { onArrival, requestKinds } from '../support/arrivals.js';
import { componentXml, putApp } from '../support/localApps.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { configuration, jwtBearer, Stage } from '../support/stage.js';

/** As many as the engine hands over at once on a machine with two cores. */
const waveSize = 8;

/** A sign-in of its own for each test: what is known of an org is known to the sign-in. */
const aliases = Array.from({ length: 12 }, (_, index) => `run${index + 1}`);

/** Whether what is known still holds: four types, of which one request lists three at most. */
const list = ['listMetadata', 'listMetadata'];
/** With the last look before it, and what it wrote read afterwards. */
const deploy = ['query', 'listMetadata', 'deploy', 'readMetadata'];

describeForEachProgram('resources that arrive in waves', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let apps: string[];
  let round = 0;

  before(async () => {
    stage = await Stage.open({
      localOrg: { latencyMs: 20, retrieveMs: 200 },
      configuration: ([first]) =>
        configuration(
          {},
          {
            ...Object.fromEntries(aliases.map((alias) => [alias, jwtBearer(first!)])),
            impatient: { ...jwtBearer(first!), timeoutMinutes: '0.05' },
          },
        ),
    });
    org = stage.org;
  });
  beforeEach(() => {
    round += 1;
    apps = Array.from({ length: 2 * waveSize }, (_, index) => `Wave_${round}_${index + 1}`);
    for (const app of apps) putApp(org, app);
    org.faults.clear();
  });
  after(() => stage.close());

  const jwtOn = (app: string) => ({
    externalClientApplication: app,
    isNamedUserJwtEnabled: true,
    org: aliases[round - 1]!,
  });
  const create = (some: readonly string[]) => Promise.all(some.map((app) => stage.host.create(jwtOn(app))));
  const kinds = (): string[] =>
    requestKinds(org).filter((kind) => !kind.startsWith('check') && kind !== 'token' && kind !== 'versions');
  const isOn = (app: string): boolean => settingsOf(org, app).isNamedUserJwtEnabled === 'true';

  it('are retrieved once: later waves list what they are about to write', async () => {
    await create(apps.slice(0, waveSize));
    org.clearRequests();
    await create(apps.slice(waveSize));
    assert.deepEqual(kinds(), deploy);
    assert.ok(apps.every(isOn));
  });

  it('are retrieved again if somebody has changed a component between two waves', async () => {
    const last = apps.at(-1)!;
    changeSetting(org, last, 'isNamedUserJwtEnabled', 'true');
    await create(apps.slice(0, waveSize));
    changeSetting(org, last, 'isNamedUserJwtEnabled', 'false');
    org.clearRequests();
    await create(apps.slice(waveSize));
    assert.deepEqual(kinds(), [...list, 'retrieve', ...deploy]);
    assert.ok(apps.every(isOn));
  });

  it('with correct values are confirmed by lists', async () => {
    for (const app of apps.slice(waveSize)) changeSetting(org, app, 'isNamedUserJwtEnabled', 'true');
    await create(apps.slice(0, waveSize));
    org.clearRequests();
    await create(apps.slice(waveSize));
    assert.deepEqual(kinds(), list);
  });

  it('that were written are retrieved: lists have other dates for them', async () => {
    await create(apps.slice(0, waveSize));
    org.clearRequests();
    await create(apps.slice(0, waveSize));
    assert.deepEqual(kinds(), [...list, 'retrieve']);
  });

  it('with correct values are retrieved again if the list is refused', async () => {
    await create(apps.slice(0, waveSize));
    org.clearRequests();
    org.faults.add({ on: 'listMetadata', times: 2, do: { kind: 'status', status: 403 } });
    await create(apps.slice(0, waveSize));
    assert.deepEqual(kinds(), [...list, 'retrieve']);
  });

  it('fail only for the app that has two components of a type', async () => {
    const [ambiguous = '', ...others] = apps.slice(waveSize);
    org.putComponent(
      'ExtlClntAppGlobalOauthSettings',
      `${ambiguous}_second`,
      componentXml('ExtlClntAppGlobalOauthSettings', { externalClientApplication: ambiguous }),
    );
    await create(apps.slice(0, waveSize));
    const results = await Promise.allSettled(
      apps.slice(waveSize).map((app) => stage.host.create(jwtOn(app))),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', ...others.map(() => 'fulfilled')],
    );
    assert.ok(others.every(isOn));
  });

  it('find an app that was created between two waves', async () => {
    await create(apps.slice(0, waveSize));
    const late = `Late_${round}`;
    putApp(org, late);
    await create([...apps.slice(waveSize), late]);
    assert.ok([...apps, late].every(isOn));
  });

  it('are one deploy if they arrive while the org is read for the first', async () => {
    const deploys = org.deploys.length;
    org.clearRequests();
    const late = new Promise<unknown>((resolve) => {
      onArrival(org, 'checkRetrieveStatus', () => {
        resolve(create(apps.slice(waveSize)));
      });
    });
    await create(apps.slice(0, waveSize));
    await late;
    assert.deepEqual(
      org.deploys.slice(deploys).map(({ components }) => components.length),
      [apps.length],
    );
  });

  it('do not rely on what was read before they arrived', async () => {
    const last = apps.at(-1)!;
    changeSetting(org, last, 'isNamedUserJwtEnabled', 'true');
    const late = new Promise<unknown>((resolve) => {
      onArrival(org, 'checkRetrieveStatus', () => {
        changeSetting(org, last, 'isNamedUserJwtEnabled', 'false');
        resolve(create(apps.slice(waveSize)));
      });
    });
    await create(apps.slice(0, waveSize));
    await late;
    assert.ok(apps.every(isOn));
  });

  it('are refreshed with one retrieve', async () => {
    const created = await create(apps);
    org.clearRequests();
    for (let start = 0; start < created.length; start += waveSize) {
      const wave = created.slice(start, start + waveSize).map(({ id, outs }) => ({
        id,
        // Through an alias of which nothing is known yet.
        outs: { ...outs, org: aliases.at(-1)! },
      }));
      const read = await Promise.all(wave.map(({ id, outs }) => stage.host.read(id, outs)));
      assert.deepEqual(
        read.map(({ props }) => props),
        wave.map(({ outs }) => outs),
      );
    }
    assert.deepEqual(
      kinds().filter((kind) => kind !== 'readMetadata'),
      ['retrieve'],
    );
  });

  it('are refreshed again if one of a later wave waits for the deploy of an interrupted run', async () => {
    const created = await create(apps);
    const { id, outs } = created.at(-1)!;
    const release = org.faults.occupyDeploys();
    const interrupted = { ...outs, org: 'impatient' };
    await assert.rejects(
      stage.host.update(id, interrupted, { ...interrupted, isNamedUserJwtEnabled: false }),
    );
    const pendingDeploy = org.deploys.at(-1)!.id;
    onArrival(org, 'checkDeployStatus', release);
    const read = (some: typeof created) =>
      Promise.all(
        some.map((each) =>
          stage.host.read(each.id, {
            ...each.outs,
            org: aliases.at(-2)!,
            ...(each.id === id ? { pendingDeploy } : {}),
          }),
        ),
      );
    await read(created.slice(0, waveSize));
    const later = await read(created.slice(waveSize));
    assert.ok(apps.slice(waveSize, -1).every(isOn) && !isOn(apps.at(-1)!));
    assert.deepEqual(
      later.map(({ props }) => [props['isNamedUserJwtEnabled'], props['pendingDeploy']]),
      later.map((_, index) => [index < later.length - 1, undefined]),
    );
  });
});
