import type { ErrorCode } from '../errorCodes.js';
import type { SignInWay } from './signInWays.js';

/** The sign-in methods that use an org's token endpoint. */
export type TokenGrant = 'jwtBearer' | 'clientCredentials' | 'sfdxAuthUrl';

/** What to do about a refusal. */
export interface Advice {
  code: ErrorCode;
  /** Matched against the error code and description together. */
  pattern: RegExp;
  advice: string;
}

/**
 * A refusal of any request, including the sign-in: `TotalRequests Limit exceeded.` for the 24-hour limit (SalesforceLabs/OrgCheck#181, at
 * the token endpoint in the tests of airbyte's connector), other messages for other limits (salto-io/salto#3056).
 */
export const requestLimitReached: Advice = {
  code: 'ECA5014',
  pattern: /REQUEST_LIMIT_EXCEEDED/,
  advice:
    'The org has reached an API request limit. TotalRequests is the 24-hour limit (Setup, Company Information): wait until ' +
    'requests are available again. For any other limit, repeat the command in a few minutes',
};

/** Causes of refused sign-ins and what to do. The wording of the refusals comes from reports of single projects, so nothing here is certain. */
const knownRefusals: readonly Advice[] = [
  {
    code: 'ECA1201',
    pattern: /hasn.t approved this consumer/i,
    advice:
      'This user has not approved the app and is not pre-authorised. In the app’s policies, set Permitted Users to ' +
      'admin-approved users and select a permission set or profile of this user, or let the user approve the app once in a ' +
      'browser. Also check that the username belongs to this org',
  },
  {
    code: 'ECA1202',
    pattern: /invalid_app_access|not admin approved/i,
    advice:
      'The user (the Run As user for client credentials) does not have a permission set or profile that the app’s policies ' +
      'name. Assign it to the user; naming it in the policies is not enough',
  },
  {
    code: 'ECA1203',
    pattern: /app_not_found|OAUTH_EC_APP_NOT_FOUND|not installed in this org/i,
    advice:
      'The app was not found in this org. Sign in at the org’s My Domain address, not at login.salesforce.com or ' +
      'test.salesforce.com. Check that it is the right org (a refreshed sandbox has lost its local apps). If the app comes ' +
      'from a package, install the package. A new app can take up to 30 minutes to become available',
  },
  {
    code: 'ECA1204',
    pattern: /invalid_client_id|client identifier invalid/i,
    advice:
      'The consumer key is wrong or belongs to another org (a refreshed sandbox has lost its local apps and their keys). ' +
      'Copy the key from this org. A new key can take up to 30 minutes to become available',
  },
  {
    code: 'ECA1205',
    pattern: /audience is invalid/i,
    advice:
      'This host does not accept the assertion’s audience. Set salesforce:audience to https://login.salesforce.com, or for a ' +
      'sandbox or scratch org to https://test.salesforce.com',
  },
  {
    code: 'ECA1206',
    pattern: /invalid assertion/i,
    advice:
      'The private key does not match the app’s certificate, or a deploy cleared the certificate. Upload the certificate ' +
      'again',
  },
  {
    code: 'ECA1207',
    pattern: /expired authorization code/i,
    advice:
      'The org considers the assertion expired, or its expiry too far in the future. The provider’s assertions expire after ' +
      'a few minutes, so check this machine’s clock',
  },
  {
    code: 'ECA1208',
    pattern: /no client credentials user/i,
    advice:
      'The app has no Run As user, or its client credentials flow is off. Set both in the app’s policies; an API-only user ' +
      'is enough',
  },
  {
    code: 'ECA1209',
    pattern: /expired access\/refresh token/i,
    advice:
      'The refresh token has expired or was revoked, or the app rotates refresh tokens. Then each is valid for one sign-in, ' +
      'and pulumi up signs in twice, for its preview and for the update. Sign in again with the Salesforce CLI, set ' +
      'salesforce:sfdxAuthUrl to the output of sf org auth show-sfdx-auth-url and, for such an app, run pulumi up ' +
      '--skip-preview. Or use another sign-in method',
  },
  {
    code: 'ECA1210',
    pattern: /not supported on this domain/i,
    advice: 'This flow works only at the org’s My Domain address. Set salesforce:loginUrl to it',
  },
  {
    code: 'ECA1211',
    pattern: /must be installed into org/i,
    advice:
      'The org blocks apps that are not installed (API Access Control). Install or approve the app in Setup',
  },
  {
    code: 'ECA1212',
    pattern: /OAUTH_APP_ACCESS_DENIED|OAUTH_AUTHORIZATION_BLOCKED|inactive/i,
    advice:
      'A policy of the org, or the status of the user or the org, does not allow the sign-in. Ask an administrator of the org',
  },
  {
    code: 'ECA1213',
    pattern: /invalid_scope/i,
    advice:
      'The app lacks a scope. Add the scope api to its OAuth settings. If the org asks for the scope web: it is for user ' +
      'interface sessions, which the provider does not need',
  },
  {
    code: 'ECA1214',
    pattern: /ip restricted/i,
    advice:
      'The org does not allow this user to sign in from the IP address of this machine. Add the address to the login IP ' +
      'ranges of the user’s profile, or relax the IP restrictions in the app’s policies',
  },
  {
    code: 'ECA1215',
    pattern: /login rate exceeded/i,
    advice: 'This user has signed in too often. Wait a few minutes, then repeat the command',
  },
  requestLimitReached,
  {
    code: 'ECA1216',
    pattern: /invalid_client|invalid client credentials/i,
    advice: "The consumer key and secret do not match, or the app's OAuth plugin is off. Copy both again",
  },
];

