/** A user of the org, as far as sign-in needs to know one. */
export interface IdentityUser {
  /** 18 characters. */
  userId: string;
  username: string;
  displayName: string;
  email: string;
}

/** An external client app as the org's components describe it now: a deploy changes the next token. */
export interface IdentityApp {
  /** What people call it; where it has no label, its name. */
  label: string;
  /** Whether the OAuth plugin is on and the app has OAuth settings. */
  oauthEnabled: boolean;
  consumerKey: string;
  /** Undefined: the org knows no secret, and every grant that needs one is refused. */
  consumerSecret: string | undefined;
  /** The element's text: PEM, or base64 of PEM or DER, line breaks allowed. Undefined: no JWT bearer sign-in. */
  certificate: string | undefined;
  /** Addresses that an authorization code may be sent to. */
  callbackUrls: readonly string[];
  /** Whether a code is exchanged for a token without the secret too. */
  isConsumerSecretOptional: boolean;
  isPkceRequired: boolean;
  isSecretRequiredForRefreshToken: boolean;
  isRefreshTokenRotationEnabled: boolean;
  /** Whether a refresh token ends after 30 days without use, whatever the policy. */
  isEnforceRefreshTokenTTL: boolean;
  /** Whether the app may introspect other apps' tokens too. */
  isIntrospectAllTokens: boolean;
  isNamedUserJwtEnabled: boolean;
  /** `UserSession` or `Custom`; anything but `Custom` means the user's session timeout. */
  namedUserJwtSessionTimeoutType: string | undefined;
  /** Minutes; counts only with `Custom`. */
  namedUserJwtTimeout: number | undefined;
  /** Whether both the settings and the policies have the authorization code and credentials flow on, the latter for guests. */
  isGuestCodeCredFlowEnabled: boolean;
  /** As {@link namedUserJwtSessionTimeoutType}, for guests. */
  guestJwtSessionTimeoutType: string | undefined;
  /** Minutes; counts only with `Custom`. */
  guestJwtTimeout: number | undefined;
  /** Minutes without use after which an opaque token ends; undefined or 0: the user's session timeout. */
  sessionTimeoutInMinutes: number | undefined;
  /** `Infinite`, `Zero`, `SpecificLifetime` or `SpecificInactivity`; undefined is taken as the first. */
  refreshTokenPolicyType: string | undefined;
  refreshTokenValidityPeriod: number | undefined;
  /** `Hours`, `Days` or `Months`. */
  refreshTokenValidityUnit: string | undefined;
  isClientCredentialsFlowEnabled: boolean;
  /** Username or user id of the Run As user. */
  clientCredentialsFlowUser: string | undefined;
  /** OAuth names (`api`) or Metadata API names (`Api`). */
  scopes: readonly string[];
  /** `AdminApprovedPreAuthorized` or `AllSelfAuthorized`; undefined is taken as the former. */
  permittedUsersPolicyType: string | undefined;
}

/** What identity needs of the org it belongs to. */
export interface IdentityOrg {
  readonly name: string;
  /** `http://127.0.0.1:PORT`, no trailing slash. */
  readonly instanceUrl: string;
  /** 18 characters. */
  readonly organizationId: string;
  /** The org's clock, milliseconds since 1970: sessions and tokens live by it. */
  now(): number;
  /**
   * The clock that clients stamp assertions with, milliseconds since 1970; default: {@link now}. A server whose own clock can be moved
   * gives the machine's clock here: otherwise moving the org's clock would make every client's next assertion look expired.
   */
  clientNow?(): number;
  users(): readonly IdentityUser[];
  /** The user that guests of the headless flow act as; not one of {@link users}. */
  readonly guestUser: IdentityUser;
  /** The app of a consumer key; undefined: no app with OAuth settings has it. */
  appWithKey(consumerKey: string): IdentityApp | undefined;
  /** The session timeout of a user in minutes: that of the profile, else the org's. */
  sessionTimeoutMinutes(user: IdentityUser): number;
}
