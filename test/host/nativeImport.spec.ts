import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import type { Bag } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { ProviderCallError } from '../support/providerCallError.js';
import { accessToken, configuration, jwtBearer, Stage } from '../support/stage.js';

const app = 'Partner_API';
/** As the seed of the local org has the app. */
const settings = {
  isNamedUserJwtEnabled: true,
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: 30,
  guestJwtSessionTimeoutType: 'Custom',
  guestJwtTimeout: 15,
};

describe('a read of a resource that is in no state, as in an import', function () {
  this.timeout(60_000);
  let stage: Stage;
  let dev: LocalOrg;
  let uat: LocalOrg;
  let pristine: OrgSnapshot;

  before(async () => {
    stage = await Stage.open({
      localOrg: { orgs: ['dev', 'uat'] },
      process: { program: 'native' },
      configuration: ([first, second]) =>
        configuration(jwtBearer(first!), { again: accessToken(first!), uat: accessToken(second!) }),
    });
    [dev, uat] = [stage.orgs[0]!, stage.orgs[1]!];
    pristine = takeSnapshot(dev);
  });
  after(() => stage.close());
  beforeEach(() => {
    restoreSnapshot(dev, pristine);
    for (const org of stage.orgs) org.clearRequests();
  });

  const idIn = (org: LocalOrg, name = app): string => `${org.organizationId}/${name}`;
  /** The message of an import that is refused, without the names of the orgs' hosts. */
  const refusal = async (id: string, props: Bag = {}): Promise<string> => {
    try {
      await stage.host.read(id, props);
    } catch (error) {
      assert.ok(error instanceof ProviderCallError, String(error));
      return error.message.replaceAll(dev.instanceUrl, 'dev');
    }
    return assert.fail(`${id} was imported`);
  };
  /** A step of its own of a run: something was deployed. */
  const deploySomething = async (): Promise<void> => {
    await stage.create('other', { externalClientApplication: 'Agent_Gateway', isNamedUserJwtEnabled: true });
  };

  for (const [what, idOf] of [
    ['by organization id and app', (org: LocalOrg) => idIn(org)],
    [
      'by the organization id of Setup, which has 15 characters',
      (org: LocalOrg) => idIn(org).replace(/^(.{15}).../, '$1'),
    ],
    ['by the name of the app alone', () => app],
  ] as const) {
    it(`${what} returns what the org has, which is also what destroy restores`, async () => {
      const { id, inputs, props } = await stage.host.read(idOf(dev), {});
      assert.equal(id, idIn(dev));
      assert.deepEqual(inputs, { externalClientApplication: app, ...settings });
      assert.deepEqual(props, {
        externalClientApplication: app,
        ...settings,
        orgId: dev.organizationId,
        apiVersion: '68.0',
        tokenFormat: 'jwt',
        components: {
          ExternalClientApplication: app,
          ExtlClntAppConfigurablePolicies: app,
          ExtlClntAppGlobalOauthSettings: `${app}_global`,
          ExtlClntAppOauthConfigurablePolicies: app,
        },
        managedFields: Object.keys(settings),
        valuesFound: settings,
      });
    });
  }

  it('is followed by an update and a delete that restores the values of the import', async () => {
    const imported = await stage.host.read(app, {});
    // Without a check it declares nothing, as in the run of a destroy.
    const wanted = { ...imported.inputs, namedUserJwtTimeout: 5 };
    const { outs } = await stage.host.update(imported.id, imported.props, wanted);
    assert.equal(settingsOf(dev, app).namedUserJwtTimeout, '5');
    await stage.host.delete(imported.id, outs);
    assert.deepEqual(takeSnapshot(dev), pristine);
  });

  it('of 60 apps at once takes one retrieve', async () => {
    const apps = Array.from({ length: 60 }, (_, index) => `Bulk_${index}`);
    for (const name of apps) putApp(dev, name, { policies: { refreshTokenPolicyType: 'infinite' } });
    await deploySomething();
    dev.clearRequests();
    const found = await Promise.all(apps.map((name) => stage.host.read(idIn(dev, name), {})));
    assert.deepEqual(
      found.map(({ id }) => id),
      apps.map((name) => idIn(dev, name)),
    );
    assert.equal(requestKinds(dev).filter((kind) => kind === 'retrieve').length, 1);
  });

  it('returns what the same run has set before', async () => {
    await stage.host.read('Agent_Gateway', {});
    await deploySomething();
    const { inputs } = await stage.host.read('Agent_Gateway', {});
    assert.deepEqual(inputs, { externalClientApplication: 'Agent_Gateway', isNamedUserJwtEnabled: true });
  });

  it('finds the key of orgs that leads to the organization of the id', async () => {
    const { id, inputs, props } = await stage.host.read(idIn(uat), {});
    assert.equal(id, idIn(uat));
    assert.deepEqual(inputs, { externalClientApplication: app, org: 'uat', ...settings });
    assert.equal(props['org'], 'uat');
    assert.equal(props['orgId'], uat.organizationId);
    assert.deepEqual((await stage.host.read(idIn(dev), {})).inputs?.['org'], undefined);
  });

  it('reads the org that get() names', async () => {
    assert.equal((await stage.host.read(app, { org: 'uat' })).id, idIn(uat));
    assert.equal((await stage.host.read(idIn(dev), { org: 'again' })).inputs?.['org'], 'again');
    assert.equal(
      await refusal(idIn(dev), { org: 'uat' }),
      `[ECA1701] External client app "${app}" cannot be imported from organization ${dev.organizationId}: no sign-in leads there ` +
        `("uat" leads to ${uat.organizationId}). Correct the id, or configure a sign-in to that organization`,
    );
  });

  it('is refused, with the nearest names, for an app that does not exist', async () => {
    for (const id of ['Partner_Api', idIn(dev, 'Partner_Api'), 'Partner API']) {
      assert.equal(
        await refusal(id),
        `[ECA3001] External client app "${id.split('/').at(-1) ?? ''}" in org dev (${dev.organizationId}) does not exist. Did you mean "Partner_API"?`,
      );
    }
  });

  it('is refused for an organization that no sign-in leads to, and says where they lead', async () => {
    assert.equal(
      await refusal('00D000000000062EAA/Partner_API'),
      `[ECA1701] External client app "${app}" cannot be imported from organization 00D000000000062EAA: no sign-in leads there ` +
        `(dev leads to ${dev.organizationId}, "again" leads to ${dev.organizationId}, "uat" leads to ${uat.organizationId}). ` +
        'Correct the id, or configure a sign-in to that organization',
    );
  });

  it('is refused for an app without OAuth', async () => {
    putApp(dev, 'Without_Oauth', { plugins: { isOauthPluginEnabled: false } });
    await deploySomething();
    assert.equal(
      await refusal('Without_Oauth'),
      `[ECA3013] External client app "Without_Oauth" in org dev (${dev.organizationId}) cannot be imported: OAuth is not enabled: ` +
        'isOauthPluginEnabled is false in ExtlClntAppConfigurablePolicies Without_Oauth_plcy',
    );
  });

  for (const id of ['', 'uat/Partner_API', '00D000000000062EAA/', '00D000000000062EAA/x/y', '/Partner_API']) {
    it(`is refused without a request for the id "${id}"`, async () => {
      assert.equal(
        await refusal(id),
        `[ECA3013] "${id}" cannot be imported: the id must be <organization id>/<app>, or the name of the app alone`,
      );
      assert.deepEqual(stage.orgs.flatMap(requestKinds), []);
    });
  }
});

