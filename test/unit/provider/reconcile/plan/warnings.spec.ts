import assert from 'node:assert/strict';
import { formatMessage } from '../../../../../provider/src/errors.js';
import type { MessageParts } from '../../../../../provider/src/errors.js';
import { absent } from '../../../../../provider/src/policy/fields.js';
import type { FieldValues } from '../../../../../provider/src/policy/fields.js';
import type { ReconcileRequest } from '../../../../../provider/src/reconcile/request.js';
import { Snapshot } from '../../../../../provider/src/reconcile/snapshot/snapshot.js';
import { tokenFormatNotice, warningsFor } from '../../../../../provider/src/reconcile/plan/warnings.js';
import { appComponents, component, request } from '../../support/reconcile.js';
import type { AppElements } from '../../support/reconcile.js';

const org = {
  label: '"uat"',
  organizationId: '00D000000000062EAA',
  apiVersion: 66,
};

describe('warningsFor', () => {
  const notice = formatMessage(tokenFormatNotice);
  const snapshot = new Snapshot([]).withAnswer('ownNamespace', { value: 'shopns' });
  const textsOf = (warnings: readonly MessageParts[]): string[] => warnings.map(formatMessage);
  const warnings = (changes: FieldValues, elements?: AppElements, app = 'portal') =>
    textsOf(warningsFor(request(app, changes), snapshot, org, appComponents(app, elements), changes, false));
  const guestFlowIsOff =
    '[ECA3103] guest timeouts have no effect yet: the guest flow is off for this app (isGuestCodeCredFlowEnabled in its policies).';

  it('are none for a change of a plain app', () => {
    assert.deepEqual(warnings({ isNamedUserJwtEnabled: false }), []);
  });

  it('explain JWT-based access tokens when they are turned on', () => {
    assert.deepEqual(warnings({ isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 }), [notice]);
  });

  for (const changes of [
    { guestJwtTimeout: 5 },
    { guestJwtSessionTimeoutType: 'UserSession' },
  ] as FieldValues[]) {
    it(`say that ${Object.keys(changes).join('')} has no effect without the guest flow`, () => {
      assert.deepEqual(warnings(changes), [guestFlowIsOff]);
    });
  }

  it('do not mention the guest flow if it is on, or if guest timeouts are removed', () => {
    const isOn = { ExtlClntAppOauthConfigurablePolicies: { isGuestCodeCredFlowEnabled: 'true' } };
    assert.deepEqual(warnings({ guestJwtTimeout: 5 }, isOn), []);
    assert.deepEqual(warnings({ guestJwtTimeout: absent, guestJwtSessionTimeoutType: absent }), []);
    assert.deepEqual(
      warnings({ guestJwtTimeout: absent, guestJwtSessionTimeoutType: absent }, {}, 'acme__Ledger'),
      [],
    );
  });

  it('say that the certificate was not returned', () => {
    const components = appComponents('portal');
    components.ExtlClntAppGlobalOauthSettings = component(
      'ExtlClntAppGlobalOauthSettings',
      'portal_glbloauth',
      { externalClientApplication: 'portal', isNamedUserJwtEnabled: 'false' },
    );
    const changes = { isNamedUserJwtEnabled: false };
    assert.deepEqual(
      textsOf(warningsFor(request('portal', changes), snapshot, org, components, changes, false)),
      [
        '[ECA3105] the org returned no certificate with the global OAuth settings. Some orgs never return it: if clients of the app sign in with a ' +
          'certificate (JWT bearer), check that they still can after this change.',
      ],
    );
  });

  describe('of lifetimes of an installed app whose token format is not managed', () => {
    const changes = { namedUserJwtTimeout: 30 };
    const installed =
      '[ECA3102] the app is installed from a package, so its lifetimes apply only if its developer has turned on JWT-based access ' +
      'tokens. ';
    const ofLedger = (seen: Snapshot, elements?: AppElements, asked: Partial<ReconcileRequest> = {}) => {
      const components = appComponents('acme__Ledger', elements);
      if (elements === undefined) {
        delete components.ExtlClntAppGlobalOauthSettings;
      }
      return textsOf(
        warningsFor(request('acme__Ledger', changes, asked), seen, org, components, changes, false),
      );
    };
    const read = new Snapshot([], undefined, ['ExtlClntAppGlobalOauthSettings']).withAnswer('ownNamespace', {
      value: undefined,
    });

    it('say that the run did not read the setting if it asked for none', () => {
      assert.deepEqual(ofLedger(snapshot), [
        installed +
          'This run did not read that setting: run pulumi-salesforce-eca audit, which shows it if the org returns it.',
      ]);
    });

    it('say that the org did not return the setting if it was asked for', () => {
      assert.deepEqual(ofLedger(read), [
        `${installed}The org does not return that setting: ask the developer.`,
      ]);
    });

    it('are none if the org returned that the app issues JSON Web Tokens', () => {
      assert.deepEqual(
        ofLedger(read, { ExtlClntAppGlobalOauthSettings: { isNamedUserJwtEnabled: 'true' } }),
        [],
      );
    });

    it('say that the lifetime has no effect if the org returned that the app issues opaque access tokens', () => {
      assert.match(ofLedger(read, {}).join(), /^\[ECA3107\] .* the app issues opaque access tokens/);
    });

    it('are none when the original values are restored', () => {
      assert.deepEqual(ofLedger(snapshot, undefined, { isRestore: true }), []);
      assert.deepEqual(ofLedger(read, {}, { isRestore: true }), []);
    });
  });

  it('say that a lifetime for named users has no effect while the app issues opaque access tokens', () => {
    for (const app of ['portal', 'shopns__Ledger']) {
      assert.deepEqual(warnings({ namedUserJwtTimeout: 30 }, {}, app), [
        '[ECA3107] the lifetime for named users has no effect yet: the app issues opaque access tokens (isNamedUserJwtEnabled is not true in ' +
          'its global OAuth settings).',
      ]);
    }
  });

  it('do not mention a lifetime if the app issues JSON Web Tokens, or if the format was not read', () => {
    const isOn = { ExtlClntAppGlobalOauthSettings: { isNamedUserJwtEnabled: 'true' } };
    const changes = { namedUserJwtTimeout: 30 };
    assert.deepEqual(warnings(changes, isOn), []);
    const others = appComponents('portal');
    delete others.ExtlClntAppGlobalOauthSettings;
    assert.deepEqual(warningsFor(request('portal', changes), snapshot, org, others, changes, false), []);
  });

  it('do not mention a certificate if the org returns those of other apps', () => {
    const { ExtlClntAppGlobalOauthSettings: globalSettings, ...others } = appComponents('portal');
    const without = component('ExtlClntAppGlobalOauthSettings', 'portal_glbloauth', {
      externalClientApplication: 'portal',
      isNamedUserJwtEnabled: 'true',
    });
    const changes = { isNamedUserJwtEnabled: false };
    const shown = new Snapshot([without, globalSettings!]);
    const components = { ...others, ExtlClntAppGlobalOauthSettings: without };
    assert.deepEqual(warningsFor(request('portal', changes), shown, org, components, changes, false), []);
  });

  describe('if it is unknown which app the access token was issued to', () => {
    const changes = { isNamedUserJwtEnabled: true };
    const warningsAt = (apiVersion: number, allow: ReconcileRequest['allow'] = []): string[] =>
      textsOf(
        warningsFor(
          request('portal', changes, { allow }),
          snapshot,
          { ...org, apiVersion },
          appComponents('portal'),
          changes,
          undefined,
        ),
      );

    it('explain the lock-out', () => {
      const [first, warning, ...others] = warningsAt(67);
      assert.equal(first, notice);
      assert.match(
        warning ?? '',
        /^\[ECA4005\] neither the access token nor the org shows which app the token was issued to\. If it was this app, do not continue \(guard lockOut\): the provider itself signs in with this app\. .*Set salesforce:apiVersion /,
      );
      assert.deepEqual(others, []);
    });

    it('say nothing at 68.0, where SOAP accepts JWT-based tokens, or if the guard is allowed', () => {
      assert.deepEqual(warningsAt(68), [notice]);
      assert.deepEqual(warningsAt(67, ['lockOut']), [notice]);
    });
  });
});
