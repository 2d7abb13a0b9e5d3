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
  isNamedUserJwtEnabled: boolean;
  /** `UserSession` or `Custom`; anything but `Custom` means the org's session timeout. */
  namedUserJwtSessionTimeoutType: string | undefined;
  /** Minutes; counts only with `Custom`. */
  namedUserJwtTimeout: number | undefined;
  /** Minutes without use after which an opaque token ends; undefined or 0: the org's session timeout. */
  sessionTimeoutInMinutes: number | undefined;
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
  apps(): readonly IdentityApp[];
  /** The org's session timeout in minutes; Salesforce's default is 120. */
  readonly sessionTimeoutMinutes: number;
}
