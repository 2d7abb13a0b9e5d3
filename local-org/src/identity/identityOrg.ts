/** A user of the org, as sign-in needs it. */
export interface IdentityUser {
  /** 18 characters. */
  userId: string;
  username: string;
  displayName: string;
  email: string;
}

/** An external client app as in the current components: a deploy affects the next token. */
export interface IdentityApp {
  /** Its label, or its name if it has none. */
  label: string;
  /** Whether the OAuth plugin is on and the app has OAuth settings. */
  oauthEnabled: boolean;
  consumerKey: string;
  /** Undefined if there is none: every grant that needs one is then refused. */
  consumerSecret: string | undefined;
  /** The element's text: PEM, or base64 of PEM or DER, with or without line breaks. Undefined: no JWT bearer sign-in. */
  certificate: string | undefined;
  /** Addresses that an authorization code may be sent to. */
  callbackUrls: readonly string[];
  /** Whether a code can be exchanged for a token without the secret. */
  isConsumerSecretOptional: boolean;
  isPkceRequired: boolean;
  isSecretRequiredForRefreshToken: boolean;
  isRefreshTokenRotationEnabled: boolean;
  /** Whether a refresh token ends after 30 days without use under every policy. */
  isEnforceRefreshTokenTTL: boolean;
  /** Whether the app may also introspect other apps' tokens. */
  isIntrospectAllTokens: boolean;
  isNamedUserJwtEnabled: boolean;
  /** `UserSession` or `Custom`; anything but `Custom` means the user's session timeout. */
  namedUserJwtSessionTimeoutType: string | undefined;
  /** Minutes; counts only with `Custom`. */
  namedUserJwtTimeout: number | undefined;
  /** Whether the authorization code and credentials flow is on in both settings and policies, in the latter for guests. */
  isGuestCodeCredFlowEnabled: boolean;
  /** As {@link namedUserJwtSessionTimeoutType}, for guests. */
  guestJwtSessionTimeoutType: string | undefined;
  /** Minutes; counts only with `Custom`. */
  guestJwtTimeout: number | undefined;
  /** Minutes without use after which an opaque token ends; undefined or 0: the user's session timeout. */
  sessionTimeoutInMinutes: number | undefined;
  /** `Infinite` (default), `Zero`, `SpecificLifetime` or `SpecificInactivity`. */
  refreshTokenPolicyType: string | undefined;
  refreshTokenValidityPeriod: number | undefined;
  /** `Hours`, `Days` or `Months`. */
  refreshTokenValidityUnit: string | undefined;
  isClientCredentialsFlowEnabled: boolean;
  /** Username or user id of the Run As user. */
  clientCredentialsFlowUser: string | undefined;
  /** OAuth names (`api`) or Metadata API names (`Api`). */
  scopes: readonly string[];
  /** `AdminApprovedPreAuthorized` (default) or `AllSelfAuthorized`. */
  permittedUsersPolicyType: string | undefined;
}

/** What identity needs from its org. */
export interface IdentityOrg {
  readonly name: string;
  /** `http://127.0.0.1:PORT`, no trailing slash. */
  readonly instanceUrl: string;
  /** 18 characters. */
  readonly organizationId: string;
  /** The org's clock, milliseconds since 1970, which decides when sessions and tokens end. */
  now(): number;
  /**
   * The clock of clients' assertions, milliseconds since 1970; default: {@link now}. A server whose own clock can be moved
   * passes the machine's clock: otherwise a client's next assertion would look expired after the org's clock was moved.
   */
  clientNow?(): number;
  users(): readonly IdentityUser[];
  /** The user that guests of the headless flow act as; not one of {@link users}. */
  readonly guestUser: IdentityUser;
  /** The app of a consumer key; undefined: no app with OAuth settings has it. */
  appWithKey(consumerKey: string): IdentityApp | undefined;
  /** The session timeout of a user in minutes: that of the profile, otherwise the org's. */
  sessionTimeoutMinutes(user: IdentityUser): number;
}
