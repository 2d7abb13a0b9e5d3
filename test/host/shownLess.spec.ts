import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { onArrival, requestKinds } from '../support/arrivals.js';
import type { Bag } from '../support/dynamicProviderProcess.js';
import { componentNamesOf, putApp } from '../support/localApps.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { ProviderCallError } from '../support/providerCallError.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { accessToken, configuration, jwtBearer, Stage, type CreatedResource } from '../support/stage.js';

const global = 'ExtlClntAppGlobalOauthSettings';
const policies = 'ExtlClntAppOauthConfigurablePolicies';
const oauthSettings = 'ExtlClntAppOauthSettings';

/** What a user gets to read when the org shows less than it has (facts: sfdx-hardis#2070, and permissions of external client apps). */
describeForEachProgram('an org that returns less than it has', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let pristine: OrgSnapshot;

  /** Signs in at an API version at which JWT-based tokens lock out. */
  const at67 = 'at67';
  /** Each is a session of its own, which has seen nothing of the org so far. */
  const aliases = Array.from({ length: 6 }, (_, index) => `alias${index}`);
  const freshAlias = (): string => {
    const alias = aliases.pop();
    assert.ok(alias, 'more aliases are needed');
    return alias;
  };

  before(async () => {
    stage = await Stage.open({
      configuration: ([first]) =>
        configuration(jwtBearer(first!), {
          ...Object.fromEntries(aliases.map((alias) => [alias, accessToken(first!)])),
          [at67]: { ...jwtBearer(first!), apiVersion: '67.0' },
        }),
    });
    org = stage.org;
    pristine = takeSnapshot(org);
  });
  beforeEach(() => {
    restoreSnapshot(org, pristine);
    org.clearRequests();
  });
  after(() => stage.close());

  const jwtOn = (app: string): Bag => ({ externalClientApplication: app, isNamedUserJwtEnabled: true });
  const custom = (app: string): Bag => ({
    externalClientApplication: app,
    namedUserJwtSessionTimeoutType: 'Custom',
    namedUserJwtTimeout: 30,
  });
  const subject = (app: string): string =>
    `External client app "${app}" in org ${org.instanceUrl} (${org.organizationId})`;
  const failure = async (call: Promise<unknown>): Promise<string> => {
    try {
      await call;
    } catch (thrown) {
      assert.ok(thrown instanceof ProviderCallError, String(thrown));
      assert.equal(thrown.initFailure, undefined);
      return thrown.message;
    }
    assert.fail('it did not fail');
  };
  /** A resource that is not declared by the running program: delete restores. */
  const createUndeclared = async (inputs: Bag): Promise<Pick<CreatedResource, 'id' | 'outs'>> =>
    stage.host.create(inputs);
  const deploys = (): number => requestKinds(org).filter((kind) => kind === 'deploy').length;
  /** What a preview says at the resource. */
  const preview = async (app: string, org: string): Promise<string> => {
    const { failures } = await stage.preview(app, { ...jwtOn(app), org });
    return failures.map(({ reason }) => reason).join('\n');
  };

  describe('no app at all', () => {
    const reason =
      'the org returned no external client apps to the signed-in user, so it is unknown whether it has this one. Check that it is ' +
      'the right org and that the user has the permission "View all External Client Apps, view their settings, and edit their policies"';
    const wayOut =
      'If the app no longer exists, remove the resource from the state with pulumi state delete <urn> (pulumi stack --show-urns prints the URN)';

    it('fails a refresh and a destroy, which keep the state and say which permission is needed and what to do', async () => {
      putApp(org, 'Hidden');
      const { id, outs } = await createUndeclared(jwtOn('Hidden'));
      org.faults.hideComponent('*', 'notListed');
      org.clearRequests();
      const expected = `[ECA3003] ${subject('Hidden')}: ${reason}. ${wayOut}. The org was not changed`;
      assert.equal(await failure(stage.host.read(id, outs)), expected);
      assert.equal(await failure(stage.host.delete(id, outs)), expected);
      assert.equal(await failure(stage.host.update(id, outs, jwtOn('Hidden'))), expected);
      assert.equal(deploys(), 0);
      assert.equal(settingsOf(org, 'Hidden').isNamedUserJwtEnabled, 'true');
    });

    it('fails a create and a preview, which do not say that the app does not exist', async () => {
      putApp(org, 'Unseen');
      org.faults.hideComponent('*', 'notListed');
      const expected = `: ${reason}. The org was not changed`;
      assert.equal(
        await failure(stage.host.create(jwtOn('Unseen'))),
        `[ECA3003] ${subject('Unseen')}${expected}`,
      );
      const previewed = await preview('Unseen', freshAlias());
      assert.ok(previewed.includes(expected), previewed);
      assert.doesNotMatch(previewed, /does not exist/);
    });

    it('says that connected apps are not covered, for one with this name', async () => {
      org.faults.hideComponent('*', 'notListed');
      assert.match(
        await failure(stage.host.create(jwtOn('Legacy_Connected'))),
        /returned no external client apps .*A connected app has this name; connected apps are not covered\. The org was not changed$/,
      );
    });
  });

  describe('all but one app', () => {
    for (const how of ['loadFails', 'notReturned'] as const) {
      it(`which is in its list: ${how}`, async () => {
        putApp(org, 'Kept_Back');
        const { id, outs } = await createUndeclared(jwtOn('Kept_Back'));
        org.faults.hideComponent('Kept_Back', how);
        const words =
          how === 'loadFails'
            ? 'did not return the app and reported: Load of metadata from db failed for metadata of type:ExternalClientApplication and file name:Kept_Back'
            : 'lists the app but did not return it';
        for (const call of ['read', 'delete'] as const) {
          assert.equal(
            await failure(stage.host[call](id, outs)),
            `[ECA3004] ${subject('Kept_Back')}: the org ${words}, so its settings are unknown. Repeat the command; if the result is ` +
              'the same, look at the app in Setup as the signed-in user. If the app no longer exists, remove the resource from the ' +
              'state with pulumi state delete <urn> (pulumi stack --show-urns prints the URN). The org was not changed',
          );
        }
      });
    }

    it('proves that this one does not exist', async () => {
      putApp(org, 'Gone');
      const { id, outs } = await createUndeclared(jwtOn('Gone'));
      restoreSnapshot(org, pristine);
      assert.deepEqual(await stage.host.read(id, outs), { id: '', props: {}, inputs: undefined });
      await stage.host.delete(id, outs);
    });
  });

  describe('an app without one of its components', () => {
    for (const [type, inputs, name] of [
      [global, jwtOn, componentNamesOf('Partly').globalSettings],
      [policies, custom, componentNamesOf('Partly').policies],
    ] as const) {
      for (const how of ['loadFails', 'notReturned', 'typeHidden'] as const) {
        it(`${type}: it is not read (${how})`, async () => {
          putApp(org, 'Partly');
          const { id, outs } = await createUndeclared(inputs('Partly'));
          if (how === 'typeHidden') org.faults.hideComponent(`${type}/*`, 'notListed');
          else org.faults.hideComponent(name, how);
          org.clearRequests();
          const before = takeSnapshot(org);
          const words = {
            loadFails: `did not return ${type} ${name} of this app and reported: Load of metadata from db failed for metadata of type:${type} and file name:${name}`,
            notReturned: `lists ${type} ${name} of this app but did not return it`,
            typeHidden: `lists no ${type} at all for the signed-in user, of this app or any other`,
          }[how];
          const expected =
            `[ECA3005] ${subject('Partly')}: the org ${words}, so its settings are unknown. Repeat the command; if the result is the ` +
            'same, look at the app in Setup as the signed-in user. If the component no longer exists, remove the resource from the ' +
            'state with pulumi state delete <urn> (pulumi stack --show-urns prints the URN). The org was not changed';
          assert.equal(await failure(stage.host.read(id, outs)), expected);
          assert.equal(await failure(stage.host.delete(id, outs)), expected);
          assert.equal(await failure(stage.host.update(id, outs, inputs('Partly'))), expected);
          assert.equal(deploys(), 0);
          assert.deepEqual(takeSnapshot(org), before);
        });
      }
    }

    it('fails a create and a preview, which do not blame a package', async () => {
      putApp(org, 'Not_Packaged');
      org.faults.hideComponent(componentNamesOf('Not_Packaged').globalSettings, 'loadFails');
      const created = await failure(stage.host.create(jwtOn('Not_Packaged')));
      assert.match(
        created,
        /: the org did not return every ExtlClntAppGlobalOauthSettings \(Not_Packaged_glbloauth\), and one of them may belong to this app; it reported: Load of metadata from db failed for metadata of type:ExtlClntAppGlobalOauthSettings and file name:Not_Packaged_glbloauth, so its settings are unknown\./,
      );
      assert.doesNotMatch(created, /package|state delete/);
      assert.match(
        await preview('Not_Packaged', freshAlias()),
        /did not return every ExtlClntAppGlobalOauthSettings/,
      );
    });

    it('right after a deploy: its outcome is unknown', async () => {
      putApp(org, 'Vanishing');
      putApp(org, 'Staying');
      const { globalSettings } = componentNamesOf('Vanishing');
      onArrival(org, 'deploy', () => {
        onArrival(org, 'retrieve', () => org.faults.hideComponent(globalSettings, 'loadFails'));
      });
      const [vanishing, staying] = await Promise.allSettled([
        stage.host.create(jwtOn('Vanishing')),
        stage.host.create(jwtOn('Staying')),
      ]);
      assert.equal(staying.status, 'fulfilled');
      assert.equal(vanishing.status, 'rejected');
      const thrown: unknown = vanishing.reason;
      assert.ok(thrown instanceof ProviderCallError);
      assert.match(
        thrown.initFailure?.reasons[0] ?? '',
        /: deploy \w+ succeeded, but the org could not be read afterwards \(the org did not return ExtlClntAppGlobalOauthSettings Vanishing_glbloauth of this app and reported: Load of metadata from db failed .*\), so it is unknown whether its settings changed\. Run pulumi up again: it looks at the org first$/,
      );
      assert.equal(thrown.initFailure?.properties['isNamedUserJwtEnabled'], false);
    });

    it('between the check and the deploy: nothing is sent', async () => {
      putApp(org, 'Slipping');
      const { globalSettings } = componentNamesOf('Slipping');
      // The list before the deploy shows another date, so the component is read anew.
      onArrival(org, 'listMetadata', () => {
        const xml = org.component(global, globalSettings) ?? '';
        org.putComponent(global, globalSettings, xml.replace('callback<', 'callback/2<'));
        org.faults.hideComponent(globalSettings, 'notReturned');
      });
      assert.match(
        await failure(stage.host.create(jwtOn('Slipping'))),
        /: the org did not return ExtlClntAppGlobalOauthSettings Slipping_glbloauth of this app, so its settings are unknown\..* The org was not changed$/,
      );
      assert.equal(deploys(), 0);
    });

    it('removed between the check and the deploy: nothing is sent that would create it again', async () => {
      putApp(org, 'Leaving');
      const { globalSettings } = componentNamesOf('Leaving');
      onArrival(org, 'listMetadata', () => {
        org.removeComponent(global, globalSettings);
      });
      assert.match(
        await failure(stage.host.create(jwtOn('Leaving'))),
        /: the org did not return ExtlClntAppGlobalOauthSettings Leaving_glbloauth of this app, so its settings are unknown\..* The org was not changed$/,
      );
      assert.equal(deploys(), 0);
    });

    it('without its consumer key: it is unknown whether it is the app of the sign-in', async () => {
      putApp(org, 'Signed_In', { globalSettings: { isNamedUserJwtEnabled: true } });
      await stage.host.create({ ...jwtOn('Signed_In'), org: at67 });
      const xml = org.component(global, 'Deployer_glbloauth') ?? '';
      org.putComponent(global, 'Deployer_glbloauth', xml.replace(/\s*<consumerKey>.*?<\/consumerKey>/, ''));
      await stage.host.create({ ...jwtOn('Deployer'), org: at67 });
      assert.match(
        stage.host.logs.map(({ message }) => message).join('\n'),
        /If it was this app, do not continue \(guard lockOut\)/,
      );
    });
  });

  describe('a component that is proven to be removed', () => {
    it('is absent: the plugin component switches OAuth off', async () => {
      putApp(org, 'Switched_Off');
      const { id, outs } = await createUndeclared(jwtOn('Switched_Off'));
      putApp(org, 'Switched_Off', { plugins: { isOauthPluginEnabled: false } });
      for (const type of [global, oauthSettings, policies]) {
        org.componentNames(type).forEach((name) => {
          org.removeComponent(type, name);
        });
      }
      org.clearRequests();
      const { props } = await stage.host.read(id, outs);
      assert.equal(props['isNamedUserJwtEnabled'], undefined);
      assert.deepEqual(props['managedFields'], ['isNamedUserJwtEnabled']);
      assert.equal(props['tokenFormat'], 'unknown');
      await stage.host.delete(id, outs);
      assert.equal(deploys(), 0);
      assert.match(
        await failure(stage.host.update(id, outs, jwtOn('Switched_Off'))),
        /: the OAuth plugin of the app is not enabled \(isOauthPluginEnabled is false in ExtlClntAppConfigurablePolicies Switched_Off_plcy\)/,
      );
    });

    it('is absent: the list shows the app and the components of others', async () => {
      putApp(org, 'Removed');
      const { id, outs } = await createUndeclared({
        ...jwtOn('Removed'),
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: 5,
      });
      const names = componentNamesOf('Removed');
      org.removeComponent(global, names.globalSettings);
      org.removeComponent(policies, names.policies);
      org.removeComponent(oauthSettings, names.oauthSettings);
      org.clearRequests();
      const { props } = await stage.host.read(id, outs);
      assert.equal(props['isNamedUserJwtEnabled'], undefined);
      assert.equal(props['guestJwtTimeout'], undefined);
      await stage.host.delete(id, outs);
      assert.equal(deploys(), 0);
      assert.match(
        await failure(stage.host.update(id, outs, jwtOn('Removed'))),
        /: OAuth is not enabled: the org has no ExtlClntAppOauthSettings component for this app\./,
      );
    });

    it('is not blamed on a package if only the global component of a local app was removed', async () => {
      putApp(org, 'Local_App');
      const { id, outs } = await createUndeclared(jwtOn('Local_App'));
      org.removeComponent(global, componentNamesOf('Local_App').globalSettings);
      await stage.host.delete(id, outs);
      const message = await failure(stage.host.update(id, outs, jwtOn('Local_App')));
      assert.match(
        message,
        /: the org lists ExtlClntAppGlobalOauthSettings for other apps but not for this one, so isNamedUserJwtEnabled cannot be set\. /,
      );
      assert.doesNotMatch(message, /package/);
    });

    it('does not stop a destroy from restoring the rest', async () => {
      putApp(org, 'Half_Gone', { policies: { namedUserJwtSessionTimeoutType: 'UserSession' } });
      const { id, outs } = await createUndeclared({ ...jwtOn('Half_Gone'), ...custom('Half_Gone') });
      org.removeComponent(global, componentNamesOf('Half_Gone').globalSettings);
      await stage.host.delete(id, outs);
      assert.deepEqual(settingsOf(org, 'Half_Gone'), { namedUserJwtSessionTimeoutType: 'UserSession' });
    });
  });

  describe('is found with few requests', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => `App_${index}`);
    const counts = (): Partial<Record<string, number>> =>
      Object.fromEntries(
        [...Map.groupBy(requestKinds(org), (kind) => kind)]
          .filter(([kind]) => ['retrieve', 'listMetadata', 'deploy'].includes(kind))
          .map(([kind, all]) => [kind, all.length]),
      );
    const putWithoutOauth = (app: string): void => {
      putApp(org, app);
      const names = componentNamesOf(app);
      org.removeComponent(global, names.globalSettings);
      org.removeComponent(policies, names.policies);
      org.removeComponent(oauthSettings, names.oauthSettings);
    };
    const createAll = async (): Promise<void> => {
      const alias = freshAlias();
      const results = await Promise.allSettled(
        twenty.map((app) => stage.host.create({ ...jwtOn(app), org: alias })),
      );
      assert.ok(results.every(({ status }) => status === 'rejected'));
    };

    it('20 apps without OAuth: one more retrieve and one round of lists', async () => {
      twenty.forEach(putWithoutOauth);
      await createAll();
      assert.deepEqual(counts(), { retrieve: 2, listMetadata: 2 });
    });

    it('20 missing apps: one list', async () => {
      await createAll();
      assert.deepEqual(counts(), { retrieve: 1, listMetadata: 1 });
    });

    it('in a preview too', async () => {
      const [without, missing] = [freshAlias(), freshAlias()];
      twenty.forEach(putWithoutOauth);
      await Promise.all(twenty.map((app) => preview(app, without)));
      assert.deepEqual(counts(), { retrieve: 2, listMetadata: 2 });
      restoreSnapshot(org, pristine);
      org.clearRequests();
      await Promise.all(twenty.map((app) => preview(app, missing)));
      assert.deepEqual(counts(), { retrieve: 1, listMetadata: 1 });
    });
  });
});
