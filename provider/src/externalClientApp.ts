import type { SessionTimeouts, TokenLifetime } from './policy/tokenLifetime.js';

/** An external client app in an org. */
export interface ExternalClientApp {
  /** The developer name; `ns__Name` for an installed app. */
  externalClientApplication: string;
  /** The label that Setup shows. */
  label: string | undefined;
  /** The namespace of the package that the app was installed from. */
  namespace: string | undefined;
  /** `Local`, `Packaged`, or another value of the org. */
  distributionState: string | undefined;
  /** Whether the app's OAuth plugin is on and the app has OAuth settings. Without OAuth it issues no tokens. */
  isOauthEnabled: boolean;
  /** Why {@link isOauthEnabled} is false. */
  oauthDisabledReason: string | undefined;
  /** The format of the access tokens that the app issues to named users; `unknown` if the org does not return it. */
  tokenFormat: 'jwt' | 'opaque' | 'unknown';
  /** Why the token format is `unknown`. */
  tokenFormatReason: string | undefined;
  /** `undefined` if the element or its component is absent, which the org treats as false. */
  isNamedUserJwtEnabled: boolean | undefined;
  /** `UserSession`, `Custom`, or another value of the org. */
  namedUserJwtSessionTimeoutType: string | undefined;
  /**
   * In minutes; an org may have other values than the allowed ones.
   *
   * @integer
   */
  namedUserJwtTimeout: number | undefined;
  /**
   * The effective lifetime of named users' access tokens. For JWT-based tokens it follows from the settings above and, with
   * `UserSession`, from the session settings of profiles and org; for opaque tokens from `sessionTimeoutInMinutes` and the session
   * settings. `undefined` without OAuth.
   */
  namedUserTokenLifetime: TokenLifetime | undefined;
  /** Whether the headless guest flow is on in the policies; `undefined` if the org has no policies of the app. */
  isGuestCodeCredFlowEnabled: boolean | undefined;
  /** As `namedUserJwtSessionTimeoutType`, for guest users of the headless guest flow. */
  guestJwtSessionTimeoutType: string | undefined;
  /**
   * As `namedUserJwtTimeout`, for guest users of the headless guest flow.
   *
   * @integer
   */
  guestJwtTimeout: number | undefined;
  /** As `namedUserTokenLifetime`, for guest users; `undefined` if they get no tokens. */
  guestTokenLifetime: TokenLifetime | undefined;
  /** Who may use the app: `AllSelfAuthorized`, `AdminApprovedPreAuthorized`, or another value of the org. */
  permittedUsersPolicyType: string | undefined;
  /** The lifetime policy of refresh tokens: `Infinite`, `SpecificLifetime`, `SpecificInactivity`, `Zero`, or another value of the org. */
  refreshTokenPolicyType: string | undefined;
  /**
   * In `refreshTokenValidityUnit`.
   *
   * @integer
   */
  refreshTokenValidityPeriod: number | undefined;
  /** `Days`, `Hours`, `Months`, or another value of the org. */
  refreshTokenValidityUnit: string | undefined;
  /** The full names of the app's components by component type. */
  components: Readonly<Record<string, string>>;
  /** When one of the app's components was last modified: ISO 8601; `undefined` if the org does not return it. */
  lastModifiedDate: string | undefined;
  /** The name of the user who modified it; `undefined` if the org does not return it. */
  lastModifiedBy: string | undefined;
  /** Why the values are missing although the app exists: two components of one type, a file that is not a component, or a component that the org did not return. */
  problem: string | undefined;
}

/** The result of `getExternalClientAppJwtPolicy`. */
export interface GetExternalClientAppJwtPolicyResult extends ExternalClientApp {
  /** The 18-character organization id. */
  orgId: string;
  /** The Metadata API version of the read, such as `66.0`. */
  apiVersion: string;
}

/** The result of `listExternalClientApps`. */
export interface ListExternalClientAppsResult {
  /** The 18-character organization id. */
  orgId: string;
  /** The Metadata API version of the read, such as `66.0`. */
  apiVersion: string;
  /** Every external client app of the org, sorted by name. */
  apps: ExternalClientApp[];
  /** The session timeouts of profiles and org. They apply to tokens whose lifetime the app does not set. */
  sessionTimeouts: SessionTimeouts;
}
