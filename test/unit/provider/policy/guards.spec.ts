import assert from 'node:assert/strict';
import { guards, refusedBy } from '../../../../provider/src/policy/guards.js';
import type { Guard, GuardedChange } from '../../../../provider/src/policy/guards.js';

/** A change that no guard refuses: JWT on for another app than the provider's own, at an old version. */
const harmless: GuardedChange = {
  isNamedUserJwtEnabled: true,
  writesGlobalSettings: true,
  isSignInApp: false,
  apiVersion: 66,
  distributionState: 'Local',
  isGuestFlowEnabled: false,
  hasCertificate: true,
};

const refused: Record<Guard, { change: Partial<GuardedChange>; reason: string }> = {
  lockOut: {
    change: { isSignInApp: true },
    reason:
      'the provider itself signs in with this app. Below API version 68.0 the org refuses JWT-based access tokens over SOAP, which ' +
      'retrieve needs, so after this change the provider could no longer read the org (this run uses 66.0). Set ' +
      'salesforce:apiVersion to 68.0 or later if the org supports it, sign in with another app, or add "lockOut" to allow',
  },
  guestFlow: {
    change: { isNamedUserJwtEnabled: false, isGuestFlowEnabled: true },
    reason:
      "the app's guest flow (isGuestCodeCredFlowEnabled) is on and needs JWT-based access tokens. What an org does with guests when " +
      'they are turned off is not documented. Turn the guest flow off first, or add "guestFlow" to allow',
  },
  packagedApp: {
    change: { distributionState: 'Packaged' },
    reason:
      'the app is packaged (distributionState Packaged): a change of isNamedUserJwtEnabled affects every org that installed it ' +
      'within minutes. If that is intended, add "packagedApp" to allow',
  },
  unreadCertificate: {
    change: { isSignInApp: true, apiVersion: 68, hasCertificate: false },
    reason:
      'the provider itself signs in with this app, and the org did not return its certificate. Deploying the global OAuth settings ' +
      'without it may clear it and break this sign-in. Sign in with another app, or, if the app has no certificate, add ' +
      '"unreadCertificate" to allow',
  },
};

describe('refusedBy', () => {
  it('allows a harmless change', () => {
    assert.equal(refusedBy(harmless, []), undefined);
  });

  for (const guard of guards) {
    const { change, reason } = refused[guard];
    it(`refuses because of ${guard}, and says what can be done`, () => {
      assert.deepEqual(refusedBy({ ...harmless, ...change }, []), { guard, reason });
    });

    it(`allows the same change with ${guard} in allow`, () => {
      assert.equal(refusedBy({ ...harmless, ...change }, [guard]), undefined);
    });

    it(`refuses it with only guards other than ${guard} in allow`, () => {
      const others = guards.filter((other) => other !== guard);
      assert.equal(refusedBy({ ...harmless, ...change }, others)?.guard, guard);
    });
  }

  const harmlessVariants: [string, Partial<GuardedChange>][] = [
    ['JWT on for the own app at 68.0', { isSignInApp: true, apiVersion: 68 }],
    ['JWT on if it is unknown whether the app is the own one', { isSignInApp: undefined }],
    ['JWT off for the own app', { isSignInApp: true, isNamedUserJwtEnabled: false }],
    ['JWT on while the guest flow is on', { isGuestFlowEnabled: true }],
    [
      'only policies of a packaged app, with the guest flow on and without a certificate',
      {
        isNamedUserJwtEnabled: undefined,
        writesGlobalSettings: false,
        isSignInApp: true,
        distributionState: 'Packaged',
        isGuestFlowEnabled: true,
        hasCertificate: false,
      },
    ],
    ['another app without a certificate', { hasCertificate: false }],
    ['an app that is managed but not packaged', { distributionState: 'Managed' }],
    ['an app without a distribution state', { distributionState: undefined }],
  ];
  for (const [what, change] of harmlessVariants) {
    it(`allows ${what}`, () => {
      assert.equal(refusedBy({ ...harmless, ...change }, []), undefined);
    });
  }
});
