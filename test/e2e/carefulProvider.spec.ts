import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf, type AppSettings } from '../support/appSettings.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import {
  accessTokenEnvironment,
  newPolicy,
  policyProgram,
  policyType,
  policyUrn,
} from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { RecordedUp } from '../support/recordedUp.js';
import { until } from '../support/until.js';

const app = 'Agent_Gateway';
const inputs = { externalClientApplication: app, isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
const settings = (minutes: number): AppSettings => ({
  isNamedUserJwtEnabled: 'true',
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: String(minutes),
});

const policy = (changed: object = {}, options = '{}'): string =>
  policyProgram(newPolicy('gateway', { ...inputs, ...changed }, options));

/** The policy inside a component resource. */
const wrapped = (options = ''): string =>
  policyProgram(
    'class Gateway extends pulumi.ComponentResource {',
    '  constructor(name) {',
    "    super('test:index:Gateway', name);",
    `    ${newPolicy('gateway', inputs, `{ parent: this, ${options} }`)}`,
    '  }',
    '}',
    "new Gateway('component');",
  );

describe('what undoes itself in careless providers', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let firstUp: RecordedUp;
  let stack: PulumiStack;

  const assertSettings = (minutes: number): void => {
    assert.deepEqual(settingsOf(org, app), settings(minutes));
  };
  const destroyRestores = async (): Promise<void> => {
    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  };
  const destroyLeavesSettings = async (): Promise<void> => {
    const { length } = org.deploys;
    await stack.destroy();
    assertSettings(30);
    assert.equal(org.deploys.length, length);
  };
  const upWith = async (program: string): Promise<void> => {
    await stack.setProgram(program);
    await stack.up();
  };

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
    firstUp = await RecordedUp.record(org, policy());
    assertSettings(30);
  });
  after(async () => {
    await firstUp.dispose();
    await server.close();
  });

  beforeEach(async () => {
    stack = await firstUp.resume();
  });
  afterEach(() => stack.dispose());

  it('a resource that is renamed with an alias keeps its values found, and nothing is sent', async () => {
    org.clearRequests();
    await upWith(policyProgram(newPolicy('renamed', inputs, "{ aliases: [{ name: 'gateway' }] }")));
    assert.deepEqual(org.requests, []);
    await destroyRestores();
  });

  it('a resource that is renamed without an alias keeps the settings, which destroy leaves', async () => {
    await upWith(policyProgram(newPolicy('renamed', inputs)));
    assertSettings(30);
    await destroyLeavesSettings();
  });

  it('a resource that moves into a component with an alias keeps its values found', async () => {
    await upWith(wrapped('aliases: [{ parent: pulumi.rootStackResource }]'));
    assertSettings(30);
    await destroyRestores();
  });

  it('a resource that moves into a component without an alias keeps the settings, which destroy leaves', async () => {
    await upWith(wrapped());
    assertSettings(30);
    await destroyLeavesSettings();
  });

  it('a resource that is replaced by --replace keeps the settings, which destroy leaves', async () => {
    await stack.up({ args: ['--replace', policyUrn('gateway')] });
    assertSettings(30);
    await destroyLeavesSettings();
  });

  it('a tainted resource keeps the settings, which destroy leaves', async () => {
    await stack.run(['state', 'taint', policyUrn('gateway'), '--yes']);
    const { stdout } = await stack.up();
    assert.match(stdout, /1 replaced/);
    assertSettings(30);
    await destroyLeavesSettings();
  });

  it('a resource that is deleted before it is replaced hands its values found over', async () => {
    await stack.setProgram(policy({}, '{ deleteBeforeReplace: true }'));
    await stack.up({ args: ['--replace', policyUrn('gateway')] });
    assertSettings(30);
    await destroyRestores();
  });

  it('a resource that leaves the program with retainOnDelete leaves the settings', async () => {
    await upWith(policy({}, '{ retainOnDelete: true }'));
    await upWith(policyProgram());
    assertSettings(30);
    assert.ok(!(await stack.state()).resources.some(({ type }) => type === policyType));
  });

  it('a resource that leaves the program restores the values found', async () => {
    await upWith(policyProgram());
    assert.deepEqual(takeSnapshot(org), original);
  });

  for (const { order, options } of [
    { order: 'after', options: '{}' },
    { order: 'before', options: '{ deleteBeforeReplace: true }' },
  ]) {
    it(`another app gets the settings, and the old one is restored ${order} that`, async () => {
      await upWith(policy({ externalClientApplication: 'portal' }, options));
      assert.deepEqual(settingsOf(org, 'portal'), settings(30));
      assert.deepEqual(settingsOf(org, app), { isNamedUserJwtEnabled: 'false' });
      await destroyRestores();
    });
  }

  it('a program that is reverted after an update of unknown outcome brings the old settings back', async () => {
    // The deploy succeeds, and the org cannot be read afterwards.
    org.faults.add({ on: 'retrieve', skip: 1, do: { kind: 'locked' } });
    await stack.setProgram(policy({ namedUserJwtTimeout: 60 }));
    const { stdout } = await stack.up({ expectCode: 1 });
    assert.match(stdout, /the org could not be read afterwards/);
    assertSettings(60);
    org.faults.clear();

    await upWith(policy());
    assertSettings(30);
    await destroyRestores();
  });

  it('a program that is reverted after a refused update finds nothing changed', async () => {
    org.faults.failComponent(app, 'the org does not want it');
    await stack.setProgram(policy({ namedUserJwtTimeout: 60 }));
    const { stdout } = await stack.up({ expectCode: 1 });
    assert.match(stdout, /the org does not want it\. .*The org's settings are unchanged/);
    assertSettings(30);
    org.faults.clear();

    org.clearRequests();
    await upWith(policy());
    assert.deepEqual(org.requests, []);
  });

  it('a resource whose create is of unknown outcome is restored when it leaves the program', async () => {
    await stack.destroy();
    org.faults.add({ on: 'retrieve', skip: 1, do: { kind: 'locked' } });
    await stack.up({ expectCode: 1 });
    assertSettings(30);
    org.faults.clear();

    await upWith(policyProgram());
    assert.deepEqual(takeSnapshot(org), original);
  });
});

