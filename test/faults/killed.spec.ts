import assert from 'node:assert/strict';
import type { LocalOrg, RequestKind } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { onArrival, requestKinds } from '../support/arrivals.js';
import { DynamicProviderProcess, type Bag } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { configuration, jwtBearer, Stage } from '../support/stage.js';

/** The requests of a create, in order: which of its kind, and whether the deploy has reached the org when it arrives. */
const requests: readonly { name: string; kind: RequestKind; nth: number; isDeployed: boolean }[] = [
  { name: 'token', kind: 'token', nth: 1, isDeployed: false },
  { name: 'versions', kind: 'versions', nth: 1, isDeployed: false },
  { name: 'retrieve', kind: 'retrieve', nth: 1, isDeployed: false },
  { name: 'retrieve status', kind: 'checkRetrieveStatus', nth: 1, isDeployed: false },
  { name: 'deploy', kind: 'deploy', nth: 1, isDeployed: true },
  { name: 'deploy status', kind: 'checkDeployStatus', nth: 1, isDeployed: true },
  { name: 'verifying retrieve', kind: 'retrieve', nth: 2, isDeployed: true },
  { name: 'status of the verifying retrieve', kind: 'checkRetrieveStatus', nth: 2, isDeployed: true },
];

/** A sign-in for each test, so that the process that comes after signs in anew like a new one. */
const aliasOf = (index: number): string => `org${index}`;

const wanted = {
  isNamedUserJwtEnabled: 'true',
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: '30',
};

describe('a provider process that is killed', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let settings: Record<string, string>;

  before(async () => {
    stage = await Stage.open({
      configuration: ([first]) => {
        const signIns = requests.map((_, index) => [aliasOf(index), jwtBearer(first!)] as const);
        settings = configuration({}, Object.fromEntries(signIns));
        return settings;
      },
    });
    org = stage.org;
  });
  after(() => stage.close());

  for (const [index, { name, kind, nth, isDeployed }] of requests.entries()) {
    it(`after the ${name} request leaves an org in which the next create finishes the work, once`, async () => {
      const apps = [`Portal_${index}`, `Gateway_${index}`];
      for (const app of apps) putApp(org, app);
      const before = takeSnapshot(org);
      const firstDeploy = org.deploys.length;
      const declared = apps.map((app) => inputsOf(app, aliasOf(index)));

      await killAt(org, settings, kind, nth, declared);
      assert.equal(org.deploys.length - firstDeploy, isDeployed ? 1 : 0);
      org.clearRequests();
      const created = await Promise.all(declared.map((inputs) => stage.host.create(inputs)));

      for (const app of apps) assert.deepEqual(settingsOf(org, app), wanted);
      const deploys = org.deploys.slice(firstDeploy);
      assert.deepEqual(
        deploys.map(({ status, components }) => `${status} ${components.length}`),
        ['Succeeded 4'],
      );
      assert.equal(requestKinds(org).includes('deploy'), !isDeployed);
      assert.deepEqual(
        created.map(({ id }) => id),
        apps.map((app) => `${org.organizationId}/${app}`),
      );
      const unchanged = (path: string): boolean => !/(?:glbloauth|oauthPlcy)$/.test(path);
      const after = takeSnapshot(org);
      for (const path of Object.keys(before).filter(unchanged)) assert.equal(after[path], before[path], path);
    });
  }
});

describe('a provider process that is killed while its deploy runs', function () {
  this.timeout(60_000);

  it('is followed by one that waits for that deploy and sends none', async () => {
    let settings: Record<string, string> = {};
    const stage = await Stage.open({
      localOrg: { deployMs: 3_600_000 },
      configuration: ([first]) => (settings = configuration(jwtBearer(first!))),
    });
    try {
      const { org } = stage;
      putApp(org, 'Portal');
      const inputs = inputsOf('Portal');
      await killAt(org, settings, 'checkDeployStatus', 1, [inputs]);
      assert.deepEqual(
        org.deploys.map(({ status }) => status),
        ['Pending'],
      );
      onArrival(org, 'checkDeployStatus', () => {
        org.advanceClock(3_600_000);
      });
      org.clearRequests();
      await stage.host.create(inputs);
      assert.deepEqual(settingsOf(org, 'Portal'), wanted);
      assert.deepEqual(
        org.deploys.map(({ status }) => status),
        ['Succeeded'],
      );
      assert.deepEqual(requestKinds(org), [
        ...['token', 'versions'],
        ...['retrieve', 'checkRetrieveStatus'],
        ...['query', 'listMetadata', 'userinfo', 'checkDeployStatus'],
        ...['retrieve', 'checkRetrieveStatus'],
      ]);
    } finally {
      await stage.close();
    }
  });
});

/** Creates in a process of its own that is killed when the org gets a request, before it acts on it. */
async function killAt(
  org: LocalOrg,
  settings: Record<string, string>,
  kind: RequestKind,
  nth: number,
  declared: readonly Bag[],
): Promise<void> {
  const host = await DynamicProviderProcess.start();
  try {
    await host.configure(settings);
    onArrival(org, kind, () => void host.dispose(), nth);
    const ends = await Promise.allSettled(declared.map((inputs) => host.create(inputs)));
    assert.deepEqual(
      ends.map(({ status }) => status),
      declared.map(() => 'rejected'),
    );
    await host.ended;
  } finally {
    await host.dispose();
  }
}

/** Checked inputs. */
function inputsOf(app: string, alias?: string): Bag {
  return {
    externalClientApplication: app,
    ...(alias === undefined ? {} : { org: alias }),
    isNamedUserJwtEnabled: true,
    namedUserJwtSessionTimeoutType: 'Custom',
    namedUserJwtTimeout: 30,
  };
}
