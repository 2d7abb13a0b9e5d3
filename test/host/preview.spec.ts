import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg } from 'salesforce-local-org';
import { signIn } from '../../provider/src/signIn/signIn.js';
import { requestKinds } from '../support/arrivals.js';
import { unknownValue, type Bag } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { ProviderCallError } from '../support/providerCallError.js';
import { describeForEachProgram, namespaceOf } from '../support/providerProgram.js';
import { configuration, jwtBearer, Stage } from '../support/stage.js';
import { contextWithoutEngine } from '../../provider/src/org/orgContext.js';

const signInRequests = ['token', 'versions'];
const retrieve = ['retrieve', 'checkRetrieveStatus'];
const deploy = ['deploy', 'checkDeployStatus'];
const settings = { isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };

/** Each test signs in under an alias of its own, as in a provider process of its own. */
const aliases = Array.from({ length: 40 }, (_, index) => `org${index}`);

describeForEachProgram('a preview', function (program) {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let nextAlias = 0;
  let alias: string;

  before(async () => {
    const other = await startLocalOrg();
    const closedOrg = other.org('dev').instanceUrl;
    await other.close();
    stage = await Stage.open();
    org = stage.org;
    const { accessToken } = await signIn(
      {
        kind: 'jwtBearer',
        clientId: org.clientId,
        username: org.username,
        privateKey: { value: org.privateKey, source: 'the org', fromEnvironment: false },
        loginUrl: org.instanceUrl,
        audience: undefined,
      },
      'dev',
      contextWithoutEngine(),
    );
    // The provider takes the configuration at the first call of the run.
    await stage.host.configure(
      configuration(
        {},
        {
          ...Object.fromEntries(aliases.map((name) => [name, jwtBearer(org)])),
          at67: { ...jwtBearer(org), apiVersion: '67.0' },
          offline: { ...jwtBearer(org), preview: 'offline' },
          checkOnly: { ...jwtBearer(org), preview: 'checkOnly' },
          checkOnlyToo: { ...jwtBearer(org), preview: 'checkOnly' },
          nobody: { ...jwtBearer(org), username: 'nobody@dev.example' },
          nowhere: { ...jwtBearer(org), instanceUrl: closedOrg },
          tokenOfDeployer: { instanceUrl: org.instanceUrl, accessToken, apiVersion: '67.0' },
        },
      ),
    );
    for (const app of ['New', 'Second', 'Third']) putApp(org, app);
    original = takeSnapshot(org);
  });
  beforeEach(() => {
    alias = aliases[nextAlias]!;
    nextAlias += 1;
    org.faults.clear();
    org.clearRequests();
  });
  afterEach(async () => {
    await stage.forgetDeclarations();
    assert.deepEqual(takeSnapshot(org), original, 'a preview changed the org');
  });
  after(() => stage.close());

  const inOrg = (app: string, name = alias): string =>
    `External client app "${app}" in org "${name}" (${org.organizationId})`;

  async function assertFine(name: string, args: Bag, olds: Bag = {}): Promise<Bag> {
    const { inputs, failures } = await stage.preview(name, args, olds);
    assert.deepEqual(failures, []);
    return inputs;
  }

  // The native provider refuses in create and update, which end no preview.
  const previewEnds =
    program === 'native'
      ? ''
      : '. The preview ends here: if the program has more apps, they were not all checked. To report every refusal, and to set the ' +
        'apps that are not refused, run `pulumi config set salesforce:preview offline` and then `pulumi up --continue-on-error`';
  async function assertRefused(args: Bag, reason: string | RegExp, hint = previewEnds): Promise<void> {
    const { failures } = await stage.preview('refused', args);
    assert.deepEqual(
      failures.map(({ property }) => property),
      [''],
    );
    const said = failures[0]?.reason ?? '';
    assert.ok(said.endsWith(hint), said);
    const found = said.slice(0, said.length - hint.length);
    if (typeof reason === 'string') assert.equal(found, reason);
    else assert.match(found, reason);
    assert.doesNotMatch(found, /The preview ends/);
  }

  /** A line that the preview said at the stack, and of what kind. */
  async function assertSaid(message: string, severity: 'info' | 'warning'): Promise<void> {
    const line = await stage.host.waitForLog(message);
    assert.deepEqual(line, { severity, message, urn: '', ephemeral: false });
  }

  describe('of a new resource', () => {
    it('shows the live difference that adopting will make, from one retrieve for all', async () => {
      for (const app of ['New', 'Second', 'Third']) {
        await assertFine(app.toLowerCase(), { externalClientApplication: app, org: alias, ...settings });
      }
      assert.deepEqual(requestKinds(org), [...signInRequests, ...retrieve]);
      await stage.host.waitForLog('"Third"');
      const change =
        ': up would change isNamedUserJwtEnabled false → true, namedUserJwtSessionTimeoutType absent → Custom, ' +
        'namedUserJwtTimeout absent → 30 minutes.';
      const said = stage.host.logs.filter(({ message }) => message.endsWith(change));
      assert.deepEqual(said.map(({ message }) => message.match(/"\w+"(?=[, ])/g)?.slice(0, -1)).flat(), [
        '"New"',
        '"Second"',
        '"Third"',
      ]);
    });

    it('says that the org already has the values', async () => {
      await assertFine('same', {
        externalClientApplication: 'New',
        org: alias,
        isNamedUserJwtEnabled: false,
      });
      await assertSaid(
        `${inOrg('New')}: the org already has these values; up would deploy nothing for them.`,
        'info',
      );
    });

    it('prints the warnings of up', async () => {
      await assertFine('guests', { externalClientApplication: 'New', org: alias, guestJwtTimeout: 5 });
      await assertSaid(
        `[ECA3103] ${inOrg('New')}: guest timeouts have no effect yet: the guest flow is off for this app (isGuestCodeCredFlowEnabled in its policies).`,
        'warning',
      );
    });

    it('reads the global OAuth settings only once a resource manages them', async () => {
      await assertFine('lifetime', { externalClientApplication: 'New', org: alias, namedUserJwtTimeout: 5 });
      await assertFine('more', { externalClientApplication: 'Second', org: alias, namedUserJwtTimeout: 5 });
      assert.deepEqual(requestKinds(org), [...signInRequests, ...retrieve]);
      await assertFine('format', {
        externalClientApplication: 'Third',
        org: alias,
        isNamedUserJwtEnabled: true,
      });
      assert.deepEqual(requestKinds(org), [...signInRequests, ...retrieve, ...retrieve]);
    });

    it('finds all installed apps that the wildcard leaves out at once', async () => {
      org.faults.wildcardReturnsManaged = false;
      for (const app of ['acme__Ledger', 'acme__Billing_Sync']) {
        await assertFine(app, { externalClientApplication: app, org: alias, namedUserJwtTimeout: 5 });
      }
      assert.deepEqual(requestKinds(org), [
        ...signInRequests,
        ...retrieve,
        'listMetadata',
        'listMetadata',
        ...retrieve,
      ]);
    });

    it('sends no request while the app or the org is not known yet', async () => {
      await assertFine('unknown-app', {
        externalClientApplication: unknownValue,
        org: alias,
        isNamedUserJwtEnabled: true,
      });
      await assertFine('unknown-org', {
        externalClientApplication: 'New',
        org: unknownValue,
        isNamedUserJwtEnabled: true,
      });
      assert.deepEqual(requestKinds(org), []);
    });

    it('checks the known values if others are not known yet', async () => {
      await assertFine('half', {
        externalClientApplication: 'New',
        org: alias,
        isNamedUserJwtEnabled: true,
        namedUserJwtTimeout: unknownValue,
      });
      await stage.host.waitForLog(
        'isNamedUserJwtEnabled false → true, namedUserJwtSessionTimeoutType absent',
      );
    });
  });

  describe('refuses what up would refuse', () => {
    it('an app that does not exist', () =>
      assertRefused(
        { externalClientApplication: 'Nwe', org: alias, ...settings },
        /^\[ECA3001\] External client app "Nwe" in org "org\d+" \(\w{18}\) does not exist\. Did you mean "New"\? The org was not changed$/,
      ));

    it('an app whose OAuth plugin is off', () =>
      assertRefused(
        { externalClientApplication: 'Plugin_Disabled', org: alias, ...settings },
        /: the OAuth plugin of the app is not enabled \(isOauthPluginEnabled is false/,
      ));

    it('the token format of an installed app', () =>
      assertRefused(
        { externalClientApplication: 'acme__Billing_Sync', org: alias, ...settings },
        /isNamedUserJwtEnabled cannot be set in this org: .* Only the developer/,
      ));

    it('a lock-out, with the three ways to avoid it', () =>
      assertRefused(
        { externalClientApplication: 'Deployer', org: 'at67', isNamedUserJwtEnabled: true },
        `[ECA4001] ${inOrg('Deployer', 'at67')}: refused by the guard lockOut: the provider itself signs in with this app. Below API ` +
          'version 68.0 the org refuses JWT-based access tokens over SOAP, which retrieve needs, so after this change the provider ' +
          `could no longer read the org (this run uses 67.0). Set ${namespaceOf(program)}:apiVersion to 68.0 or later if the org supports it, sign ` +
          'in with another app, or add "lockOut" to allow. The org was not changed',
      ));

    it('a lock-out by an opaque access token, if the org returns which app it was issued to', () =>
      assertRefused(
        { externalClientApplication: 'Deployer', org: 'tokenOfDeployer', isNamedUserJwtEnabled: true },
        /refused by the guard lockOut: the provider itself signs in with this app/,
      ));

    it('but only warns of a lock-out if neither the token nor the org shows the app', async () => {
      await assertFine('doubtful', {
        externalClientApplication: 'Agent_Gateway',
        org: 'tokenOfDeployer',
        isNamedUserJwtEnabled: true,
      });
      const { severity } = await stage.host.waitForLog(
        'neither the access token nor the org shows which app the token was issued to. If it was this app, do not continue (guard lockOut)',
      );
      assert.equal(severity, 'warning');
    });

    it('but not a lock-out that is allowed by name', () =>
      assertFine('refused', {
        externalClientApplication: 'Deployer',
        org: 'at67',
        isNamedUserJwtEnabled: true,
        allow: ['lockOut'],
      }));

    it('the token format of a packaged app', () =>
      assertRefused(
        { externalClientApplication: 'Packaged_App', org: alias, ...settings },
        /refused by the guard packagedApp: /,
      ));

    it('a refused sign-in, without a hint at other apps', () =>
      assertRefused(
        { externalClientApplication: 'New', org: 'nobody', ...settings },
        /^\[ECA1201\] External client app "New": sign-in to org "nobody" was refused by .*user hasn't approved this consumer.*The org was not changed$/,
        '',
      ));

    it('an org that cannot be reached, without a hint at other apps', () =>
      assertRefused(
        { externalClientApplication: 'New', org: 'nowhere', ...settings },
        /connection refused/,
        '',
      ));

    it('an org that returns no app at all, without a hint at other apps', async () => {
      org.faults.hideComponent('*', 'notListed');
      await assertRefused({ externalClientApplication: 'New', org: alias, ...settings }, /^\[ECA3003\] /, '');
    });

    it('an org that refuses to be read, without a hint at other apps', async () => {
      org.faults.add({ on: 'retrieve', do: { kind: 'malformed' } });
      await assertRefused({ externalClientApplication: 'New', org: alias, ...settings }, /\[ECA9001\]/, '');
    });
  });

  describe('of a resource that exists', () => {
    const id = (app: string): string => `${org.organizationId}/${app}`;
    const managed = {
      isNamedUserJwtEnabled: true,
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: 30,
    };
    const stateOf = (app: string): Bag => ({
      externalClientApplication: app,
      org: alias,
      ...managed,
      managedFields: Object.keys(managed),
    });

    it('sends no request if nothing changed', async () => {
      const args = { externalClientApplication: 'New', org: alias, ...settings };
      const inputs = await assertFine('unchanged', args, { ...args, ...managed });
      assert.equal((await stage.host.diff(id('New'), stateOf('New'), inputs)).changes, false);
      assert.deepEqual(requestKinds(org), []);
    });

    it('shows the live difference of a change, and the value in the state if the org has changed', async () => {
      const args = {
        externalClientApplication: 'New',
        org: alias,
        isNamedUserJwtEnabled: true,
        namedUserJwtTimeout: 60,
      };
      const inputs = await assertFine('moved', args, { ...args, ...managed });
      assert.deepEqual(requestKinds(org), []);
      assert.equal((await stage.host.diff(id('New'), stateOf('New'), inputs)).changes, true);
      assert.deepEqual(requestKinds(org), [...signInRequests, ...retrieve]);
      await assertSaid(
        `${inOrg('New')}: up would change isNamedUserJwtEnabled false (the state says true) → true, namedUserJwtSessionTimeoutType ` +
          'absent (the state says Custom) → Custom, namedUserJwtTimeout absent (the state says 30 minutes) → 60 minutes.',
        'info',
      );
    });

    it('names both organizations when the sign-in leads to another one', async () => {
      const args = { externalClientApplication: 'New', org: alias, ...settings };
      const inputs = await assertFine('elsewhere', args, args);
      const elsewhere = '00D000000000062EAA';
      await assert.rejects(
        stage.host.diff(`${elsewhere}/New`, { ...stateOf('New'), isNamedUserJwtEnabled: false }, inputs),
        (error) => {
          assert(error instanceof ProviderCallError);
          assert.match(
            error.message,
            new RegExp(
              `is in organization ${elsewhere}, but the sign-in .* leads to .*${org.organizationId}`,
            ),
          );
          return true;
        },
      );
      assert.deepEqual(requestKinds(org), signInRequests);
    });

    it('refuses what up would refuse', async () => {
      const args = { externalClientApplication: 'Plugin_Disabled', org: alias, ...settings };
      const inputs = await assertFine('plugin', args, args);
      await assert.rejects(
        stage.host.diff(
          id('Plugin_Disabled'),
          { ...stateOf('Plugin_Disabled'), namedUserJwtTimeout: 5 },
          inputs,
        ),
        /the OAuth plugin of the app is not enabled/,
      );
    });
  });

  describe('with salesforce:preview', () => {
    it('offline sends no request', async () => {
      await assertFine('off', { externalClientApplication: 'Nowhere', org: 'offline', ...settings });
      assert.deepEqual(requestKinds(org), []);
    });

    it('checkOnly lets the org validate the deploy, which changes nothing', async () => {
      await assertFine('valid', { externalClientApplication: 'Second', org: 'checkOnly', ...settings });
      assert.deepEqual(requestKinds(org), [...signInRequests, ...retrieve, ...deploy]);
      assert.equal(org.deploys.at(-1)?.checkOnly, true);
      await assertSaid(
        `${inOrg('Second', 'checkOnly')}: the org has validated the change and changed nothing (deploy ${org.deploys.at(-1)?.id ?? ''}, checkOnly).`,
        'info',
      );
    });

    it('checkOnly passes on the response of the org to the deploy', async () => {
      org.faults.failComponent('Third', 'This app is under review.');
      await assertRefused(
        { externalClientApplication: 'Third', org: 'checkOnly', ...settings },
        new RegExp(
          `^\\[ECA5001\\] External client app "Third" in org "checkOnly" \\(${org.organizationId}\\): the org would refuse the change: ` +
            'deploy \\w+ ended as Failed: This app is under review.*Correct what the org reports, and repeat the command\\. The org was not changed$',
        ),
      );
    });

    it('checkOnly says so if the org accepts both components only one after the other', async () => {
      org.faults.refusePluginSettings = 'strict';
      await assertFine('refused', { externalClientApplication: 'Third', org: 'checkOnly', ...settings });
      await stage.host.waitForLog('this cannot be validated in advance: the org refuses it (deploy');
    });

    it('checkOnly does not refuse policies whose token format another resource of the program turns on', async () => {
      org.faults.refusePluginSettings = true;
      await assertFine('lifetimes', {
        externalClientApplication: 'Second',
        org: 'checkOnlyToo',
        namedUserJwtTimeout: 30,
      });
      await stage.host.waitForLog('External client app "Second" in org "checkOnlyToo"');
    });

    it('checkOnly sends no deploy of values that are not known yet', async () => {
      await assertFine('unknown-value', {
        externalClientApplication: 'New',
        org: 'checkOnly',
        isNamedUserJwtEnabled: true,
        namedUserJwtTimeout: unknownValue,
      });
      assert.ok(!requestKinds(org).includes('deploy'));
    });
  });
});
