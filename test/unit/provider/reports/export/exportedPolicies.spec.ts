import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  declarableSettings,
  exportPolicies,
} from '../../../../../provider/src/reports/export/exportedPolicies.js';
import { difference, fieldsOf, wantedValues } from '../../../../../provider/src/policy/difference.js';
import { absent, type FieldValues } from '../../../../../provider/src/policy/fields.js';
import { validateSettings } from '../../../../../provider/src/policy/validation.js';
import { describeApps } from '../../../../../provider/src/reconcile/apps/describeApps.js';
import {
  appComponents,
  component,
  shown,
  unknownTimeouts,
  type AppElements,
} from '../../support/reconcile.js';

const organizationId = '00D000000000062EAA';

describe('the settings that an export declares', () => {
  const cases: [
    what: string,
    held: FieldValues,
    settings: FieldValues,
    remarks: string[],
    version?: number,
  ][] = [
    [
      'a token format that is absent is the default',
      { isNamedUserJwtEnabled: absent },
      { isNamedUserJwtEnabled: false },
      [],
    ],
    [
      'a whole set',
      {
        isNamedUserJwtEnabled: true,
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 30,
        guestJwtSessionTimeoutType: 'UserSession',
        guestJwtTimeout: absent,
      },
      {
        isNamedUserJwtEnabled: true,
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 30,
        guestJwtSessionTimeoutType: 'UserSession',
      },
      [],
    ],
    [
      'lifetimes that are there although the token format is off',
      { isNamedUserJwtEnabled: false, namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 1 },
      { isNamedUserJwtEnabled: false },
      [
        'namedUserJwtSessionTimeoutType Custom and namedUserJwtTimeout 1 minute has no effect while isNamedUserJwtEnabled is false, ' +
          'and may not be declared together with it',
      ],
    ],
    [
      'elements that are there and hold nothing',
      { isNamedUserJwtEnabled: '', namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: '' },
      {},
      [
        'isNamedUserJwtEnabled is (empty), which is not an allowed value',
        'namedUserJwtSessionTimeoutType Custom and namedUserJwtTimeout (empty) is not a namedUserJwtTimeout that an org accepts',
      ],
    ],
    [
      'Custom without a timeout',
      { isNamedUserJwtEnabled: true, guestJwtSessionTimeoutType: 'Custom' },
      { isNamedUserJwtEnabled: true },
      ['guestJwtSessionTimeoutType Custom is set without guestJwtTimeout, which it requires'],
    ],
    [
      'UserSession beside a timeout',
      { namedUserJwtSessionTimeoutType: 'UserSession', namedUserJwtTimeout: 15 },
      {},
      [
        'namedUserJwtSessionTimeoutType UserSession and namedUserJwtTimeout 15 minutes contradict each other: declaring them would ' +
          'remove the timeout',
      ],
    ],
    [
      'a timeout without its type',
      { namedUserJwtTimeout: 15 },
      {},
      [
        'namedUserJwtTimeout 15 minutes is set without namedUserJwtSessionTimeoutType: it has no effect as of API ' +
          'version 65.0, and declaring it would set Custom',
      ],
    ],
    [
      'a timeout where there are no types yet',
      { namedUserJwtTimeout: 15 },
      { namedUserJwtTimeout: 15 },
      [],
      62,
    ],
    [
      'a timeout that is newer than the API version',
      { namedUserJwtTimeout: 720 },
      {},
      ['namedUserJwtTimeout 720 minutes requires API version 65.0'],
      62,
    ],
    [
      'values that are none',
      {
        isNamedUserJwtEnabled: 'perhaps',
        namedUserJwtSessionTimeoutType: 'Eternal\u2028*/',
        namedUserJwtTimeout: 45,
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: 45,
      },
      {},
      [
        'isNamedUserJwtEnabled is perhaps, which is not an allowed value',
        'namedUserJwtSessionTimeoutType Eternal\\u2028*/ and namedUserJwtTimeout 45 minutes is not a namedUserJwtSessionTimeoutType ' +
          'that this release supports',
        'guestJwtSessionTimeoutType Custom and guestJwtTimeout 45 minutes is not a guestJwtTimeout that an org accepts',
      ],
    ],
  ];
  for (const [what, held, settings, remarks, version = 68] of cases) {
    it(what, () => {
      assert.deepEqual(declarableSettings({ isInstalled: false, settings: held }, version), {
        settings,
        remarks,
      });
    });
  }

  it('of an installed app never include the token format, which only its developer can change', () => {
    const held: FieldValues = {
      isNamedUserJwtEnabled: true,
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: 30,
    };
    const { settings } = declarableSettings({ isInstalled: true, settings: held }, 68);
    assert.deepEqual(settings, { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 30 });
  });

  it('are accepted by check and change nothing, for any settings of an org', () => {
    const value = fc.constantFrom<(boolean | number | string | undefined)[]>(
      undefined,
      absent,
      true,
      false,
      'UserSession',
      'Custom',
      1,
      30,
      45,
      720,
      'x',
    );
    const held = fc.record({
      isNamedUserJwtEnabled: value,
      namedUserJwtSessionTimeoutType: value,
      namedUserJwtTimeout: value,
      guestJwtSessionTimeoutType: value,
      guestJwtTimeout: value,
    });
    fc.assert(
      fc.property(held, fc.constantFrom(61, 64, 65, 68), fc.boolean(), (values, apiVersion, isInstalled) => {
        const live = Object.fromEntries(
          Object.entries(values).flatMap(([field, each]) => (each === undefined ? [] : [[field, each]])),
        ) as FieldValues;
        const app = { isInstalled, settings: live };
        const { settings } = declarableSettings(app, apiVersion);
        if (fieldsOf(settings).length > 0) {
          const checked = validateSettings(settings, apiVersion);
          assert.deepEqual(checked.failures, []);
          assert.deepEqual(checked.settings, settings, 'check completes nothing');
        }
        assert.deepEqual(difference(wantedValues(settings), live), {});
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the resources of an export', () => {
  const app = (name: string, elements: AppElements = {}): ReturnType<typeof component>[] => [
    ...Object.values(appComponents(name, elements)),
    component('ExtlClntAppOauthSettings', `${name}_oauth`, { externalClientApplication: name }),
  ];
  const exported = (...components: ReturnType<typeof component>[][]): ReturnType<typeof exportPolicies> =>
    exportPolicies({
      organizationId,
      apiVersion: 68,
      apps: describeApps(shown(components.flat()), {
        apiVersion: 68,
        ownNamespace: undefined,
        sessionTimeouts: unknownTimeouts,
      }),
    });

  it('list what they manage, and contain what creating them would write to the state', () => {
    const { policies, leftOut } = exported(
      app('portal', {
        ExtlClntAppGlobalOauthSettings: { isNamedUserJwtEnabled: 'true' },
        ExtlClntAppOauthConfigurablePolicies: { namedUserJwtSessionTimeoutType: 'UserSession' },
      }),
    );
    assert.deepEqual(leftOut, []);
    assert.deepEqual(policies, [
      {
        resourceName: 'portal',
        id: `${organizationId}/portal`,
        inputs: {
          app: 'portal',
          org: undefined,
          settings: { isNamedUserJwtEnabled: true, namedUserJwtSessionTimeoutType: 'UserSession' },
          allow: [],
        },
        observed: {
          live: {
            isNamedUserJwtEnabled: true,
            namedUserJwtSessionTimeoutType: 'UserSession',
            namedUserJwtTimeout: 'absent',
          },
          names: {
            ExternalClientApplication: 'portal',
            ExtlClntAppConfigurablePolicies: 'portal_plcy',
            ExtlClntAppGlobalOauthSettings: 'portal_glbloauth',
            ExtlClntAppOauthConfigurablePolicies: 'portal_oauthPlcy',
          },
          tokenFormat: 'jwt',
        },
        remarks: [],
      },
    ]);
  });

  it('leave out apps without OAuth, without a value or with a problem, and say why', () => {
    const doubled = app('doubled');
    const { policies, leftOut } = exported(
      app('off', { ExtlClntAppConfigurablePolicies: { isOauthPluginEnabled: 'false' } }),
      [
        ...doubled,
        component('ExtlClntAppOauthConfigurablePolicies', 'second', { externalClientApplication: 'doubled' }),
      ],
      [
        component('ExternalClientApplication', 'acme__Empty', {}, 'acme'),
        component(
          'ExtlClntAppOauthConfigurablePolicies',
          'acme__Empty_p',
          { externalClientApplication: 'Empty' },
          'acme',
        ),
      ],
    );
    assert.deepEqual(policies, []);
    assert.deepEqual(leftOut, [
      { app: 'acme__Empty', reason: 'the org has no value that a resource could declare' },
      {
        app: 'doubled',
        reason:
          'the org has 2 components of type ExtlClntAppOauthConfigurablePolicies of this app: doubled_oauthPlcy, second',
      },
      {
        app: 'off',
        reason:
          'OAuth is not enabled: isOauthPluginEnabled is false in ExtlClntAppConfigurablePolicies off_plcy',
      },
    ]);
  });
});
