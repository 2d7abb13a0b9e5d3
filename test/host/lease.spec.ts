import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { onArrival } from '../support/arrivals.js';
import { DynamicProviderProcess } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { accessToken, configuration } from '../support/stage.js';

const inAnHour = (): Date => new Date(Date.now() + 3_600_000);
const aSecondAgo = (): Date => new Date(Date.now() - 1000);

describeForEachProgram('under a lease, the provider process', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let folder: string;
  let lease: string;
  let host: DynamicProviderProcess;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lease-'));
    lease = join(folder, 'lease');
    await writeFile(lease, '');
    await utimes(lease, inAnHour(), inAnHour());
    host = await DynamicProviderProcess.start({ env: { SALESFORCE_ECA_LEASE: lease } });
    await host.configure(configuration(accessToken(org)));
  });
  afterEach(async () => {
    await host.dispose();
    await rm(folder, { recursive: true });
  });
  after(() => server.close());

  const turnOn = (app: string): Promise<unknown> =>
    host.create({ externalClientApplication: app, isNamedUserJwtEnabled: true });

  it('works while the lease lasts', async () => {
    putApp(org, 'Leased');
    await turnOn('Leased');
    assert.equal(settingsOf(org, 'Leased').isNamedUserJwtEnabled, 'true');
  });

  for (const [what, end] of [
    ['is over', () => utimes(lease, aSecondAgo(), aSecondAgo())],
    ['is gone', () => rm(lease)],
  ] as const) {
    it(`exits before it sends a deploy if the lease ${what}`, async () => {
      putApp(org, 'Too_Late');
      const deploys = org.deploys.length;
      let ending: Promise<void> | undefined;
      const release = org.faults.holdNext('checkRetrieveStatus');
      onArrival(org, 'checkRetrieveStatus', () => {
        ending = end().then(release);
      });
      await assert.rejects(turnOn('Too_Late'));
      await ending;
      assert.equal((await host.ended).code, 1);
      assert.equal(org.deploys.length, deploys);
    });
  }
});
