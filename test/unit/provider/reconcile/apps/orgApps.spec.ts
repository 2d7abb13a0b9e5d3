import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from '../../../../../local-org/src/index.js';
import { type OrgApp } from '../../../../../provider/src/reconcile/apps/orgApp.js';
import { latestChange } from '../../../../../provider/src/reconcile/apps/describeApps.js';
import { readOrgApps } from '../../../../../provider/src/reconcile/apps/orgApps.js';
import { readOrgConfiguration } from '../../../../../provider/src/signIn/configuration.js';
import type { MetadataApi } from '../../../../../provider/src/org/metadataApi.js';
import { connect } from '../../../../../provider/src/org/orgConnection.js';
import { requestKinds } from '../../../../support/arrivals.js';
import { putApp } from '../../../../support/localApps.js';
import { contextWithoutEngine } from '../../../../../provider/src/org/orgContext.js';

const accessToken = (org: LocalOrg): Record<string, string> => ({
  SALESFORCE_INSTANCE_URL: org.instanceUrl,
  SALESFORCE_ACCESS_TOKEN: org.accessToken,
});

/** What tells apps apart, without the components, the date and the lifetimes. */
const briefly = ({ components, lastModified, names, ...app }: OrgApp): object => ({
  ...app,
  namedUserTokenLifetime: app.namedUserTokenLifetime?.source,
  guestTokenLifetime: app.guestTokenLifetime?.maximumMinutes,
  names: Object.values(names),
  isDated: lastModified !== undefined,
  isWhole: Object.keys(components).length === Object.keys(names).length,
});

