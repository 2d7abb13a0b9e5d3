import assert from 'node:assert/strict';
import { ProviderError } from '../../../../../provider/src/errors.js';
import { absent } from '../../../../../provider/src/policy/fields.js';
import type { FieldValues } from '../../../../../provider/src/policy/fields.js';
import {
  assertChangeIsPossible,
  globalSettingsElsewhere,
  missingComponentError,
  missingComponentTypes,
  noOauthError,
} from '../../../../../provider/src/reconcile/plan/preconditions.js';
import type { ReconcileRequest } from '../../../../../provider/src/reconcile/request.js';
import { appComponents, request } from '../../support/reconcile.js';
import type { AppElements } from '../../support/reconcile.js';

const org = {
  label: '"uat"',
  organizationId: '00D000000000062EAA',
  apiVersion: 66,
};
const subject = 'External client app "portal" in org "uat" (00D000000000062EAA)';

interface Case {
  changes: FieldValues;
  elements?: AppElements;
  connection?: Partial<typeof org>;
  isSignInApp?: boolean;
  allow?: ReconcileRequest['allow'];
}

function assertPossible({ changes, elements, connection, isSignInApp = false, allow = [] }: Case): void {
  assertChangeIsPossible(
    request('portal', changes, { allow }),
    { ...org, ...connection },
    appComponents('portal', elements),
    changes,
    isSignInApp,
  );
}

function assertRefused(what: Case, message: string): void {
  assert.throws(
    () => {
      assertPossible(what);
    },
    (error) => {
      assert(error instanceof ProviderError);
      assert.equal(error.message, message);
      return true;
    },
  );
}

describe('assertChangeIsPossible', () => {
  it('allows a change of a plain app', () => {
    assertPossible({ changes: { isNamedUserJwtEnabled: true, namedUserJwtTimeout: 720 } });
  });

  describe('at the API version of the org', () => {
    const table: [number, FieldValues, string, number][] = [
      [
        64,
        { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 30 },
        'namedUserJwtSessionTimeoutType Custom',
        65,
      ],
      [62, { guestJwtTimeout: 60 }, 'guestJwtTimeout 60 minutes', 65],
    ];
    for (const [apiVersion, changes, what, since] of table) {
      it(`refuses ${what} at ${apiVersion}.0`, () => {
        assertRefused(
          { changes, connection: { apiVersion } },
          `[ECA2015] ${subject}: ${what} requires API version ${since}.0, but this run uses ${apiVersion}.0, the newest that both the ` +
            `org and this release support. Set salesforce:apiVersion to ${apiVersion}.0: the preview then shows what is allowed there, ` +
            'and before 65.0 a timeout needs no type. The org was not changed',
        );
      });
    }

    it('allows a value that becomes absent, and a short timeout', () => {
      assertPossible({
        changes: { namedUserJwtSessionTimeoutType: absent, namedUserJwtTimeout: 30 },
        connection: { apiVersion: 61 },
      });
    });
  });

  for (const [element, code, what] of [
    ['isEnabled', 'ECA3006', 'the app is disabled'],
    ['isOauthPluginEnabled', 'ECA3007', 'the OAuth plugin of the app is not enabled'],
  ] as const) {
    it(`names component and element when ${element} is false`, () => {
      assertRefused(
        {
          changes: { namedUserJwtTimeout: 30 },
          elements: { ExtlClntAppConfigurablePolicies: { [element]: 'false' } },
        },
        `[${code}] ${subject}: ${what} (${element} is false in ExtlClntAppConfigurablePolicies portal_plcy). Enable it in Setup, External ` +
          'Client App Manager, the app, Policies; then repeat the command. The org was not changed',
      );
    });
  }

  it('does not regard a missing plugin component as an obstacle', () => {
    const components = appComponents('portal');
    delete components.ExtlClntAppConfigurablePolicies;
    const changes = { namedUserJwtTimeout: 30 };
    assertChangeIsPossible(request('portal', changes), org, components, changes, false);
  });

  describe('guards', () => {
    const guestFlow = { ExtlClntAppOauthConfigurablePolicies: { isGuestCodeCredFlowEnabled: 'true' } };

    it('say the app, the guard, the reason and that nothing was changed', () => {
      assertRefused(
        { changes: { isNamedUserJwtEnabled: false }, elements: guestFlow },
        `[ECA4002] ${subject}: refused by the guard guestFlow: the app's guest flow (isGuestCodeCredFlowEnabled) is on and needs ` +
          'JWT-based access tokens. What an org does with guests when they are turned off is not documented. Turn the guest flow off ' +
          'first, or add "guestFlow" to allow. The org was not changed',
      );
    });

    const refused: [string, string, Case][] = [
      [
        'lockOut',
        'JWT on for the app of the sign-in',
        { changes: { isNamedUserJwtEnabled: true }, isSignInApp: true },
      ],
      [
        'guestFlow',
        'a token format that becomes absent',
        { changes: { isNamedUserJwtEnabled: absent }, elements: guestFlow },
      ],
      [
        'packagedApp',
        'JWT off for a packaged app',
        {
          changes: { isNamedUserJwtEnabled: false },
          elements: { ExternalClientApplication: { distributionState: ' Packaged ' } },
        },
      ],
      [
        'unreadCertificate',
        'the app of the sign-in without its certificate',
        {
          changes: { isNamedUserJwtEnabled: false },
          isSignInApp: true,
          elements: { ExtlClntAppGlobalOauthSettings: { certificate: '' } },
        },
      ],
    ];
    for (const [guard, what, refusal] of refused) {
      it(`${guard} refuses ${what}, unless it is allowed`, () => {
        assert.throws(
          () => {
            assertPossible(refusal);
          },
          { message: new RegExp(`refused by the guard ${guard}: `) },
        );
        assertPossible({ ...refusal, allow: [guard as ReconcileRequest['allow'][number]] });
      });
    }

    it('allow lifetimes of the app that the provider signs in with', () => {
      assertPossible({ changes: { namedUserJwtTimeout: 30 }, isSignInApp: true });
    });
  });
});