describe('a resource that moves to another org', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
  });
  after(() => server.close());

  it('is restored in the old org and set in the new one', async () => {
    const [dev, uat] = [server.org('dev'), server.org('uat')];
    const originals = server.orgs.map(takeSnapshot);
    const stack = await PulumiStack.create({ program: policy({ org: 'dev' }) });
    try {
      for (const { name, instanceUrl, accessToken } of server.orgs) {
        await stack.config({
          [`salesforce:orgs.${name}.instanceUrl`]: instanceUrl,
          [`salesforce:orgs.${name}.accessToken`]: { secret: accessToken },
        });
      }
      await stack.up();
      assert.deepEqual(settingsOf(dev, app), settings(30));

      await stack.setProgram(policy({ org: 'uat' }));
      await stack.up();
      assert.deepEqual(settingsOf(uat, app), settings(30));
      assert.deepEqual(takeSnapshot(dev), originals[0]);

      await stack.destroy();
      assert.deepEqual(server.orgs.map(takeSnapshot), originals);
    } finally {
      await stack.dispose();
    }
  });
});

describe('a create that is killed with the Pulumi CLI', function () {
  this.timeout(120_000);
  const deployMs = 3_600_000;
  let server: LocalOrgServer;

  before(async () => {
    server = await startLocalOrg({ deployMs });
  });
  after(() => server.close());

  it('is restored by destroy where the old values were set by hand before the next up', async () => {
    const org = server.org('dev');
    const original = takeSnapshot(org);
    const finishDeploy = async (nth: number): Promise<void> => {
      await until(`the org has taken deploy ${nth}`, () => org.deploys.length === nth);
      org.advanceClock(deployMs);
    };
    const stack = await PulumiStack.create({ program: policy(), env: accessTokenEnvironment(org) });
    try {
      const running = stack.start(['up', '--yes', '--skip-preview']);
      await until('the org has taken the deploy', () => org.deploys.length === 1);
      running.signal('SIGKILL');
      await running.result;
      await until(
        'the provider process ends by itself',
        async () => (await stack.providerProcesses()).length === 0,
      );
      org.advanceClock(deployMs);
      assert.deepEqual(settingsOf(org, app), settings(30));

      // What docs/interrupted-runs.md says.
      await stack.run(['cancel', '--yes']);
      await stack.run(['refresh', '--clear-pending-creates', '--yes']);
      restoreSnapshot(org, original);
      await Promise.all([stack.up(), finishDeploy(2)]);
      assert.deepEqual(settingsOf(org, app), settings(30));

      await Promise.all([stack.destroy(), finishDeploy(3)]);
      assert.deepEqual(takeSnapshot(org), original);
    } finally {
      await stack.dispose();
    }
  });
});
