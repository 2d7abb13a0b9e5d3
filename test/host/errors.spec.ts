import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { requestKinds } from '../support/arrivals.js';
import { DynamicProviderProcess, type Bag } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { ProviderCallError } from '../support/providerCallError.js';
import { describeForEachProgram, withOwnSettings } from '../support/providerProgram.js';
import { accessToken, configuration, jwtBearer, Stage } from '../support/stage.js';

describeForEachProgram('an error', function () {
  this.timeout(60_000);
  let stage: Stage;
  let old: LocalOrgServer;
  let org: LocalOrg;
  let uat: LocalOrg;
  let pristine: OrgSnapshot;
  let closedPort: number;
  /** They take some seconds, because the provider tries again. */
  let unreachable: Promise<unknown>[];

  before(async () => {
    old = await startLocalOrg({ orgs: ['old'], apiVersion: '64.0' });
    closedPort = await findClosedPort();
    const otherKey = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey;
    stage = await Stage.open({
      localOrg: { orgs: ['dev', 'uat'] },
      configuration: ([dev, second]) =>
        configuration(
          { apiVersion: '68.0' },
          {
            dev: accessToken(dev!),
            admin: accessToken(dev!, 'subscriberAdmin'),
            viewer: accessToken(dev!, 'viewer'),
            none: accessToken(dev!, 'none'),
            uat: accessToken(second!),
            old: { ...accessToken(old.orgs[0]!), apiVersion: '64.0' },
            v62: { ...accessToken(dev!), apiVersion: '62.0' },
            wrongKey: { ...jwtBearer(dev!), privateKey: otherKey },
            wrongUser: { ...jwtBearer(dev!), username: 'nobody@dev.example' },
            wrongClient: { ...jwtBearer(dev!), clientId: '3MVG9.of.another.org' },
            expired: {
              instanceUrl: dev!.instanceUrl,
              accessToken: `${dev!.organizationId.slice(0, 15)}!gone`,
            },
            unreachable: { ...jwtBearer(dev!), instanceUrl: `http://127.0.0.1:${closedPort}` },
            unreachableToken: { ...accessToken(dev!), instanceUrl: `http://127.0.0.1:${closedPort}` },
            both: { ...jwtBearer(dev!), ...accessToken(dev!) },
            empty: { instanceUrl: dev!.instanceUrl },
          },
        ),
    });
    [org, uat] = [stage.orgs[0]!, stage.orgs[1]!];
    pristine = takeSnapshot(org);
    // Without a running program a refused sign-in has more to say.
    await stage.check('program', {});
    unreachable = ['unreachable', 'unreachableToken'].map((alias) =>
      stage.host.create(jwtOn('Agent_Gateway', alias)),
    );
    void Promise.allSettled(unreachable);
  });
  beforeEach(() => {
    restoreSnapshot(org, pristine);
    org.faults.clear();
    org.clearRequests();
    uat.clearRequests();
  });
  after(async () => {
    await stage.close();
    await old.close();
  });

  const jwtOn = (app: string, alias = 'dev'): Bag => ({
    externalClientApplication: app,
    org: alias,
    isNamedUserJwtEnabled: true,
  });
  const lifetime = (app: string, alias = 'dev', minutes = 30): Bag => ({
    externalClientApplication: app,
    org: alias,
    namedUserJwtSessionTimeoutType: 'Custom',
    namedUserJwtTimeout: minutes,
  });
  const inOrg = (app: string, alias = 'dev'): string =>
    `External client app "${app}" in org "${alias}" (${org.organizationId})`;

  /** The call fails with this message, carries no id, and leaves the org as it was. */
  async function assertRefused(call: Promise<unknown>, message: string | RegExp): Promise<void> {
    const before = takeSnapshot(org);
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof ProviderCallError);
      assert.equal(error.initFailure, undefined);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(takeSnapshot(org), before);
  }

  describe('about the app', () => {
    it('that does not exist lists the nearest names', async () => {
      await assertRefused(
        stage.host.create(jwtOn('Agent_Gatewya')),
        `[ECA3001] ${inOrg('Agent_Gatewya')} does not exist. Did you mean "Agent_Gateway"? The org was not changed`,
      );
    });

    it('that was written without its namespace shows the name with the namespace', async () => {
      await assertRefused(
        stage.host.create(lifetime('Billing_Sync')),
        `[ECA3001] ${inOrg('Billing_Sync')} does not exist. Did you mean "acme__Billing_Sync"? The org was not changed`,
      );
    });

    it('that is a connected app says that connected apps are not covered', async () => {
      await assertRefused(
        stage.host.create(jwtOn('Legacy_Connected')),
        `[ECA3002] ${inOrg('Legacy_Connected')} does not exist. A connected app has this name, but only external client apps are ` +
          'supported. The org was not changed',
      );
    });

    for (const [setting, inputs] of [
      ['the token format', jwtOn],
      ['a lifetime', lifetime],
    ] as const) {
      it(`whose OAuth is not enabled says where to enable it: ${setting}`, async () => {
        await assertRefused(
          stage.host.create(inputs('No_OAuth')),
          `[ECA3008] ${inOrg('No_OAuth')}: OAuth is not enabled: the org has no ExtlClntAppOauthSettings component for this app. Enable ` +
            'the OAuth plugin in Setup, External Client App Manager, the app, Settings; then repeat the command. The org was ' +
            'not changed',
        );
      });

      it(`whose OAuth plugin is off names the component and the element: ${setting}`, async () => {
        await assertRefused(
          stage.host.create(inputs('Plugin_Disabled')),
          `[ECA3007] ${inOrg('Plugin_Disabled')}: the OAuth plugin of the app is not enabled (isOauthPluginEnabled is false in ` +
            'ExtlClntAppConfigurablePolicies Plugin_Disabled_plcy). Enable it in Setup, External Client App Manager, the app, ' +
            'Policies; then repeat the command. The org was not changed',
        );
      });

      it(`that is disabled names the component and the element: ${setting}`, async () => {
        await assertRefused(
          stage.host.create(inputs('App_Disabled')),
          `[ECA3006] ${inOrg('App_Disabled')}: the app is disabled (isEnabled is false in ExtlClntAppConfigurablePolicies ` +
            'App_Disabled_plcy). Enable it in Setup, External Client App Manager, the app, Policies; then repeat the command. ' +
            'The org was not changed',
        );
      });
    }

    it('that was installed says that only its developer can turn JWT on', async () => {
      await assertRefused(
        stage.host.create(jwtOn('acme__Billing_Sync')),
        `[ECA3009] ${inOrg('acme__Billing_Sync')}: isNamedUserJwtEnabled cannot be set in this org: it has no ` +
          'ExtlClntAppGlobalOauthSettings component for this app, which is normal for an app that was installed from a package. Only ' +
          'the developer of the app can change it, in the org where the app was created. Leave isNamedUserJwtEnabled ' +
          'out and manage only the timeouts. The org was not changed',
      );
    });

    it('that has no policies yet says how to create them', async () => {
      org.removeComponent('ExtlClntAppOauthConfigurablePolicies', 'portal_uat_defaultPolicy');
      await assertRefused(
        stage.host.create(lifetime('portal_uat')),
        `[ECA3010] ${inOrg('portal_uat')}: the org has no ExtlClntAppOauthConfigurablePolicies component for this app, so there are no ` +
          "policies to set yet. Open the app's Policies in Setup, External Client App Manager, and save them once; then repeat " +
          'the command. The org was not changed',
      );
    });
  });

  describe('about a permission', () => {
    const lacks = 'The user that the provider signs in as lacks a permission. This needs API Enabled';
    const modify = '"Modify Metadata Through Metadata API Functions"';
    const forTimeouts = `${lacks}, ${modify} and "View all External Client Apps, view their settings, and edit their policies"`;
    const forFormat =
      `${lacks}, ${modify} and "Create, edit, and delete External Client Apps". Some orgs also require ` +
      '"View External Client Apps Consumer Secrets in Metadata" for isNamedUserJwtEnabled';
    const refusal = 'INSUFFICIENT_ACCESS_OR_READONLY: insufficient access rights on object id';

    it('names what a viewer lacks', async () => {
      await assertRefused(
        stage.host.create(lifetime('Agent_Gateway', 'viewer')),
        `[ECA5003] ${inOrg('Agent_Gateway', 'viewer')}: ${refusal}. ${forTimeouts}. The org was not changed`,
      );
    });

    it('names what a subscriber admin lacks for the token format', async () => {
      await assertRefused(
        stage.host.create(jwtOn('Agent_Gateway', 'admin')),
        `[ECA5003] ${inOrg('Agent_Gateway', 'admin')}: ${refusal}. ${forFormat}. The org was not changed`,
      );
    });

    it('does not occur for a subscriber admin who sets lifetimes', async () => {
      const { outs } = await stage.host.create(lifetime('Agent_Gateway', 'admin'));
      assert.equal(outs['namedUserJwtTimeout'], 30);
    });

    it('names what a user without the Metadata API lacks', async () => {
      await assertRefused(
        stage.host.create(jwtOn('Agent_Gateway', 'none')),
        `[ECA5003] ${inOrg('Agent_Gateway', 'none')}: retrieve was refused: INSUFFICIENT_ACCESS: use of the Metadata API requires a user ` +
          `with the ModifyAllData or ModifyMetadata permissions. ${forFormat}. The org was not changed`,
      );
    });

    it('is the org’s own message for an installed app whose settings only its developer may change', async () => {
      await assertRefused(
        stage.host.create({ ...jwtOn('acme__Ledger'), isNamedUserJwtEnabled: false }),
        `[ECA5003] ${inOrg('acme__Ledger')}: ${refusal}. ${forFormat}. The org was not changed`,
      );
    });
  });

  describe('in the inputs is reported by check, at the property', () => {
    const settings = '(external client app "Agent_Gateway" in org "dev")';
    const cases: readonly { title: string; inputs: Bag; failures: { property: string; reason: string }[] }[] =
      [
        {
          title: 'no app',
          inputs: { org: 'dev', isNamedUserJwtEnabled: true },
          failures: [
            {
              property: 'externalClientApplication',
              reason:
                '[ECA2001] is required: the developer name of the external client app (API Name in Setup), with its namespace as ns__Name if ' +
                'the app is installed from a package',
            },
          ],
        },
        {
          title: 'a label in place of the name',
          inputs: jwtOn('Agent Gateway'),
          failures: [
            {
              property: 'externalClientApplication',
              reason:
                '[ECA2002] must be a developer name (found the string "Agent Gateway"): letters, digits and single underscores, starting with ' +
                'a letter; ns__Name for an installed app. Use the API Name from Setup, not the label',
            },
          ],
        },
        {
          title: 'no setting',
          inputs: { externalClientApplication: 'Agent_Gateway', org: 'dev' },
          failures: [
            {
              property: '',
              reason:
                '[ECA2008] none of isNamedUserJwtEnabled, namedUserJwtSessionTimeoutType, namedUserJwtTimeout, guestJwtSessionTimeoutType or ' +
                `guestJwtTimeout is set. Set at least one; a field that is not set is not managed ${settings}`,
            },
          ],
        },
        {
          title: 'a timeout that no org takes',
          inputs: lifetime('Agent_Gateway', 'dev', 7),
          failures: [
            {
              property: 'namedUserJwtTimeout',
              reason: `[ECA2005] must be 1, 5, 10, 15, 30, 60, 90, 120, 240, 480 or 720 minutes, as a number (found 7) ${settings}`,
            },
          ],
        },
        {
          title: 'a timeout without the type that it needs',
          inputs: {
            externalClientApplication: 'Agent_Gateway',
            org: 'dev',
            namedUserJwtSessionTimeoutType: 'Custom',
          },
          failures: [
            {
              property: 'namedUserJwtSessionTimeoutType',
              reason:
                '[ECA2009] is "Custom", so namedUserJwtTimeout is required: 1, 5, 10, 15, 30, 60, 90, 120, 240, 480 or 720 (minutes) ' +
                settings,
            },
          ],
        },
        {
          title: 'a timeout against its type',
          inputs: { ...lifetime('Agent_Gateway'), namedUserJwtSessionTimeoutType: 'UserSession' },
          failures: [
            {
              property: 'namedUserJwtTimeout',
              reason:
                `[ECA2010] is set although namedUserJwtSessionTimeoutType is "UserSession", which uses the user's session settings. Leave ` +
                `namedUserJwtTimeout out, or set namedUserJwtSessionTimeoutType to "Custom" ${settings}`,
            },
          ],
        },
        {
          title: 'JWT off while a timeout is set',
          inputs: { ...lifetime('Agent_Gateway'), isNamedUserJwtEnabled: false },
          failures: [
            {
              property: 'namedUserJwtTimeout',
              reason:
                '[ECA2011] is set although isNamedUserJwtEnabled is false: it applies only to JWT-based access tokens, which the app would ' +
                'not issue. Leave namedUserJwtTimeout and namedUserJwtSessionTimeoutType out, or turn isNamedUserJwtEnabled on ' +
                settings,
            },
          ],
        },
        {
          title: 'a value that is too new for the API version',
          inputs: { externalClientApplication: 'Agent_Gateway', org: 'v62', namedUserJwtTimeout: 60 },
          failures: [
            {
              property: 'namedUserJwtTimeout',
              reason:
                '[ECA2014] is 60 minutes, which needs API version 65.0 or later, but salesforce:apiVersion is 62.0. Raise it, or choose 1, 5, ' +
                '10, 15 or 30 (external client app "Agent_Gateway" in org "v62")',
            },
          ],
        },
        {
          title: 'a field that is too new for the API version',
          inputs: lifetime('Agent_Gateway', 'v62'),
          failures: [
            {
              property: 'namedUserJwtSessionTimeoutType',
              reason:
                '[ECA2013] needs API version 65.0 or later, but salesforce:apiVersion is 62.0. Raise it, or leave ' +
                'namedUserJwtSessionTimeoutType out (before 65.0 a timeout applies without a type) (external client app "Agent_Gateway" in ' +
                'org "v62")',
            },
          ],
        },
        {
          title: 'a guard that does not exist',
          inputs: { ...jwtOn('Agent_Gateway'), allow: ['everything'] },
          failures: [
            {
              property: 'allow',
              reason: `[ECA2006] must be a list of lockOut, guestFlow, packagedApp or unreadCertificate (found the string "everything") ${settings}`,
            },
          ],
        },
        {
          title: 'an input that does not exist',
          inputs: { ...jwtOn('Agent_Gateway'), isJwtEnabled: true },
          failures: [
            {
              property: 'isJwtEnabled',
              reason:
                '[ECA2007] is not an input. Allowed: externalClientApplication, org, allow, isNamedUserJwtEnabled, ' +
                'namedUserJwtSessionTimeoutType, namedUserJwtTimeout, guestJwtSessionTimeoutType, guestJwtTimeout ' +
                settings,
            },
          ],
        },
        {
          title: 'an alias that does not exist',
          inputs: jwtOn('Agent_Gateway', 'prod'),
          failures: [
            {
              property: 'org',
              reason:
                '[ECA1016] org "prod" was not found in salesforce:orgs (available: dev, admin, viewer, none, uat, old, v62, wrongKey, ' +
                'wrongUser, wrongClient, expired, unreachable, unreachableToken, both, empty) (external client app "Agent_Gateway" in org ' +
                '"prod")',
            },
          ],
        },
        {
          title: 'no sign-in method',
          inputs: jwtOn('Agent_Gateway', 'empty'),
          failures: [
            {
              property: '',
              reason:
                '[ECA1001] sign-in to org "empty": no sign-in method is fully configured (found salesforce:orgs.empty.instanceUrl). Configure ' +
                'one: the Salesforce CLI suits a laptop, JWT bearer a pipeline (external client app "Agent_Gateway" in org "empty")\n' +
                "  Salesforce CLI: pulumi config set --path 'salesforce:orgs.empty.targetOrg' <alias>\n" +
                "  JWT bearer: pulumi config set --path 'salesforce:orgs.empty.clientId' <consumer key>; pulumi config set --path 'salesforce:orgs.empty.username' <username>; pulumi config set --path 'salesforce:orgs.empty.privateKey' --secret < <file>\n" +
                "  client credentials: pulumi config set --path 'salesforce:orgs.empty.clientId' <consumer key>; pulumi config set --path 'salesforce:orgs.empty.clientSecret' --secret < <file>\n" +
                "  SFDX auth URL: pulumi config set --path 'salesforce:orgs.empty.sfdxAuthUrl' --secret < <file>\n" +
                "  access token: pulumi config set --path 'salesforce:orgs.empty.accessToken' --secret < <file>",
            },
          ],
        },
        {
          title: 'no sign-in method at the top level',
          inputs: { externalClientApplication: 'Agent_Gateway', isNamedUserJwtEnabled: true },
          failures: [
            {
              property: '',
              reason:
                '[ECA1001] sign-in to org of the top-level settings: no sign-in method is fully configured (nothing is set). Configure ' +
                'one: the Salesforce CLI suits a laptop, JWT bearer a pipeline (external client app "Agent_Gateway")\n' +
                '  Salesforce CLI: pulumi config set salesforce:targetOrg <alias>\n' +
                '  JWT bearer: pulumi config set salesforce:instanceUrl <https address>; pulumi config set salesforce:clientId <consumer key>; pulumi config set salesforce:username <username>; pulumi config set salesforce:privateKey --secret < <file>\n' +
                '  client credentials: pulumi config set salesforce:instanceUrl <https address>; pulumi config set salesforce:clientId <consumer key>; pulumi config set salesforce:clientSecret --secret < <file>\n' +
                '  SFDX auth URL: pulumi config set salesforce:sfdxAuthUrl --secret < <file>\n' +
                '  access token: pulumi config set salesforce:instanceUrl <https address>; pulumi config set salesforce:accessToken --secret < <file>',
            },
          ],
        },
        {
          title: 'two sign-in methods',
          inputs: jwtOn('Agent_Gateway', 'both'),
          failures: [
            {
              property: '',
              reason:
                '[ECA1002] sign-in to org "both": more than one sign-in method is configured: JWT bearer, access token (found ' +
                'salesforce:orgs.both.clientId, salesforce:orgs.both.username, salesforce:orgs.both.privateKey, ' +
                'salesforce:orgs.both.instanceUrl, salesforce:orgs.both.accessToken). Remove all but one (external client app "Agent_Gateway" ' +
                'in org "both")',
            },
          ],
        },
      ];
    for (const { title, inputs, failures } of cases) {
      it(title, async () => {
        const expected = failures.map((failure) => ({ ...failure, reason: withOwnSettings(failure.reason) }));
        assert.deepEqual((await stage.check('wrong', inputs)).failures, expected);
        assert.deepEqual(requestKinds(org), []);
      });
    }
  });

  describe('about the API version', () => {
    it('shows the version of the org and how to see it in the preview', async () => {
      const oldOrg = old.orgs[0]!;
      await assertRefused(
        stage.host.create(lifetime('Agent_Gateway', 'old', 60)),
        withOwnSettings(
          `[ECA2015] External client app "Agent_Gateway" in org "old" (${oldOrg.organizationId}): namedUserJwtSessionTimeoutType Custom ` +
            'requires API version 65.0, but this run uses 64.0, the newest that both the org and this release support. Set ' +
            'salesforce:apiVersion to 64.0: the preview then shows what is allowed there, and before 65.0 a timeout needs no type. ' +
            'The org was not changed',
        ),
      );
      assert.deepEqual(oldOrg.deploys, []);
    });
  });

  describe('about the wrong org names both, in', () => {
    const wrong = (): string =>
      `[ECA1701] External client app "Agent_Gateway" is in organization ${org.organizationId}, but the sign-in to org "uat" leads ` +
      `to organization ${uat.organizationId}. Check the alias and the address, and whether the sandbox was ` +
      `refreshed. Sign in to ${org.organizationId} again. If that org no longer exists, remove the resource from the state with ` +
      'pulumi state delete. The org was not changed';
    const calls: Readonly<Record<string, (id: string, state: Bag) => Promise<unknown>>> = {
      diff: (id, state) => stage.host.diff(id, state, lifetime('Agent_Gateway', 'uat')),
      read: (id, state) => stage.host.read(id, { ...state, orgId: org.organizationId }),
      update: (id, state) => stage.host.update(id, state, lifetime('Agent_Gateway', 'uat', 15)),
      delete: (id, state) =>
        stage.host.delete(id, { ...state, valuesFound: { namedUserJwtTimeout: 'absent' } }),
    };
    for (const [name, call] of Object.entries(calls)) {
      it(name, async () => {
        const before = takeSnapshot(uat);
        await assertRefused(
          call(`${org.organizationId}/Agent_Gateway`, lifetime('Agent_Gateway', 'uat')),
          wrong(),
        );
        assert.deepEqual(takeSnapshot(uat), before);
        assert.ok(!requestKinds(uat).includes('retrieve'));
      });
    }
  });

  describe('about the sign-in', () => {
    it('says what a wrong key means', async () => {
      await assertRefused(
        stage.host.create(jwtOn('Agent_Gateway', 'wrongKey')),
        `[ECA1206] External client app "Agent_Gateway": sign-in to org "wrongKey" was refused by ${org.instanceUrl}: invalid_grant · ` +
          'invalid assertion. The private key does not match the app’s certificate, or a deploy cleared the certificate. Upload the ' +
          'certificate again. The org was not changed',
      );
    });

    it('says what an unknown user means', async () => {
      await assertRefused(
        stage.host.create(jwtOn('Agent_Gateway', 'wrongUser')),
        `[ECA1201] External client app "Agent_Gateway": sign-in to org "wrongUser" was refused by ${org.instanceUrl}: invalid_grant · ` +
          "user hasn't approved this consumer. This user has not approved the app and is not pre-authorised. In the app’s policies, set " +
          'Permitted Users to admin-approved users and select a permission set or profile of this user, or let the user approve the app ' +
          'once in a browser. Also check that the username belongs to this org. The org was not changed',
      );
    });

    it('says what an unknown consumer key means', async () => {
      await assertRefused(
        stage.host.create(jwtOn('Agent_Gateway', 'wrongClient')),
        `[ECA1204] External client app "Agent_Gateway": sign-in to org "wrongClient" was refused by ${org.instanceUrl}: ` +
          'invalid_client_id · client identifier invalid. The consumer key is wrong or belongs to another org (a refreshed sandbox has ' +
          'lost its local apps and their keys). Copy the key from this org. A new key can take up to 30 minutes to become available. ' +
          'The org was not changed',
      );
    });

    it('says that an access token has expired', async () => {
      await assertRefused(
        stage.host.create(jwtOn('Agent_Gateway', 'expired')),
        withOwnSettings(
          `[ECA1301] ${inOrg('Agent_Gateway', 'expired')}: retrieve was refused: INVALID_SESSION_ID: Invalid Session ID found in ` +
            'SessionHeader: Illegal Session. Session not found. The access token has expired, was revoked, or belongs to another org than ' +
            'the one at the address. Set a new salesforce:accessToken, then repeat the command. The org was not changed',
        ),
      );
    });

    it('says that there is no response from the address, after several tries', async () => {
      const nothing = 'connection refused (ECONNREFUSED). Check the instance URL, the network and the proxy';
      const [byJwtBearer, byToken] = unreachable;
      await assertRefused(
        byJwtBearer!,
        '[ECA1501] External client app "Agent_Gateway": sign-in to org "unreachable" failed: POST ' +
          `127.0.0.1:${closedPort}/services/oauth2/token: ${nothing}, then repeat the command. ` +
          'The org was not changed',
      );
      await assertRefused(
        byToken!,
        `[ECA1501] ${inOrg('Agent_Gateway', 'unreachableToken')}: POST 127.0.0.1:${closedPort}/services/Soap/m/68.0: ${nothing}. Repeat the ` +
          'command later. The org was not changed',
      );
    });

    it('in refresh and destroy says that the configuration is that of the last up', async () => {
      const host = await DynamicProviderProcess.start();
      try {
        await host.configure(configuration({ ...jwtBearer(org), username: 'nobody@dev.example' }));
        await assertRefused(
          host.read(`${org.organizationId}/portal`, { ...lifetime('portal'), org: null }),
          `[ECA1201] External client app "portal": sign-in to org ${org.instanceUrl} was refused by ${org.instanceUrl}: invalid_grant · ` +
            "user hasn't approved this consumer. This user has not approved the app and is not pre-authorised. In the app’s policies, set " +
            'Permitted Users to admin-approved users and select a permission set or profile of this user, or let the user approve the app ' +
            'once in a browser. Also check that the username belongs to this org. Refresh and destroy use the configuration of the last ' +
            'pulumi up. If it has changed since then, run pulumi up once, or repeat this command with --run-program. The org was not ' +
            'changed',
        );
      } finally {
        await host.dispose();
      }
    });

    it('of another alias that a delete depends on says that nothing was restored', async () => {
      await stage.declare('doubtful', lifetime('portal', 'wrongUser'));
      await assertRefused(
        stage.host.delete(`${org.organizationId}/portal`, {
          ...lifetime('portal'),
          org: 'dev',
          valuesFound: { namedUserJwtTimeout: 'absent' },
        }),
        `[ECA1201] External client app "portal" (${org.organizationId}): could not find out whether the program still declares its ` +
          'settings through another org alias, so nothing was restored: the sign-in to org "wrongUser" failed; see the error of another ' +
          'resource in this run. Follow its advice, then repeat the command. The org was not changed',
      );
    });
  });

  describe('of the org', () => {
    it('about one component is passed on unchanged', async () => {
      putApp(org, 'Reviewed');
      org.faults.failComponent('Reviewed', 'This app is under review.');
      await assertRefused(
        stage.host.create(jwtOn('Reviewed')),
        `[ECA5001] ${inOrg('Reviewed')}: This app is under review. Correct what the org reports, and repeat the command. The org was not changed`,
      );
    });

    const retrieveFails = (reason: string): void => {
      org.faults.add({
        on: 'checkRetrieveStatus',
        do: {
          kind: 'status',
          status: 200,
          contentType: 'text/xml',
          body:
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata">' +
            `<soapenv:Body><checkRetrieveStatusResponse><result><done>true</done>${reason}<id>09S000000000001AAA</id>` +
            '<status>Failed</status><success>false</success></result></checkRetrieveStatusResponse></soapenv:Body></soapenv:Envelope>',
        },
      });
    };
    const retrieveFailed = (reason: string): RegExp =>
      new RegExp(`^\\[ECA500[12]\\] [^:]+: retrieve 09S\\w{15}${reason}\\. The org was not changed$`);
    const check = '\\. Check what the org reports, and repeat the command';
    for (const [what, given, reason] of [
      [
        'code and text',
        '<errorMessage>no luck</errorMessage><errorStatusCode>UNKNOWN_EXCEPTION</errorStatusCode>',
        ` failed: UNKNOWN_EXCEPTION no luck${check}`,
      ],
      ['a text only', '<errorMessage>no luck</errorMessage>', ` failed: no luck${check}`],
      [
        'a code only',
        '<errorStatusCode>UNKNOWN_EXCEPTION</errorStatusCode>',
        ` failed: UNKNOWN_EXCEPTION${check}`,
      ],
      ['no reason', '', ' failed, and the org gave no reason\\. Repeat the command'],
    ] as const) {
      it(`about a whole retrieve contains what the org returned: ${what}`, async () => {
        retrieveFails(given);
        await assertRefused(stage.host.create(jwtOn('Agent_Gateway')), retrieveFailed(reason));
      });
    }

    for (const [eca, code, text, advice] of [
      [
        'ECA5014',
        'REQUEST_LIMIT_EXCEEDED',
        'TotalRequests Limit exceeded.',
        'The org has reached an API request limit. TotalRequests is the 24-hour limit (Setup, Company Information): wait until ' +
          'requests are available again. For any other limit, repeat the command in a few minutes',
      ],
      [
        'ECA5010',
        'INVALID_TYPE',
        'Cannot use: ExtlClntAppGlobalOauthSettings in this organization',
        'The org does not have this type at this API version, or this user has no access to it: set salesforce:apiVersion to ' +
          'a newer one if the org has it, and check that the org has external client apps and that this user may see them',
      ],
    ] as const) {
      it(`of the kind ${code} says what it means`, async () => {
        org.faults.add({
          on: 'retrieve',
          do: {
            kind: 'status',
            status: 500,
            contentType: 'text/xml',
            body:
              '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="http://soap.sforce.com/2006/04/metadata">' +
              `<soapenv:Body><soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${code}: ${text}</faultstring>` +
              '</soapenv:Fault></soapenv:Body></soapenv:Envelope>',
          },
        });
        await assertRefused(
          stage.host.create(jwtOn('Agent_Gateway')),
          `[${eca}] ${inOrg('Agent_Gateway')}: retrieve was refused: ${code}: ${text.replace(/\.$/, '')}. ${withOwnSettings(advice)}. The org was not changed`,
        );
        assert.equal(requestKinds(org).filter((kind) => kind === 'retrieve').length, 1);
      });
    }

    it('about a lock appears after several tries', async () => {
      org.faults.add({ on: 'deploy', do: { kind: 'locked' } });
      await assertRefused(
        stage.host.create(jwtOn('Agent_Gateway')),
        `[ECA5013] ${inOrg('Agent_Gateway')}: ALREADY_IN_PROCESS: The changes you requested require salesforce.com to temporarily lock your organization's ` +
          'administration setup. However, the administration setup has already been locked by another change. Please wait for ' +
          'the previous action to finish, then try again. Another setup change has locked the org: run pulumi up again in a few minutes. It was tried 3 times. The org was not changed',
      );
      assert.equal(requestKinds(org).filter((kind) => kind === 'deploy').length, 3);
    });

    it('about a setting that is returned twice appears before anything is sent', async () => {
      org.putComponent(
        'ExtlClntAppGlobalOauthSettings',
        'Agent_Gateway_glbloauth',
        (org.component('ExtlClntAppGlobalOauthSettings', 'Agent_Gateway_glbloauth') ?? '').replace(
          '    <isNamedUserJwtEnabled>',
          '    <isNamedUserJwtEnabled>true</isNamedUserJwtEnabled>\n    <isNamedUserJwtEnabled>',
        ),
      );
      await assertRefused(
        stage.host.create(jwtOn('Agent_Gateway')),
        `[ECA9003] ${inOrg('Agent_Gateway')}: The ExtlClntAppGlobalOauthSettings component has 2 elements \`isNamedUserJwtEnabled\`; ` +
          'at most one is allowed. The org was not changed',
      );
      assert.ok(!requestKinds(org).includes('deploy'));
    });
  });
});

async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}