const newSessionRefused = {
  code: 'ECA1302',
  advice:
    'Signing in again did not help. Check what the org allows this user and app (API Enabled, IP ranges, session ' +
    'policies), then repeat the command',
} as const;

/** What to do when the org refuses the session of a sign-in that succeeded. */
export const adviceForRefusedSession: Readonly<Record<SignInWay['kind'], Omit<Advice, 'pattern'>>> = {
  accessToken: {
    code: 'ECA1301',
    advice:
      'The access token has expired, was revoked, or belongs to another org than the one at the address. Set a new ' +
      'salesforce:accessToken, then repeat the command',
  },
  targetOrg: {
    code: 'ECA1303',
    advice: 'Sign in again with the Salesforce CLI (sf org login web), then repeat the command',
  },
  jwtBearer: newSessionRefused,
  clientCredentials: newSessionRefused,
  sfdxAuthUrl: newSessionRefused,
};

/** What to check first when a refusal is not known. */
const firstLook: Readonly<Record<TokenGrant, string>> = {
  jwtBearer: 'salesforce:clientId, salesforce:username and the app’s policies in that org',
  clientCredentials: 'salesforce:clientId, salesforce:clientSecret and the app’s policies in that org',
  sfdxAuthUrl: 'that salesforce:sfdxAuthUrl is complete and still valid, and the app’s policies in that org',
};

/** What a refused sign-in means and what to do; if the refusal is not known, what to check first. */
export function adviceForSignIn(
  code: string,
  description: string,
  loginUrl: string,
  grant: TokenGrant,
): Omit<Advice, 'pattern'> {
  const text = `${code} ${description}`;
  const known = knownRefusals.find(({ pattern }) => pattern.test(text));
  if (known !== undefined) {
    return { code: known.code, advice: known.advice };
  }
  const isGenericHost = /^https:\/\/(?:login|test)\.salesforce\.com$/.test(loginUrl);
  return isGenericHost
    ? {
        code: 'ECA1218',
        advice:
          'External client apps can sign in only at the org’s My Domain address. Set salesforce:loginUrl to it',
      }
    : { code: 'ECA1219', advice: `Check ${firstLook[grant]}` };
}