describe('reading every app of an org', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  let apps: readonly OrgApp[];

  const read = async (): Promise<readonly OrgApp[]> =>
    (
      await readOrgApps(
        await connect(
          readOrgConfiguration(() => undefined, accessToken(org), undefined, false),
          contextWithoutEngine(),
        ),
      )
    ).apps;
  const appNamed = (name: string): OrgApp => {
    const app = apps.find((candidate) => candidate.name === name);
    assert.ok(app, name);
    return app;
  };

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());
  beforeEach(async () => {
    org.faults.clear();
    org.clearRequests();
    apps = await read();
  });

  it('needs one retrieve and two lists for any number of apps', () => {
    assert.deepEqual(
      requestKinds(org)
        .filter((kind) => kind !== 'versions')
        .sort(),
      ['checkRetrieveStatus', 'listMetadata', 'listMetadata', 'retrieve'],
    );
  });

  it('lists all of them by name', () => {
    assert.deepEqual(
      apps.map(({ name }) => name),
      [
        'Agent_Gateway',
        'App_Disabled',
        'Deployer',
        'No_OAuth',
        'Packaged_App',
        'Partner_API',
        'Plugin_Disabled',
        'acme__Billing_Sync',
        'acme__Ledger',
        'portal',
        'portal_uat',
      ],
    );
  });

  it('returns all settings of a local app', () => {
    assert.deepEqual(briefly(appNamed('Partner_API')), {
      name: 'Partner_API',
      label: 'Partner & Reseller API "v2"',
      isInstalled: false,
      namespace: undefined,
      distributionState: 'Local',
      isOauthEnabled: true,
      oauthDisabledReason: undefined,
      tokenFormat: 'jwt',
      tokenFormatReason: undefined,
      settings: {
        isNamedUserJwtEnabled: true,
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 30,
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: 15,
      },
      namedUserTokenLifetime: 'app',
      isGuestFlowEnabled: true,
      guestTokenLifetime: 15,
      permittedUsersPolicyType: 'AllSelfAuthorized',
      refreshTokenPolicyType: 'Infinite',
      refreshTokenValidityPeriod: undefined,
      refreshTokenValidityUnit: undefined,
      notShown: {},
      problem: undefined,
      names: ['Partner_API', 'Partner_API', 'Partner_API_global', 'Partner_API', 'Partner_API'],
      isDated: true,
      isWhole: true,
    });
  });

  it('explains why the token format of an installed app is unknown', () => {
    assert.deepEqual(briefly(appNamed('acme__Billing_Sync')), {
      name: 'acme__Billing_Sync',
      label: 'Billing Sync',
      isInstalled: true,
      namespace: 'acme',
      distributionState: 'Managed',
      isOauthEnabled: true,
      oauthDisabledReason: undefined,
      tokenFormat: 'unknown',
      tokenFormatReason:
        'the org has no ExtlClntAppGlobalOauthSettings component for the app, which is normal for an installed app: only ' +
        'the org of its developer has the token format',
      settings: {
        namedUserJwtSessionTimeoutType: 'absent',
        namedUserJwtTimeout: 'absent',
        guestJwtSessionTimeoutType: 'absent',
        guestJwtTimeout: 'absent',
      },
      namedUserTokenLifetime: 'org',
      isGuestFlowEnabled: false,
      guestTokenLifetime: undefined,
      permittedUsersPolicyType: 'AdminApprovedPreAuthorized',
      refreshTokenPolicyType: 'Infinite',
      refreshTokenValidityPeriod: undefined,
      refreshTokenValidityUnit: undefined,
      notShown: {},
      problem: undefined,
      names: [
        'acme__Billing_Sync',
        'acme__Billing_Sync_defaultPolicy',
        'acme__Billing_Sync_defaultPolicy',
        'acme__Billing_Sync_oauth',
      ],
      isDated: true,
      isWhole: true,
    });
  });

  for (const [name, reason] of [
    ['No_OAuth', 'the org has no ExtlClntAppOauthSettings component for the app'],
    [
      'Plugin_Disabled',
      'isOauthPluginEnabled is false in ExtlClntAppConfigurablePolicies Plugin_Disabled_plcy',
    ],
    ['App_Disabled', 'isEnabled is false in ExtlClntAppConfigurablePolicies App_Disabled_plcy'],
  ] as const) {
    it(`explains why OAuth is off: ${name}`, () => {
      assert.equal(appNamed(name).isOauthEnabled, false);
      assert.equal(appNamed(name).oauthDisabledReason, reason);
    });
  }

  it('returns the same if wildcards leave out installed apps, without another request', async () => {
    const seen = apps.map(briefly);
    org.faults.change({ wildcardReturnsManaged: false });
    org.clearRequests();
    assert.deepEqual((await read()).map(briefly), seen);
    assert.equal(requestKinds(org).filter((kind) => kind === 'retrieve').length, 1);
  });

  it('leaves out the session settings if a retrieve with them fails', async () => {
    const connection = await connect(
      readOrgConfiguration(() => undefined, accessToken(org), undefined, false),
      contextWithoutEngine(),
    );
    const asked: string[][] = [];
    const refusing: Pick<MetadataApi, 'listMetadata' | 'startRetrieve' | 'checkRetrieve'> = {
      listMetadata: (types) => connection.read((api) => api.listMetadata(types)),
      startRetrieve: (types) => {
        asked.push([...types.keys()]);
        return types.has('Settings')
          ? Promise.resolve({ id: 'refused' })
          : connection.read((api) => api.startRetrieve(types));
      },
      checkRetrieve: (id) =>
        id === 'refused'
          ? Promise.resolve({
              done: true,
              success: false,
              id,
              errorStatusCode: 'INSUFFICIENT_ACCESS',
              errorMessage: 'no Settings',
            })
          : connection.read((api) => api.checkRetrieve(id)),
    };
    const seen = apps.map(({ name }) => name);
    const { apps: read, sessionTimeouts } = await readOrgApps({
      ...connection,
      read: (request) => request(refusing as MetadataApi),
      send: (request) => request(refusing as MetadataApi),
    });
    assert.deepEqual(
      read.map(({ name }) => name),
      seen,
    );
    assert.deepEqual(
      asked.map((types) => types.includes('Settings')),
      [true, false],
    );
    assert.match(
      sessionTimeouts.unknownReason ?? '',
      /^the org did not return them: .*retrieve refused failed: INSUFFICIENT_ACCESS no Settings/,
    );
    assert.equal(sessionTimeouts.orgMinutes, undefined);
  });

  it('reports what is wrong with one app, and reads the others', async () => {
    const policies = org.component('ExtlClntAppOauthConfigurablePolicies', 'portal_defaultPolicy') ?? '';
    org.putComponent('ExtlClntAppOauthConfigurablePolicies', 'portal_second', policies);
    try {
      apps = await read();
      assert.equal(
        appNamed('portal').problem,
        'the org has 2 components of type ExtlClntAppOauthConfigurablePolicies of this app: portal_defaultPolicy, portal_second',
      );
      assert.deepEqual(appNamed('portal').settings, {});
      assert.deepEqual(
        apps.filter(({ problem }) => problem !== undefined).map(({ name }) => name),
        ['portal'],
      );
    } finally {
      org.removeComponent('ExtlClntAppOauthConfigurablePolicies', 'portal_second');
    }
  });

  it('returns when and by whom an app was last modified', async () => {
    org.advanceClock(3_600_000);
    putApp(org, 'Touched');
    try {
      apps = await read();
      const change = appNamed('Touched').lastModified;
      assert.ok(change?.byName);
      assert.ok(Math.abs(Date.parse(change.date) - org.now()) < 60_000);
    } finally {
      for (const [type, name] of [
        ['ExternalClientApplication', 'Touched'],
        ['ExtlClntAppOauthSettings', 'Touched_oauth'],
        ['ExtlClntAppConfigurablePolicies', 'Touched_plcy'],
        ['ExtlClntAppGlobalOauthSettings', 'Touched_glbloauth'],
        ['ExtlClntAppOauthConfigurablePolicies', 'Touched_oauthPlcy'],
      ] as const) {
        org.removeComponent(type, name);
      }
    }
  });

  it('uses the latest of several changes, and ignores those without a date', () => {
    const type = 'ExternalClientApplication';
    const change = (
      fullName: string,
      lastModifiedDate: string | undefined,
    ): Parameters<typeof latestChange>[0][0] => ({
      type,
      fullName,
      lastModifiedDate,
      lastModifiedByName: 'Ada',
    });
    assert.deepEqual(
      latestChange([
        change('a', '2026-01-02T00:00:00.000Z'),
        change('b', '2026-03-04T00:00:00.000Z'),
        change('c', undefined),
        change('d', 'soon'),
      ]),
      { componentType: type, fullName: 'b', date: '2026-03-04T00:00:00.000Z', byName: 'Ada' },
    );
    assert.equal(latestChange([change('c', undefined)]), undefined);
  });
});