describe('missingComponentTypes', () => {
  it('are those that contain changed fields', () => {
    const components = appComponents('portal');
    delete components.ExtlClntAppGlobalOauthSettings;
    assert.deepEqual(missingComponentTypes(components, { isNamedUserJwtEnabled: true, guestJwtTimeout: 5 }), [
      'ExtlClntAppGlobalOauthSettings',
    ]);
    assert.deepEqual(missingComponentTypes(components, { guestJwtTimeout: 5 }), []);
  });
});

describe('a component that a change needs and that the app does not have', () => {
  const wanted = request('portal', { isNamedUserJwtEnabled: true });

  it('says that OAuth is not enabled when the app has no OAuth settings', () => {
    assert.equal(
      noOauthError(wanted, org).message,
      `[ECA3008] ${subject}: OAuth is not enabled: the org has no ExtlClntAppOauthSettings component for this app. Enable the OAuth plugin in ` +
        'Setup, External Client App Manager, the app, Settings; then repeat the command. The org was not changed',
    );
  });

  it('says that only the developer can set the token format of an installed app', () => {
    assert.equal(
      globalSettingsElsewhere(wanted, org).message,
      `[ECA3009] ${subject}: isNamedUserJwtEnabled cannot be set in this org: it has no ExtlClntAppGlobalOauthSettings component ` +
        'for this app, which is normal for an app that was installed from a package. Only the developer of the app can change it, in the org ' +
        'where the app was created. Leave isNamedUserJwtEnabled out and manage only the timeouts. The org was not changed',
    );
  });

  it('does not blame a package for the global settings of a local app', () => {
    assert.equal(
      missingComponentError(wanted, org, 'ExtlClntAppGlobalOauthSettings').message,
      `[ECA3011] ${subject}: the org lists ExtlClntAppGlobalOauthSettings for other apps but not for this one, so isNamedUserJwtEnabled cannot ` +
        "be set. Check the app's OAuth settings in Setup, External Client App Manager, the app, Settings. If they are " +
        'missing, enable the OAuth plugin again; then repeat the command. The org was not changed',
    );
  });

  it('explains how policies are created', () => {
    assert.equal(
      missingComponentError(wanted, org, 'ExtlClntAppOauthConfigurablePolicies').message,
      `[ECA3010] ${subject}: the org has no ExtlClntAppOauthConfigurablePolicies component for this app, so there are no policies to set yet. ` +
        "Open the app's Policies in Setup, External Client App Manager, and save them once; then repeat the command. The org was " +
        'not changed',
    );
  });
});