describe('an import from one of several orgs', function () {
  this.timeout(60_000);

  const open = (
    top: (org: LocalOrg) => Record<string, string>,
    uat: (org: LocalOrg) => Record<string, string>,
  ): Promise<Stage> =>
    Stage.open({
      localOrg: { orgs: ['dev', 'uat'] },
      process: { program: 'native' },
      configuration: ([first, second]) => configuration(top(first!), { uat: uat(second!) }),
    });

  it('needs no sign-in of the provider itself', async () => {
    const stage = await open(() => ({}), accessToken);
    try {
      const [, uat] = stage.orgs;
      const { inputs } = await stage.host.read(`${uat!.organizationId}/${app}`, {});
      assert.equal(inputs?.['org'], 'uat');
      await assert.rejects(
        stage.host.read(`00D000000000062EAA/${app}`, {}),
        /no sign-in leads there \("uat" leads to 00D/,
      );
    } finally {
      await stage.close();
    }
  });

  it('says why a sign-in failed that could have led there', async () => {
    const stage = await open(jwtBearer, (uat) => ({ ...jwtBearer(uat), clientId: 'unknown' }));
    try {
      await assert.rejects(
        stage.host.read(`${stage.orgs[1]!.organizationId}/${app}`, {}),
        /^ProviderCallError: \[ECA12\d\d\] External client app "Partner_API": .*"uat"/,
      );
    } finally {
      await stage.close();
    }
  });
});
