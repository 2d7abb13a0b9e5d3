import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { kindsBesideVersions, onArrival } from '../support/arrivals.js';
import { DynamicProviderProcess, type Bag } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { accessToken, configuration, jwtBearer } from '../support/stage.js';

describeForEachProgram('when the engine is gone, the provider process', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let host: DynamicProviderProcess;

  before(async () => {
    // A deploy runs for an hour of the org's clock: nothing but the engine's end can end the wait.
    server = await startLocalOrg({ deployMs: 3_600_000 });
    org = server.org('dev');
  });
  beforeEach(async () => {
    host = await DynamicProviderProcess.start();
    await host.configure(configuration(accessToken(org)));
  });
  afterEach(() => host.dispose());
  after(() => server.close());

  const jwtOn = (app: string): Bag => ({ externalClientApplication: app, isNamedUserJwtEnabled: true });

  it('exits while it waits for a deploy, and sends no other one', async () => {
    putApp(org, 'First');
    putApp(org, 'Second');
    const deploys = org.deploys.length;
    let second: Promise<unknown> = Promise.resolve();
    onArrival(org, 'deploy', () => {
      second = host.create(jwtOn('Second'));
    });
    onArrival(
      org,
      'checkDeployStatus',
      () => {
        host.closeEngine();
      },
      2,
    );
    const [first] = await Promise.allSettled([host.create(jwtOn('First'))]);
    assert.equal(first.status, 'rejected');
    await assert.rejects(second);
    const { code, signal } = await host.ended;
    assert.deepEqual({ code, signal }, { code: 1, signal: null });
    assert.equal(org.deploys.length, deploys + 1);
    org.advanceClock(3_600_000);
    assert.equal(settingsOf(org, 'Second').isNamedUserJwtEnabled, 'false');
  });

  it('sends nothing after the sign-in during which the engine went away', async () => {
    putApp(org, 'Signing_In');
    await host.configure(configuration(jwtBearer(org)));
    org.clearRequests();
    onArrival(org, 'token', () => {
      host.closeEngine();
    });
    await assert.rejects(host.create(jwtOn('Signing_In')));
    assert.equal((await host.ended).code, 1);
    assert.deepEqual(kindsBesideVersions(org), ['token']);
  });

  it('exits while it waits for a response', async () => {
    putApp(org, 'Unanswered');
    const release = org.faults.holdNext('retrieve');
    try {
      onArrival(org, 'retrieve', () => {
        host.closeEngine();
      });
      await assert.rejects(host.create(jwtOn('Unanswered')));
      assert.equal((await host.ended).code, 1);
    } finally {
      release();
    }
  });

  it('exits when it is no longer called', async () => {
    await host.check({}, jwtOn('Checked'));
    host.closeEngine();
    assert.equal((await host.ended).code, 1);
  });

  it('exits before it sends a deploy', async () => {
    putApp(org, 'Third');
    const deploys = org.deploys.length;
    onArrival(org, 'checkRetrieveStatus', () => {
      host.closeEngine();
    });
    await assert.rejects(host.create(jwtOn('Third')));
    assert.equal((await host.ended).code, 1);
    assert.equal(org.deploys.length, deploys);
    assert.equal(settingsOf(org, 'Third').isNamedUserJwtEnabled, 'false');
  });
});
