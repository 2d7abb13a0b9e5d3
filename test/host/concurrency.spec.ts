import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { kindsBesideVersions, onArrival, requestKinds } from '../support/arrivals.js';
import { DynamicProviderProcess } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { ProviderCallError } from '../support/providerCallError.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { configuration, jwtBearer, Stage } from '../support/stage.js';

describeForEachProgram('calls at the same time', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let uat: LocalOrg;

  before(async () => {
    stage = await Stage.open({
      localOrg: { orgs: ['dev', 'uat'], latencyMs: 20 },
      configuration: ([dev, second]) =>
        configuration(jwtBearer(dev!), {
          uat: jwtBearer(second!),
          same: jwtBearer(dev!),
          sameToo: jwtBearer(dev!),
          stranger: { ...jwtBearer(dev!), username: 'stranger@dev.example' },
        }),
    });
    [org, uat] = [stage.orgs[0]!, stage.orgs[1]!];
  });
  beforeEach(() => {
    for (const each of stage.orgs) {
      each.faults.clear();
      each.clearRequests();
    }
  });
  after(() => stage.close());

  const jwtOn = (app: string, alias?: string) => ({
    externalClientApplication: app,
    isNamedUserJwtEnabled: true,
    ...(alias === undefined ? {} : { org: alias }),
  });

  it('find the configuration even before configure has returned', async () => {
    const host = await DynamicProviderProcess.start();
    try {
      const apps = ['Early_1', 'Early_2', 'Early_3', 'Early_4'];
      for (const app of apps) putApp(org, app);
      const configured = host.configure(configuration(jwtBearer(org)));
      const checks = apps.map((app) => host.check({}, jwtOn(app)));
      const creates = apps.map((app) => host.create(jwtOn(app)));
      await configured;
      assert.deepEqual(
        (await Promise.all(checks)).flatMap(({ failures }) => failures),
        [],
      );
      assert.deepEqual(
        (await Promise.all(creates)).map(({ id }) => id),
        apps.map((app) => `${org.organizationId}/${app}`),
      );
      assert.equal(requestKinds(org).filter((kind) => kind === 'token').length, 1);
    } finally {
      await host.dispose();
    }
  });

  it('each reach their own org', async () => {
    const before = [takeSnapshot(org), takeSnapshot(uat)];
    const [first, second] = await Promise.all([
      stage.create('here', { externalClientApplication: 'Agent_Gateway', namedUserJwtTimeout: 30 }),
      stage.create('there', {
        externalClientApplication: 'Agent_Gateway',
        namedUserJwtTimeout: 5,
        org: 'uat',
      }),
    ]);
    assert.equal(first.id, `${org.organizationId}/Agent_Gateway`);
    assert.equal(second.id, `${uat.organizationId}/Agent_Gateway`);
    assert.equal(settingsOf(org, 'Agent_Gateway').namedUserJwtTimeout, '30');
    assert.equal(settingsOf(uat, 'Agent_Gateway').namedUserJwtTimeout, '5');
    for (const [index, each] of stage.orgs.entries()) {
      const after = takeSnapshot(each);
      assert.deepEqual(
        Object.keys(after).filter((path) => after[path] !== before[index]?.[path]),
        ['ExtlClntAppOauthConfigurablePolicies/Agent_Gateway_oauthPlcy'],
      );
    }
  });

  it('do not all fail if the org refuses the component of one: the others are deployed without it', async () => {
    const apps = ['Batch_1', 'Batch_2', 'Batch_3'];
    for (const app of apps) putApp(org, app);
    org.faults.failComponent('Batch_2', 'This app is under review');
    const deploys = org.deploys.length;
    const results = await Promise.allSettled(apps.map((app) => stage.host.create(jwtOn(app, 'same'))));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(
      results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
      [
        new ProviderCallError(
          `[ECA5001] External client app "Batch_2" in org "same" (${org.organizationId}): This app is under review. Correct what the ` +
            'org reports, and repeat the command. The org was not changed',
          undefined,
        ),
      ],
    );
    assert.deepEqual(
      org.deploys
        .slice(deploys)
        .map(({ status, components }) => [status, components.map(({ fullName }) => fullName)]),
      [
        ['Failed', ['Batch_1_glbloauth', 'Batch_2_glbloauth', 'Batch_3_glbloauth']],
        ['Succeeded', ['Batch_1_glbloauth', 'Batch_3_glbloauth']],
      ],
    );
    assert.deepEqual(
      apps.map((app) => settingsOf(org, app).isNamedUserJwtEnabled),
      ['true', 'false', 'true'],
    );
  });

  it('do not all fail if the app of one is missing', async () => {
    putApp(org, 'Present');
    const [present, missing] = await Promise.allSettled([
      stage.host.create(jwtOn('Present', 'same')),
      stage.host.create(jwtOn('Missing', 'same')),
    ]);
    assert.equal(present.status, 'fulfilled');
    assert.equal(missing.status, 'rejected');
  });

  it('through two aliases of one org do not deploy at the same time', async () => {
    putApp(org, 'Twice_1');
    putApp(org, 'Twice_2');
    await Promise.all([
      stage.host.create(jwtOn('Twice_1', 'same')),
      stage.host.create(jwtOn('Twice_2', 'sameToo')),
    ]);
    const kinds = requestKinds(org);
    const deploy = ['query', 'listMetadata', 'deploy', 'checkDeployStatus'];
    assert.deepEqual(
      kinds.filter((kind) => deploy.includes(kind)),
      [...deploy, ...deploy],
    );
    assert.equal(kinds.filter((kind) => kind === 'retrieve').length, 4);
  });

  it('form one next batch while a batch is running', async () => {
    const apps = ['Later_1', 'Later_2', 'Later_3'];
    for (const app of ['Sooner', ...apps]) putApp(org, app);
    const later = new Promise<unknown>((resolve) => {
      onArrival(org, 'deploy', () => {
        resolve(Promise.all(apps.map((app) => stage.host.create(jwtOn(app, 'same')))));
      });
    });
    const deploys = org.deploys.length;
    await stage.host.create(jwtOn('Sooner', 'same'));
    await later;
    assert.deepEqual(
      org.deploys.slice(deploys).map(({ components }) => components.length),
      [1, 3],
    );
  });

  it('set different fields of one app', async () => {
    putApp(org, 'Shared');
    const policies = { externalClientApplication: 'Shared', org: 'same', namedUserJwtTimeout: 10 };
    const [first, second] = await Promise.all([
      stage.create('shared-format', jwtOn('Shared', 'same')),
      stage.create('shared-lifetime', policies),
    ]);
    assert.equal(first.id, second.id);
    assert.deepEqual(settingsOf(org, 'Shared'), {
      isNamedUserJwtEnabled: 'true',
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: '10',
    });
  });

  it('fail one by one if the sign-in fails, which is tried once', async () => {
    const results = await Promise.allSettled(
      ['One', 'Two', 'Three'].map((app) => stage.host.create(jwtOn(app, 'stranger'))),
    );
    assert.deepEqual(
      results.map((result) => result.status === 'rejected' && result.reason instanceof ProviderCallError),
      [true, true, true],
    );
    assert.deepEqual(kindsBesideVersions(org), ['token']);
  });
});
