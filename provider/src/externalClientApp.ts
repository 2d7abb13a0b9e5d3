import type { SessionTimeouts, TokenLifetime } from './policy/tokenLifetime.js';

/** An external client app as an org holds it. */
export interface ExternalClientApp {
  /** The developer name; `ns__Name` for an installed app. */
  externalClientApplication: string;
  /** The label that Setup shows. */
  label: string | undefined;
  /** The namespace of the package that the app was installed from. */
  namespace: string | undefined;
  /** `Local`, `Packaged`, or what else the org says. */
  distributionState: string | undefined;
  /** Whether the app's OAuth plugin is on and the app has OAuth settings: without OAuth it issues no tokens. */
  isOauthEnabled: boolean;
  /** Why {@link isOauthEnabled} is false. */
  oauthDisabledReason: string | undefined;
  /** The format of the access tokens that the app issues to named users; `unknown` where the org does not show it. */
  tokenFormat: 'jwt' | 'opaque' | 'unknown';
  /** Why the token format is `unknown`. */
  tokenFormatReason: string | undefined;
  /** `undefined` where the element or its component is absent, which the org takes as false. */
  isNamedUserJwtEnabled: boolean | undefined;
  /** `UserSession`, `Custom`, or what else the org holds. */
  namedUserJwtSessionTimeoutType: string | undefined;
  /**
   * In minutes; an org may hold others than the allowed ones.
   *
   * @integer
   */
  namedUserJwtTimeout: number | undefined;
  /**
   * How long named users' access tokens live, as it takes effect: of JWT-based ones from the settings above and, with `UserSession`,
   * from the session settings of profiles and org, of opaque ones from `sessionTimeoutInMinutes` and those; `undefined` without OAuth.
   */
  namedUserTokenLifetime: TokenLifetime | undefined;
  /** Whether the headless guest flow is on in the policies; `undefined` where the org has no policies of the app. */
  isGuestCodeCredFlowEnabled: boolean | undefined;
  /** As `namedUserJwtSessionTimeoutType`, for guest users of the headless guest flow. */
  guestJwtSessionTimeoutType: string | undefined;
  /**
   * As `namedUserJwtTimeout`, for guest users of the headless guest flow.
   *
   * @integer
   */
  guestJwtTimeout: number | undefined;
  /** As `namedUserTokenLifetime`, for guest users; `undefined` where they get no tokens. */
  guestTokenLifetime: TokenLifetime | undefined;
  /** Who may use the app: `AllSelfAuthorized`, `AdminApprovedPreAuthorized`, or what else the org holds. */
  permittedUsersPolicyType: string | undefined;
  /** How long refresh tokens live: `Infinite`, `SpecificLifetime`, `SpecificInactivity`, `Zero`, or what else the org holds. */
  refreshTokenPolicyType: string | undefined;
  /**
   * In `refreshTokenValidityUnit`.
   *
   * @integer
   */
  refreshTokenValidityPeriod: number | undefined;
  /** `Days`, `Hours`, `Months`, or what else the org holds. */
  refreshTokenValidityUnit: string | undefined;
  /** The full names of the app's components by component type. */
  components: Readonly<Record<string, string>>;
  /** When one of the app's components was last modified: ISO 8601; `undefined` where the org does not tell. */
  lastModifiedDate: string | undefined;
  /** The name of the user who did; `undefined` where the org does not tell. */
  lastModifiedBy: string | undefined;
  /** Why the values are missing although the app is there: two components of one type, a file that is no component, or one that the org did not return. */
  problem: string | undefined;
}

/** What `getExternalClientAppJwtPolicy` answers. */
export interface GetExternalClientAppJwtPolicyResult extends ExternalClientApp {
  /** The 18-character organization id. */
  orgId: string;
  /** The Metadata API version of the read, such as `66.0`. */
  apiVersion: string;
}

/** What `listExternalClientApps` answers. */
export interface ListExternalClientAppsResult {
  /** The 18-character organization id. */
  orgId: string;
  /** The Metadata API version of the read, such as `66.0`. */
  apiVersion: string;
  /** Every external client app of the org, sorted by name. */
  apps: ExternalClientApp[];
  /** The session timeouts of profiles and org, which tokens follow whose lifetime the app does not set. */
  sessionTimeouts: SessionTimeouts;
}
