import type { ErrorCode } from '../errorCodes.js';
import type { SignInWay } from './signInWays.js';

/** The ways to sign in that ask an org's token endpoint. */
export type TokenGrant = 'jwtBearer' | 'clientCredentials' | 'sfdxAuthUrl';

/** What to do about a refusal. */
export interface Advice {
  code: ErrorCode;
  /** What the error code and description are matched against, together. */
  pattern: RegExp;
  advice: string;
}

/**
 * A refusal of any request, the sign-in too: `TotalRequests Limit exceeded.` for the limit of 24 hours (SalesforceLabs/OrgCheck#181, at
 * the token endpoint in the tests of airbyte's connector), other texts for other limits (salto-io/salto#3056).
 */
export const requestLimitReached: Advice = {
  code: 'ECA5014',
  pattern: /REQUEST_LIMIT_EXCEEDED/,
  advice:
    'The org has reached a limit of API requests. TotalRequests is the limit of 24 hours (Setup, Company Information): wait until ' +
    'requests are free again. After any other limit repeat the command in some minutes',
};

/** Causes and cures of refused sign-ins. Texts of the refusals: reports of single projects, so nothing here is certain. */
const knownRefusals: readonly Advice[] = [
  {
    code: 'ECA1201',
    pattern: /hasn.t approved this consumer/i,
    advice:
      'The app lets users approve themselves and this user never did, or is not pre-authorised: in the app’s policies set ' +
      'Permitted Users to admin-approved users and name a permission set or profile of this user, or let the user approve the app ' +
      'once in a browser. Check that the username is one of this org, too',
  },
  {
    code: 'ECA1202',
    pattern: /invalid_app_access|not admin approved/i,
    advice:
      'The user (with client credentials the Run As user) lacks the permission set or profile that the app’s policies name: ' +
      'assign it to the user; naming it in the policies is not enough',
  },
  {
    code: 'ECA1203',
    pattern: /app_not_found|OAUTH_EC_APP_NOT_FOUND|not installed in this org/i,
    advice:
      'This org does not know the app. Sign in at the org’s My Domain address, not at login.salesforce.com or ' +
      'test.salesforce.com; check that it is the right org (a refreshed sandbox has lost its local apps); install the package of ' +
      'an app that is from one; a new app can take up to 30 minutes to spread',
  },
  {
    code: 'ECA1204',
    pattern: /invalid_client_id|client identifier invalid/i,
    advice:
      'The consumer key is wrong or belongs to another org (a refreshed sandbox has lost its local apps and their keys): copy this org’s key; a new key can take up to 30 minutes to spread',
  },
  {
    code: 'ECA1205',
    pattern: /audience is invalid/i,
    advice:
      'This host does not take the assertion’s audience: set salesforce:audience to https://login.salesforce.com, for a sandbox or ' +
      'scratch org to https://test.salesforce.com',
  },
  {
    code: 'ECA1206',
    pattern: /invalid assertion/i,
    advice:
      'The private key does not match the certificate of the app, or a deploy cleared the certificate: upload the certificate again',
  },
  {
    code: 'ECA1207',
    pattern: /expired authorization code/i,
    advice:
      'The org takes the assertion for expired, or its expiry for too far away; the provider sends one that is some minutes away: ' +
      'set this machine’s clock',
  },
  {
    code: 'ECA1208',
    pattern: /no client credentials user/i,
    advice:
      'The app has no Run As user, or its client credentials flow is off: set both in the app’s policies; an API-only user is enough',
  },
  {
    code: 'ECA1209',
    pattern: /expired access\/refresh token/i,
    advice:
      'The refresh token has expired or was revoked, or the app rotates refresh tokens: then each is good for one sign-in, and pulumi up ' +
      'signs in twice, for its preview and for the update. Sign in again with the Salesforce CLI, set salesforce:sfdxAuthUrl to what ' +
      'sf org auth show-sfdx-auth-url shows and, for such an app, run pulumi up --skip-preview; or sign in another way',
  },
  {
    code: 'ECA1210',
    pattern: /not supported on this domain/i,
    advice: 'This flow works at the org’s My Domain address only: set salesforce:loginUrl to it',
  },
  {
    code: 'ECA1211',
    pattern: /must be installed into org/i,
    advice:
      'The org blocks apps that are not installed (API Access Control): install or approve the app in Setup',
  },
  {
    code: 'ECA1212',
    pattern: /OAUTH_APP_ACCESS_DENIED|OAUTH_AUTHORIZATION_BLOCKED|inactive/i,
    advice:
      'A policy of the org, or the state of the user or the org, forbids it: ask an administrator of the org',
  },
  {
    code: 'ECA1213',
    pattern: /invalid_scope/i,
    advice:
      'The app lacks a scope: add the scope api to its OAuth settings. Where the scope web is asked for, that is a session for the ' +
      'user interface, which the provider does not need',
  },
  {
    code: 'ECA1214',
    pattern: /ip restricted/i,
    advice:
      'The org does not let this user sign in from the address of this machine: add the address to the login IP ranges of the user’s ' +
      'profile, or relax the IP restrictions in the app’s policies',
  },
  {
    code: 'ECA1215',
    pattern: /login rate exceeded/i,
    advice: 'This user has signed in too often: wait some minutes, then repeat the command',
  },
  requestLimitReached,
  {
    code: 'ECA1216',
    pattern: /invalid_client|invalid client credentials/i,
    advice:
      'The consumer key and secret do not fit together, or the OAuth plugin of the app is off: copy both again',
  },
];

const newSessionRefused = {
  code: 'ECA1302',
  advice:
    'A new sign-in did not help either: look at what the org allows this user and app (API Enabled, IP ranges, session policies), ' +
    'then repeat the command',
} as const;

/** What to do when the org refuses the session of a sign-in that succeeded. */
export const adviceForRefusedSession: Readonly<Record<SignInWay['kind'], Omit<Advice, 'pattern'>>> = {
  accessToken: {
    code: 'ECA1301',
    advice:
      'The access token has expired, was revoked, or is of another org than the address: set a new salesforce:accessToken, then repeat ' +
      'the command',
  },
  targetOrg: {
    code: 'ECA1303',
    advice: 'Sign in with the Salesforce CLI again (sf org login web), then repeat the command',
  },
  jwtBearer: newSessionRefused,
  clientCredentials: newSessionRefused,
  sfdxAuthUrl: newSessionRefused,
};

/** What to look at first when a refusal is not known. */
const firstLook: Readonly<Record<TokenGrant, string>> = {
  jwtBearer: 'salesforce:clientId, salesforce:username and the app’s policies in that org',
  clientCredentials: 'salesforce:clientId, salesforce:clientSecret and the app’s policies in that org',
  sfdxAuthUrl: 'that salesforce:sfdxAuthUrl is complete and still good, and the app’s policies in that org',
};

/** What a refused sign-in means and what to do about it; where the refusal is not known, what to look at first. */
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
          'External client apps are known at the org’s My Domain address only: set salesforce:loginUrl to it',
      }
    : { code: 'ECA1219', advice: `Check ${firstLook[grant]}` };
}
