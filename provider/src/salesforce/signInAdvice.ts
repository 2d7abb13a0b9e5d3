interface Advice {
  /** What the error code and description are matched against, together. */
  pattern: RegExp;
  advice: string;
}

/** Causes and cures of refused sign-ins. Texts of the refusals: reports of single projects, so nothing here is certain. */
const knownRefusals: readonly Advice[] = [
  {
    pattern: /hasn.t approved this consumer/i,
    advice:
      'The app lets users approve themselves and this user never did, or is not pre-authorised: in the app’s policies set ' +
      'Permitted Users to admin-approved users and name a permission set or profile of this user',
  },
  {
    pattern: /invalid_app_access|not admin approved/i,
    advice:
      'The user lacks the permission set or profile that the app’s policies name: assign it to the user',
  },
  {
    pattern: /app_not_found|OAUTH_EC_APP_NOT_FOUND|not installed in this org/i,
    advice:
      'This org does not know the app. Sign in at the org’s My Domain address, not at login.salesforce.com or ' +
      'test.salesforce.com; check that it is the right org (a refreshed sandbox has lost its local apps); a new app can take ' +
      'up to 30 minutes to spread',
  },
  {
    pattern: /invalid_client_id|client identifier invalid/i,
    advice:
      'The consumer key is wrong or belongs to another org: copy this org’s key; a new key can take up to 30 minutes to spread',
  },
  {
    pattern: /audience is invalid/i,
    advice: 'This host does not take the assertion’s audience: set salesforce:audience to the one it takes',
  },
  {
    pattern: /invalid assertion/i,
    advice:
      'The private key does not match the certificate of the app, or a deploy cleared the certificate: upload the certificate again',
  },
  {
    pattern: /expired authorization code/i,
    advice: 'The assertion was already expired when it arrived: check this machine’s clock',
  },
  {
    pattern: /no client credentials user/i,
    advice: 'The app has no Run As user: set one in the app’s policies',
  },
  {
    pattern: /must be installed into org/i,
    advice:
      'The org blocks apps that are not installed (API Access Control): install or approve the app in Setup',
  },
  {
    pattern: /OAUTH_APP_ACCESS_DENIED|OAUTH_AUTHORIZATION_BLOCKED|inactive/i,
    advice:
      'A policy of the org, or the state of the user or the org, forbids it: ask an administrator of the org',
  },
  {
    pattern: /invalid_client|invalid client credentials/i,
    advice: 'The consumer key and secret do not fit together, or the OAuth plugin of the app is off',
  },
];

/** What to do about a refused sign-in, without a full stop at the end; where the refusal is not known, what to look at first. */
export function adviceForSignIn(code: string, description: string, loginUrl: string): string {
  const text = `${code} ${description}`;
  const known = knownRefusals.find(({ pattern }) => pattern.test(text))?.advice;
  const isGenericHost = /^https:\/\/(?:login|test)\.salesforce\.com$/.test(loginUrl);
  const generic = isGenericHost
    ? 'External client apps are known at the org’s My Domain address only: set salesforce:loginUrl to it'
    : 'Check salesforce:clientId, salesforce:username and the app’s policies in that org';
  return known ?? generic;
}
