import type { PreviewMode } from '../signIn/settingValues.js';

/** How to reach one org. Exactly one sign-in method must be fully configured. */
export interface OrgConfig {
  /** The address of the org (My Domain), such as `https://acme.my.salesforce.com`. */
  instanceUrl?: string;
  /** The address to sign in at. Default: `instanceUrl`. */
  loginUrl?: string;
  /** The consumer key of the app to sign in with. */
  clientId?: string;
  /** The user to sign in as, with `privateKey`. */
  username?: string;
  /**
   * An RSA private key of 2048 bits or more, without passphrase, in PEM form; or the path of its file.
   *
   * @secret
   */
  privateKey?: string;
  /** The audience of the JWT bearer assertion. The default depends on the kind of host. */
  audience?: string;
  /**
   * The consumer secret of the app to sign in with.
   *
   * @secret
   */
  clientSecret?: string;
  /**
   * An access token. It is not renewed when it expires.
   *
   * @secret
   */
  accessToken?: string;
  /**
   * An SFDX auth URL: `force://<clientId>:<clientSecret>:<refreshToken>@<host>`.
   *
   * @secret
   */
  sfdxAuthUrl?: string;
  /** The alias or username of an org that the Salesforce CLI (`sf`) is signed in to. */
  targetOrg?: string;
  /** The Metadata API version, `61.0` to `68.0`. Default: the newest that the org and this release know. */
  apiVersion?: string;
  /**
   * What a preview asks the org: `org` reads the org, `offline` sends no requests, `checkOnly` also lets the org validate each
   * change. Default: `org`.
   */
  preview?: PreviewMode;
  /** The limit of one wait for the org, in minutes above 0, separately for time in its queue and running time. Default: 30. */
  timeoutMinutes?: number;
}

/** One sign-in to an org, and further orgs by alias. */
export interface ProviderArgs extends OrgConfig {
  /**
   * Further orgs by alias, which resources and functions name as `org`.
   *
   * @secret
   */
  orgs?: Readonly<Record<string, OrgConfig>>;
}
