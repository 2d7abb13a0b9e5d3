/** Every {@link Guard}. */
export const guards = ['lockOut', 'guestFlow', 'packagedApp', 'unreadCertificate'] as const;

/**
 * The name of a guard that a program can pass in `allow`:
 *
 * - `lockOut`: JWT-based tokens on the app that the provider itself signs in with, at an API version where SOAP refuses them
 * - `guestFlow`: JWT-based tokens off while the app's guest flow is on
 * - `packagedApp`: a change of the token format of a packaged app, which affects every subscriber org
 * - `unreadCertificate`: writing the global OAuth settings of the app that the provider signs in with although the org did
 *   not return its certificate
 */
export type Guard = (typeof guards)[number];

/** The facts about an app and the sign-in that guards use, as found in the org. */
export interface GuardedChange {
  /** The token format that the change would set; `undefined` when it is not changed. */
  isNamedUserJwtEnabled: boolean | undefined;
  /** Whether the file of the global OAuth settings would be written. */
  writesGlobalSettings: boolean;
  /** Whether the provider signs in with this app; `undefined` if that is not known. */
  isSignInApp: boolean | undefined;
  /** The Metadata API version of the deploy. */
  apiVersion: number;
  /** `distributionState` of the app's header. */
  distributionState: string | undefined;
  /** Whether `isGuestCodeCredFlowEnabled` is on in the policies that would result. */
  isGuestFlowEnabled: boolean;
  /** Whether the retrieved global OAuth settings contain a `certificate`. */
  hasCertificate: boolean;
}

/** The first API version at which SOAP accepts JWT-based access tokens (jsforce#1817, SDR#1835). */
const firstSoapVersionForJwt = 68;

const refusals: Readonly<Record<Guard, (change: GuardedChange) => string | undefined>> = {
  lockOut: (change) =>
    change.isNamedUserJwtEnabled === true &&
    change.isSignInApp === true &&
    change.apiVersion < firstSoapVersionForJwt
      ? `the provider itself signs in with this app. Below API version ${firstSoapVersionForJwt}.0 the org refuses JWT-based ` +
        `access tokens over SOAP, which retrieve needs, so after this change the provider could no longer read the org ` +
        `(this run uses ${change.apiVersion}.0). Set salesforce:apiVersion to ${firstSoapVersionForJwt}.0 or later if the org ` +
        `supports it, sign in with another app, or add "lockOut" to allow`
      : undefined,
  guestFlow: (change) =>
    change.isNamedUserJwtEnabled === false && change.isGuestFlowEnabled
      ? `the app's guest flow (isGuestCodeCredFlowEnabled) is on and needs JWT-based access tokens. What an org does with ` +
        `guests when they are turned off is not documented. Turn the guest flow off first, or add "guestFlow" to allow`
      : undefined,
  packagedApp: (change) =>
    change.isNamedUserJwtEnabled !== undefined && change.distributionState === 'Packaged'
      ? `the app is packaged (distributionState Packaged): a change of isNamedUserJwtEnabled affects every org that ` +
        `installed it within minutes. If that is intended, add "packagedApp" to allow`
      : undefined,
  unreadCertificate: (change) =>
    change.writesGlobalSettings && change.isSignInApp === true && !change.hasCertificate
      ? `the provider itself signs in with this app, and the org did not return its certificate. Deploying the global OAuth ` +
        `settings without it may clear it and break this sign-in. Sign in with another app, or, if the app has no ` +
        `certificate, add "unreadCertificate" to allow`
      : undefined,
};

/** A guard that refuses a change. */
export interface GuardRefusal {
  guard: Guard;
  /** What would happen and what to do; without a full stop. */
  reason: string;
}

/**
 * The first guard that refuses a change.
 *
 * @returns `undefined` if the change is allowed
 */
export function refusedBy(change: GuardedChange, allow: readonly Guard[]): GuardRefusal | undefined {
  for (const guard of guards) {
    const reason = allow.includes(guard) ? undefined : refusals[guard](change);
    if (reason !== undefined) {
      return { guard, reason };
    }
  }
  return undefined;
}
