import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { DynamicProviderProcess, type Bag } from '../support/dynamicProviderProcess.js';
import { componentNamesOf, componentXml, putApp } from '../support/localApps.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { policyUrn } from '../support/policyProgram.js';
import { ProviderCallError } from '../support/providerCallError.js';
import { describeForEachProgram, namespaceOf } from '../support/providerProgram.js';
import { accessToken, configuration, jwtBearer, Stage } from '../support/stage.js';

const versions = ['61', '62', '63', '64'];

describeForEachProgram('the lifecycle of a resource', function (program) {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let pristine: OrgSnapshot;

  before(async () => {
    stage = await Stage.open({
      configuration: ([first]) =>
        configuration(jwtBearer(first!), {
          again: jwtBearer(first!),
          stepsOn: accessToken(first!),
          stepsOff: accessToken(first!),
          halfWay: jwtBearer(first!),
          deployer67: { ...jwtBearer(first!), apiVersion: '67.0' },
          expired: { instanceUrl: first!.instanceUrl, accessToken: `${first!.organizationId}!expired` },
          ...Object.fromEntries(
            versions.map((version) => [
              `v${version}`,
              { ...accessToken(first!), apiVersion: `${version}.0` },
            ]),
          ),
        }),
    });
    org = stage.org;
    pristine = takeSnapshot(org);
  });
  beforeEach(() => {
    restoreSnapshot(org, pristine);
    org.faults.clear();
    org.clearRequests();
  });
  after(() => stage.close());

  const idOf = (app: string): string => `${org.organizationId}/${app}`;
  /** Checked inputs; a create without a check declares nothing, so that delete restores. */
  const custom = (app: string, minutes: number): Bag => ({
    externalClientApplication: app,
    namedUserJwtSessionTimeoutType: 'Custom',
    namedUserJwtTimeout: minutes,
  });
  const jwtOn = (app: string): Bag => ({ externalClientApplication: app, isNamedUserJwtEnabled: true });
  const deploysSince = (count: number): string[][] =>
    org.deploys.slice(count).map(({ components }) => components.map(({ fullName }) => fullName));

  describe('create', () => {
    it('adopts the settings, keeps the values found, and returns the complete state', async () => {
      putApp(org, 'Adopted', {
        policies: { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 10 },
      });
      const { id, outs } = await stage.create('adopted', {
        externalClientApplication: 'Adopted',
        isNamedUserJwtEnabled: true,
        namedUserJwtTimeout: 30,
        guestJwtTimeout: 5,
      });
      assert.equal(id, idOf('Adopted'));
      assert.deepEqual(outs, {
        externalClientApplication: 'Adopted',
        isNamedUserJwtEnabled: true,
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 30,
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: 5,
        orgId: org.organizationId,
        apiVersion: '68.0',
        tokenFormat: 'jwt',
        components: {
          ExternalClientApplication: 'Adopted',
          ExtlClntAppConfigurablePolicies: 'Adopted_plcy',
          ExtlClntAppGlobalOauthSettings: 'Adopted_glbloauth',
          ExtlClntAppOauthConfigurablePolicies: 'Adopted_oauthPlcy',
        },
        managedFields: [
          'isNamedUserJwtEnabled',
          'namedUserJwtSessionTimeoutType',
          'namedUserJwtTimeout',
          'guestJwtSessionTimeoutType',
          'guestJwtTimeout',
        ],
        valuesFound: {
          isNamedUserJwtEnabled: false,
          namedUserJwtSessionTimeoutType: 'Custom',
          namedUserJwtTimeout: 10,
          guestJwtSessionTimeoutType: 'absent',
          guestJwtTimeout: 'absent',
        },
      });
      assert.deepEqual(settingsOf(org, 'Adopted'), {
        isNamedUserJwtEnabled: 'true',
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: '30',
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: '5',
      });
    });

    it('deploys nothing if the org has what the program declares', async () => {
      putApp(org, 'Equal', { globalSettings: { isNamedUserJwtEnabled: true } });
      const deploys = org.deploys.length;
      const { outs } = await stage.create('equal', jwtOn('Equal'));
      assert.deepEqual(outs['valuesFound'], { isNamedUserJwtEnabled: true });
      assert.equal(org.deploys.length, deploys);
    });

    it('treats an absent switch as off', async () => {
      putApp(org, 'Unset', { globalSettings: { isNamedUserJwtEnabled: undefined } });
      const deploys = org.deploys.length;
      const { outs } = await stage.create('unset', {
        externalClientApplication: 'Unset',
        isNamedUserJwtEnabled: false,
      });
      assert.equal(outs['tokenFormat'], 'opaque');
      assert.equal(org.deploys.length, deploys);
    });

    it('removes the timeout for UserSession', async () => {
      putApp(org, 'Session', {
        policies: {
          namedUserJwtSessionTimeoutType: 'Custom',
          namedUserJwtTimeout: 10,
          guestJwtSessionTimeoutType: 'Custom',
          guestJwtTimeout: 5,
        },
      });
      const { outs } = await stage.create('session', {
        externalClientApplication: 'Session',
        namedUserJwtSessionTimeoutType: 'UserSession',
      });
      assert.deepEqual(settingsOf(org, 'Session'), {
        isNamedUserJwtEnabled: 'false',
        namedUserJwtSessionTimeoutType: 'UserSession',
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: '5',
      });
      assert.equal(outs['namedUserJwtTimeout'], undefined);
      assert.deepEqual(outs['managedFields'], ['namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout']);
      assert.deepEqual(outs['valuesFound'], {
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 10,
      });
    });

    it('with lifetimes only neither reads nor writes the global settings', async () => {
      putApp(org, 'Lifetimes');
      // Were the global settings read, two components of one app would be an error.
      org.putComponent(
        'ExtlClntAppGlobalOauthSettings',
        'Lifetimes_second',
        componentXml('ExtlClntAppGlobalOauthSettings', { externalClientApplication: 'Lifetimes' }),
      );
      const deploys = org.deploys.length;
      const { outs } = await stage.create('lifetimes', {
        externalClientApplication: 'Lifetimes',
        namedUserJwtTimeout: 30,
      });
      assert.equal(outs['tokenFormat'], 'unknown');
      assert.deepEqual(Object.keys(outs['components'] as object), [
        'ExternalClientApplication',
        'ExtlClntAppConfigurablePolicies',
        'ExtlClntAppOauthConfigurablePolicies',
      ]);
      assert.deepEqual(deploysSince(deploys), [['Lifetimes_oauthPlcy']]);
      await assert.rejects(
        stage.host.create(jwtOn('Lifetimes')),
        new ProviderCallError(
          `[ECA3012] External client app "Lifetimes" in org ${org.instanceUrl} (${org.organizationId}) has 2 components of type ` +
            'ExtlClntAppGlobalOauthSettings: Lifetimes_glbloauth, Lifetimes_second. An app can have only one; remove ' +
            'the one that does not belong to it',
          undefined,
        ),
      );
    });

    it('finds the components of installed apps, for every way in which their files name the app', async () => {
      const ledger = await stage.create('ledger', {
        externalClientApplication: 'acme__Ledger',
        namedUserJwtTimeout: 30,
      });
      assert.equal(ledger.id, idOf('acme__Ledger'));
      const billing = await stage.create('billing', {
        externalClientApplication: 'acme__Billing_Sync',
        namedUserJwtTimeout: 30,
      });
      assert.deepEqual(billing.outs['valuesFound'], {
        namedUserJwtSessionTimeoutType: 'absent',
        namedUserJwtTimeout: 'absent',
      });
      const warning = await stage.host.waitForLog('"acme__Billing_Sync"');
      assert.deepEqual(warning, {
        severity: 'warning',
        message:
          `[ECA3102] External client app "acme__Billing_Sync" in org ${org.instanceUrl} (${org.organizationId}): the app is installed ` +
          'from a package, so its lifetimes apply only if its developer has turned on JWT-based access tokens. This run did not read ' +
          'that setting: run pulumi-salesforce-eca audit, which shows it if the org returns it.',
        urn: policyUrn('billing'),
        ephemeral: false,
      });
    });

    it('warns at the resource about guest lifetimes without the guest flow', async () => {
      putApp(org, 'Guests');
      await stage.create('guests', { externalClientApplication: 'Guests', guestJwtTimeout: 5 });
      const warning = await stage.host.waitForLog('"Guests"');
      assert.deepEqual(warning, {
        severity: 'warning',
        message:
          `[ECA3103] External client app "Guests" in org ${org.instanceUrl} (${org.organizationId}): guest timeouts have no effect yet: ` +
          'the guest flow is off for this app (isGuestCodeCredFlowEnabled in its policies).',
        urn: policyUrn('guests'),
        ephemeral: false,
      });
    });
  });

  it('explains what JWT-based access tokens mean for the clients of the app', async () => {
    putApp(org, 'Noticed');
    await stage.create('noticed', jwtOn('Noticed'));
    assert.deepEqual(await stage.host.waitForLog('turns on JWT-based access tokens'), {
      severity: 'warning',
      message: [
        '[ECA3101] this program turns on JWT-based access tokens. What that means for the clients of an app:',
        '- Only tokens issued from now on are JSON Web Tokens; their lifetime is fixed when they are issued. A change can take up to 15 minutes to reach every server.',
        '- $Api.Session_ID and GETSESSIONID() cannot be used with such tokens, and they open no UI session (documented).',
        '- SOAP APIs refuse them below API version 68.0 (seen with jsforce and the Salesforce CLI).',
        '- Reported by single projects: the Streaming API (CometD) and UserInfo.getSessionId() in Apex fail with them.',
      ].join('\n'),
      urn: '',
      ephemeral: false,
    });
  });

  describe('update', () => {
    it('changes what the program changed, and keeps the values found', async () => {
      putApp(org, 'Changed', { policies: { namedUserJwtSessionTimeoutType: 'UserSession' } });
      const { id, outs } = await stage.host.create(custom('Changed', 30));
      const updated = await stage.host.update(id, outs, custom('Changed', 15));
      assert.equal(updated.outs['namedUserJwtTimeout'], 15);
      assert.deepEqual(updated.outs['valuesFound'], outs['valuesFound']);
      assert.equal(settingsOf(org, 'Changed').namedUserJwtTimeout, '15');
    });

    it('does not change or restore a field that left the program, and says so', async () => {
      putApp(org, 'Dropped');
      const { id, outs } = await stage.host.create({ ...custom('Dropped', 30), isNamedUserJwtEnabled: true });
      const updated = await stage.host.update(id, outs, custom('Dropped', 30));
      assert.deepEqual(updated.outs['managedFields'], [
        'namedUserJwtSessionTimeoutType',
        'namedUserJwtTimeout',
      ]);
      assert.deepEqual(updated.outs['valuesFound'], {
        namedUserJwtSessionTimeoutType: 'absent',
        namedUserJwtTimeout: 'absent',
      });
      assert.deepEqual(await stage.host.waitForLog('no longer managed'), {
        severity: 'warning',
        message:
          '[ECA3106] External client app "Dropped": isNamedUserJwtEnabled is no longer managed: it stays as it is in the org, and ' +
          'destroy does not restore it.',
        urn: '',
        ephemeral: false,
      });
      await stage.host.delete(id, updated.outs);
      assert.deepEqual(settingsOf(org, 'Dropped'), { isNamedUserJwtEnabled: 'true' });
    });

    it('restores a field that was added later to the value found when it was added', async () => {
      putApp(org, 'Added', { policies: { guestJwtSessionTimeoutType: 'Custom', guestJwtTimeout: 1 } });
      const { id, outs } = await stage.host.create(custom('Added', 30));
      changeSetting(org, 'Added', 'guestJwtTimeout', '10');
      const updated = await stage.host.update(id, outs, {
        ...custom('Added', 30),
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: 5,
      });
      assert.deepEqual(updated.outs['valuesFound'], {
        namedUserJwtSessionTimeoutType: 'absent',
        namedUserJwtTimeout: 'absent',
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: 10,
      });
      await stage.host.delete(id, updated.outs);
      assert.deepEqual(settingsOf(org, 'Added'), {
        isNamedUserJwtEnabled: 'false',
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: '10',
      });
    });

    it('reverts a change by somebody else', async () => {
      putApp(org, 'Drifted');
      const { id, outs } = await stage.host.create(custom('Drifted', 30));
      changeSetting(org, 'Drifted', 'namedUserJwtTimeout', '720');
      await stage.host.update(id, outs, custom('Drifted', 30));
      assert.equal(settingsOf(org, 'Drifted').namedUserJwtTimeout, '30');
    });
  });

  describe('diff', () => {
    const state = {
      ...custom('Compared', 30),
      managedFields: ['namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'],
    };
    const same = { changes: false, replaces: [], deleteBeforeReplace: false };
    const changed = { changes: true, replaces: [], deleteBeforeReplace: false };

    it('compares the values last read with the program', async () => {
      const id = idOf('Compared');
      assert.deepEqual(await stage.host.diff(id, state, custom('Compared', 30)), same);
      assert.deepEqual(await stage.host.diff(id, state, custom('Compared', 15)), changed);
      assert.deepEqual(
        await stage.host.diff(id, { ...state, namedUserJwtTimeout: 720 }, custom('Compared', 30)),
        changed,
      );
    });

    it('detects that a field left or joined the program, and that a guard is allowed', async () => {
      const id = idOf('Compared');
      const { namedUserJwtTimeout, ...withoutTimeout } = custom('Compared', 30);
      assert.equal(namedUserJwtTimeout, 30);
      assert.deepEqual(await stage.host.diff(id, state, withoutTimeout), changed);
      assert.deepEqual(
        await stage.host.diff(id, state, { ...custom('Compared', 30), isNamedUserJwtEnabled: true }),
        changed,
      );
      assert.deepEqual(
        await stage.host.diff(id, state, { ...custom('Compared', 30), allow: ['lockOut'] }),
        changed,
      );
    });

    it('distinguishes an absent value from an unmanaged one', async () => {
      const absent = { externalClientApplication: 'Compared', managedFields: ['isNamedUserJwtEnabled'] };
      const id = idOf('Compared');
      assert.deepEqual(
        await stage.host.diff(id, absent, {
          externalClientApplication: 'Compared',
          isNamedUserJwtEnabled: false,
        }),
        same,
      );
      assert.deepEqual(await stage.host.diff(id, absent, jwtOn('Compared')), changed);
    });

    it('replaces the resource if the app changes', async () => {
      assert.deepEqual(await stage.host.diff(idOf('Compared'), state, custom('Other', 30)), {
        changes: true,
        replaces: ['externalClientApplication'],
        deleteBeforeReplace: false,
      });
    });

    it('updates the resource if the alias changes to another one of the same org', async () => {
      assert.deepEqual(
        await stage.host.diff(idOf('Compared'), state, { ...custom('Compared', 30), org: 'again' }),
        changed,
      );
    });
  });

  describe('read', () => {
    it('returns the live values of the managed fields, in the shape of the inputs', async () => {
      putApp(org, 'Read');
      const { id, outs } = await stage.host.create({ ...custom('Read', 30), isNamedUserJwtEnabled: true });
      changeSetting(org, 'Read', 'namedUserJwtTimeout', '720');
      changeSetting(org, 'Read', 'isNamedUserJwtEnabled', undefined);
      const read = await stage.host.read(id, outs);
      assert.equal(read.id, id);
      const { isNamedUserJwtEnabled, ...rest } = outs;
      assert.equal(isNamedUserJwtEnabled, true);
      assert.deepEqual(read.props, { ...rest, namedUserJwtTimeout: 720, tokenFormat: 'opaque' });
      const { __provider: provider, ...inputs } = { __provider: undefined, ...read.inputs };
      assert.equal(provider, undefined);
      assert.deepEqual(inputs, custom('Read', 720));
    });

    it('returns no id when the org no longer has the app', async () => {
      putApp(org, 'Gone');
      const { id, outs } = await stage.host.create(custom('Gone', 30));
      org.removeComponent('ExternalClientApplication', 'Gone');
      assert.deepEqual(await stage.host.read(id, outs), { id: '', props: {}, inputs: undefined });
    });

    it('fails if the org cannot be read, so that nothing is lost', async () => {
      const state = { ...custom('Agent_Gateway', 30), org: 'expired' };
      await assert.rejects(stage.host.read(idOf('Agent_Gateway'), state), ProviderCallError);
    });
  });

  describe('delete', () => {
    it('restores the values found, including absent ones', async () => {
      putApp(org, 'Restored', { policies: { guestJwtSessionTimeoutType: 'UserSession' } });
      const before = takeSnapshot(org);
      const { id, outs } = await stage.host.create({
        ...custom('Restored', 30),
        isNamedUserJwtEnabled: true,
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: 5,
      });
      assert.notDeepEqual(takeSnapshot(org), before);
      await stage.host.delete(id, outs);
      assert.deepEqual(takeSnapshot(org), before);
    });

    it('reports what somebody else had set before it restores a value', async () => {
      putApp(org, 'Foreign');
      const { id, outs } = await stage.host.create(custom('Foreign', 30));
      changeSetting(org, 'Foreign', 'namedUserJwtTimeout', '15');
      await stage.host.delete(id, outs);
      assert.deepEqual(settingsOf(org, 'Foreign'), { isNamedUserJwtEnabled: 'false' });
      assert.deepEqual(await stage.host.waitForLog('outside of this stack'), {
        severity: 'warning',
        message:
          `[ECA7003] External client app "Foreign" in org ${org.instanceUrl} (${org.organizationId}): namedUserJwtTimeout was changed ` +
          'outside of this stack to 15 minutes (the stack had set 30 minutes); it is restored to absent.',
        urn: '',
        ephemeral: false,
      });
    });

    it('says that it uses the configuration of the last up if the org refuses its session', async () => {
      const host = await DynamicProviderProcess.start();
      try {
        await host.configure(
          configuration({
            instanceUrl: org.instanceUrl,
            accessToken: `${org.organizationId.slice(0, 15)}!old`,
          }),
        );
        const state = { ...jwtOn('portal'), valuesFound: { isNamedUserJwtEnabled: false } };
        const hint = new RegExp(
          `Set a new ${namespaceOf(program)}:accessToken, then repeat the command\\. The org was not changed\\. Refresh and destroy use the configuration of the last pulumi up\\. If it has changed since then, run pulumi up once, or repeat this command with --run-program$`,
        );
        await assert.rejects(host.delete(idOf('portal'), state), hint);
        await assert.rejects(host.read(idOf('portal'), state), hint);
      } finally {
        await host.dispose();
      }
    });

    it('succeeds when the org no longer has the app', async () => {
      putApp(org, 'Missing');
      const { id, outs } = await stage.host.create(custom('Missing', 30));
      org.removeComponent('ExternalClientApplication', 'Missing');
      await stage.host.delete(id, outs);
      assert.equal(
        (await stage.host.waitForLog('nothing to restore')).message,
        `External client app "Missing" in org ${org.instanceUrl} (${org.organizationId}) no longer exists: there is ` +
          'nothing to restore.',
      );
    });

    it('leaves what another resource of the program declares: a renamed one', async () => {
      putApp(org, 'Renamed');
      const { id, outs } = await stage.host.create(custom('Renamed', 30));
      const renamed = await stage.create('new-name', {
        externalClientApplication: 'Renamed',
        namedUserJwtTimeout: 30,
      });
      await stage.host.delete(id, outs);
      assert.equal(settingsOf(org, 'Renamed').namedUserJwtTimeout, '30');
      assert.deepEqual(renamed.outs['valuesFound'], {
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 30,
      });
    });

    it('leaves what the program declares through another alias of the same org, and restores the rest', async () => {
      putApp(org, 'Moved');
      const { id, outs } = await stage.host.create({ ...custom('Moved', 30), isNamedUserJwtEnabled: true });
      await stage.declare('moved', {
        externalClientApplication: 'Moved',
        org: 'again',
        namedUserJwtTimeout: 30,
      });
      await stage.host.delete(id, outs);
      assert.deepEqual(settingsOf(org, 'Moved'), {
        isNamedUserJwtEnabled: 'false',
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: '30',
      });
    });

    it('before create passes on the values found', async () => {
      putApp(org, 'Handed', {
        policies: { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 10 },
      });
      const { id, outs } = await stage.host.create(custom('Handed', 30));
      const inputs = await stage.declare('handed', {
        externalClientApplication: 'Handed',
        namedUserJwtTimeout: 30,
      });
      await stage.host.delete(id, outs);
      assert.equal(settingsOf(org, 'Handed').namedUserJwtTimeout, '30');
      const created = await stage.host.create(inputs);
      assert.deepEqual(created.outs['valuesFound'], {
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 10,
      });
    });

    it('sends nothing if there is nothing to restore', async () => {
      await stage.host.delete(idOf('Nothing'), { ...custom('Nothing', 30), valuesFound: {} });
      assert.deepEqual(requestKinds(org), []);
    });
  });

  describe('two resources for one app', () => {
    it('manage different fields, and each restores its own', async () => {
      putApp(org, 'Halves');
      const format = await stage.host.create(jwtOn('Halves'));
      const lifetime = await stage.host.create(custom('Halves', 30));
      await stage.host.delete(format.id, format.outs);
      assert.deepEqual(settingsOf(org, 'Halves'), {
        isNamedUserJwtEnabled: 'false',
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: '30',
      });
      await stage.host.delete(lifetime.id, lifetime.outs);
      assert.deepEqual(settingsOf(org, 'Halves'), { isNamedUserJwtEnabled: 'false' });
    });

    it('cannot manage the same field', async () => {
      await stage.declare('first', jwtOn('Contested'));
      const { failures } = await stage.check('second', { ...jwtOn('Contested'), namedUserJwtTimeout: 30 });
      assert.deepEqual(failures, [
        {
          property: 'isNamedUserJwtEnabled',
          reason:
            '[ECA2012] is already managed by the resource first (external client app "Contested"). Two resources for one app can manage ' +
            'different fields, but not the same one. Remove it from one of them',
        },
      ]);
    });
  });

  describe('a guard', () => {
    const refusal = (code: string, app: string, text: string, label = org.instanceUrl): ProviderCallError =>
      new ProviderCallError(
        `[${code}] External client app "${app}" in org ${label} (${org.organizationId}): refused by the guard ${text}. The org was not changed`,
        undefined,
      );

    it('refuses a packaged app unless it is allowed', async () => {
      await assert.rejects(
        stage.host.create(jwtOn('Packaged_App')),
        refusal(
          'ECA4003',
          'Packaged_App',
          'packagedApp: the app is packaged (distributionState Packaged): a change of isNamedUserJwtEnabled affects every org that ' +
            'installed it within minutes. If that is intended, add "packagedApp" to allow',
        ),
      );
      const { outs } = await stage.host.create({ ...jwtOn('Packaged_App'), allow: ['packagedApp'] });
      assert.deepEqual(outs['allow'], ['packagedApp']);
      assert.equal(settingsOf(org, 'Packaged_App').isNamedUserJwtEnabled, 'true');
    });

    it('refuses to turn JWT off with the guest flow on, unless it is allowed', async () => {
      const off = { externalClientApplication: 'Partner_API', isNamedUserJwtEnabled: false };
      await assert.rejects(
        stage.host.create(off),
        refusal(
          'ECA4002',
          'Partner_API',
          "guestFlow: the app's guest flow (isGuestCodeCredFlowEnabled) is on and needs JWT-based access tokens. What an org does with " +
            'guests when they are turned off is not documented. Turn the guest flow off first, or add "guestFlow" to allow',
        ),
      );
      await stage.host.create({ ...off, allow: ['guestFlow'] });
      assert.equal(settingsOf(org, 'Partner_API').isNamedUserJwtEnabled, 'false');
    });

    it('refuses a restore that turns JWT off with the guest flow on, unless the state allows it', async () => {
      putApp(org, 'Guests', {
        globalSettings: { isNamedUserJwtEnabled: true },
        policies: { isGuestCodeCredFlowEnabled: true },
      });
      const state = { ...jwtOn('Guests'), valuesFound: { isNamedUserJwtEnabled: false } };
      await assert.rejects(stage.host.delete(idOf('Guests'), state), (error) => {
        assert(error instanceof ProviderCallError);
        assert.match(
          error.message,
          /refused by the guard guestFlow: .* add "guestFlow" to allow\. The org was not changed\. Deleting the resource restores the values found before this stack's first change\. It uses allow as the last pulumi up recorded it, so run pulumi up once after adding to it\. To keep the settings as they are, set retainOnDelete and run pulumi up once$/,
        );
        return true;
      });
      assert.equal(settingsOf(org, 'Guests').isNamedUserJwtEnabled, 'true');
      await stage.host.delete(idOf('Guests'), { ...state, allow: ['guestFlow'] });
      assert.equal(settingsOf(org, 'Guests').isNamedUserJwtEnabled, 'false');
    });

    it('refuses to lock out the provider itself and to write its app without the certificate, unless both are allowed', async () => {
      const deployer = { ...jwtOn('Deployer'), org: 'deployer67' };
      await assert.rejects(
        stage.host.create(deployer),
        refusal(
          'ECA4001',
          'Deployer',
          'lockOut: the provider itself signs in with this app. Below API version 68.0 the org refuses JWT-based access tokens over ' +
            'SOAP, which retrieve needs, so after this change the provider could no longer read the org (this run uses 67.0). Set ' +
            `${namespaceOf(program)}:apiVersion to 68.0 or later if the org supports it, sign in with another app, or add "lockOut" to allow`,
          '"deployer67"',
        ),
      );
      org.faults.returnCertificate = false;
      await assert.rejects(
        stage.host.create({ ...deployer, allow: ['lockOut'] }),
        refusal(
          'ECA4004',
          'Deployer',
          'unreadCertificate: the provider itself signs in with this app, and the org did not return its certificate. Deploying the ' +
            'global OAuth settings without it may clear it and break this sign-in. Sign in with another app, or, if the app has no ' +
            'certificate, add "unreadCertificate" to allow',
          '"deployer67"',
        ),
      );
      await stage.host.create({ ...deployer, allow: ['lockOut', 'unreadCertificate'] });
      assert.equal(settingsOf(org, 'Deployer').isNamedUserJwtEnabled, 'true');
    });
  });

  describe('of an app that still has lifetimes with JWT off', () => {
    const lifetimes = { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 30 };
    const held = {
      isNamedUserJwtEnabled: 'false',
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: '30',
    };

    it('other fields are changed and restored, and the lifetimes stay', async () => {
      putApp(org, 'Dormant', { policies: lifetimes });
      const { id, outs } = await stage.host.create({
        externalClientApplication: 'Dormant',
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: 5,
      });
      assert.deepEqual(settingsOf(org, 'Dormant'), {
        ...held,
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: '5',
      });
      await stage.host.delete(id, outs);
      assert.deepEqual(settingsOf(org, 'Dormant'), held);
    });

    it('turning JWT on and off again leaves them unchanged', async () => {
      putApp(org, 'Dormant_2', { policies: lifetimes });
      const { outs } = await stage.host.create(jwtOn('Dormant_2'));
      await stage.host.delete(idOf('Dormant_2'), outs);
      assert.deepEqual(settingsOf(org, 'Dormant_2'), held);
    });

    it('the message of an org that refuses them is shown with the cause, and nothing is dropped', async () => {
      putApp(org, 'Dormant_3', { policies: lifetimes });
      org.faults.refusePluginSettings = true;
      await assert.rejects(
        stage.host.create({
          externalClientApplication: 'Dormant_3',
          guestJwtSessionTimeoutType: 'Custom',
          guestJwtTimeout: 5,
        }),
        /Invalid plugin settings\. The policies contain JWT settings, but the app does not issue JWT-based access tokens\..*The org was not changed/,
      );
      assert.deepEqual(settingsOf(org, 'Dormant_3'), held);
    });
  });

  describe('after "Invalid plugin settings"', () => {
    it('the token format is turned on before the policies are written, for the rest of the run', async () => {
      putApp(org, 'Steps_1');
      putApp(org, 'Steps_2');
      org.faults.refusePluginSettings = 'strict';
      const deploys = org.deploys.length;
      const first = await stage.host.create({
        ...custom('Steps_1', 30),
        isNamedUserJwtEnabled: true,
        org: 'stepsOn',
      });
      assert.equal(first.outs['tokenFormat'], 'jwt');
      await stage.host.create({ ...custom('Steps_2', 30), isNamedUserJwtEnabled: true, org: 'stepsOn' });
      const names = [componentNamesOf('Steps_1'), componentNamesOf('Steps_2')] as const;
      assert.deepEqual(deploysSince(deploys), [
        [names[0].globalSettings, names[0].policies],
        [names[0].globalSettings],
        [names[0].policies],
        [names[1].globalSettings],
        [names[1].policies],
      ]);
    });

    it('the policies are written before the token format is turned off', async () => {
      putApp(org, 'Steps_3', {
        globalSettings: { isNamedUserJwtEnabled: true },
        policies: {
          namedUserJwtSessionTimeoutType: 'Custom',
          namedUserJwtTimeout: 30,
          sessionTimeoutInMinutes: 120,
        },
      });
      org.faults.refusePluginSettings = 'strict';
      const deploys = org.deploys.length;
      const state = {
        ...custom('Steps_3', 30),
        isNamedUserJwtEnabled: true,
        org: 'stepsOff',
        valuesFound: {
          isNamedUserJwtEnabled: false,
          namedUserJwtSessionTimeoutType: 'absent',
          namedUserJwtTimeout: 'absent',
        },
      };
      await stage.host.delete(idOf('Steps_3'), state);
      const { globalSettings, policies } = componentNamesOf('Steps_3');
      assert.deepEqual(deploysSince(deploys), [[globalSettings, policies], [policies], [globalSettings]]);
      assert.deepEqual(settingsOf(org, 'Steps_3'), { isNamedUserJwtEnabled: 'false' });
    });

    it('a second step that a lock prevents causes an error with the resource, and destroy restores the original values', async () => {
      putApp(org, 'Steps_5');
      org.faults.refusePluginSettings = 'strict';
      // The first deploy is refused, the second sets the token format.
      org.faults.add({ on: 'deploy', skip: 2, do: { kind: 'locked' } });
      await assert.rejects(
        stage.host.create({ ...custom('Steps_5', 30), isNamedUserJwtEnabled: true, org: 'halfWay' }),
        (error) => {
          assert(error instanceof ProviderCallError);
          assert.match(
            error.message,
            /ALREADY_IN_PROCESS: .*It was tried 3 times\. namedUserJwtSessionTimeoutType is absent, expected Custom; namedUserJwtTimeout is absent, expected 30 minutes\. Run pulumi up again/,
          );
          const found = error.initFailure?.properties['valuesFound'];
          assert.deepEqual(found, {
            isNamedUserJwtEnabled: false,
            namedUserJwtSessionTimeoutType: 'absent',
            namedUserJwtTimeout: 'absent',
          });
          return true;
        },
      );
      assert.equal(settingsOf(org, 'Steps_5').isNamedUserJwtEnabled, 'true');
    });

    it('the resource fails with the message of the org if two steps do not help', async () => {
      putApp(org, 'Steps_4');
      org.faults.refusePluginSettings = true;
      await assert.rejects(
        stage.host.create({ ...custom('Steps_4', 30), org: 'again' }),
        new ProviderCallError(
          `[ECA5008] External client app "Steps_4" in org "again" (${org.organizationId}): Invalid plugin settings. The policies ` +
            'contain JWT settings, but the app does not issue JWT-based access tokens. Turn on isNamedUserJwtEnabled in the same ' +
            'program; for an app that was installed from a package, only its developer can do that. The org was not changed',
          undefined,
        ),
      );
    });
  });

  for (const version of versions) {
    it(`at API version ${version}.0 has timeouts without a type`, async () => {
      putApp(org, 'Old');
      const before = takeSnapshot(org);
      const deploys = org.deploys.length;
      const settings = { org: `v${version}`, isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
      const declared = await stage.declare(`old-${version}`, {
        externalClientApplication: `Declared_${version}`,
        ...settings,
      });
      assert.equal(declared['namedUserJwtSessionTimeoutType'], undefined);

      const { id, outs } = await stage.host.create({ ...declared, externalClientApplication: 'Old' });
      assert.deepEqual(settingsOf(org, 'Old'), { isNamedUserJwtEnabled: 'true', namedUserJwtTimeout: '30' });
      assert.equal(outs['apiVersion'], `${version}.0`);
      assert.deepEqual((await stage.host.read(id, outs)).props, outs);

      await stage.host.delete(id, outs);
      assert.deepEqual(takeSnapshot(org), before);
      assert.deepEqual(
        org.deploys.slice(deploys).map(({ apiVersion }) => apiVersion),
        [`${version}.0`, `${version}.0`],
      );
    });
  }
});
