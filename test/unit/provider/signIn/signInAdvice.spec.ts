import assert from 'node:assert/strict';
import { adviceForSignIn } from '../../../../provider/src/signIn/signInAdvice.js';

const myDomain = 'https://acme.my.salesforce.com';

describe('adviceForSignIn', () => {
  // Codes and descriptions as Salesforce sends them (facts on sign-in), and what the advice must be about.
  const table: [string, string, RegExp][] = [
    ['invalid_grant', "user hasn't approved this consumer", /Permitted Users/],
    [
      'invalid_app_access',
      'user is not admin approved to access this app',
      /permission set or profile that the app’s policies name. Assign it.*not enough/,
    ],
    ['app_not_found', 'External client app is not installed in this org', /not found in this org/],
    [
      'OAUTH_EC_APP_NOT_FOUND',
      '',
      /My Domain address, not at login\.salesforce\.com.*refreshed sandbox.*30 minutes/,
    ],
    ['invalid_client_id', 'client identifier invalid', /consumer key is wrong/],
    ['invalid_grant', 'audience is invalid', /Set salesforce:audience/],
    ['invalid_grant', 'invalid assertion', /does not match the app’s certificate/],
    ['invalid_grant', 'expired authorization code', /clock/],
    ['invalid_grant', 'no client credentials user enabled', /Run As user/],
    ['invalid_client', 'app must be installed into org', /API Access Control/],
    ['OAUTH_APP_ACCESS_DENIED', '', /administrator/],
    ['OAUTH_AUTHORIZATION_BLOCKED', '', /administrator/],
    ['inactive_user', 'user is inactive', /administrator/],
    ['inactive_org', 'organization is inactive', /administrator/],
    ['ERROR_HTTP_403', 'Invalid_Scope', /lacks a scope/],
    ['invalid_grant', 'expired access/refresh token', /sf org auth show-sfdx-auth-url/],
    ['invalid_grant', 'request not supported on this domain', /only at the org’s My Domain address/],
    ['invalid_client', 'invalid client credentials', /consumer key and secret/],
  ];
  for (const [code, description, advice] of table) {
    it(`has advice for ${code} · ${description}`, () => {
      assert.match(adviceForSignIn(code, description, myDomain, 'jwtBearer').advice, advice);
    });
  }

  it('does not blame the assertion for an expiry that the provider never sends', () => {
    const { advice } = adviceForSignIn('invalid_grant', 'expired authorization code', myDomain, 'jwtBearer');
    assert.doesNotMatch(advice, /millisecond/i);
  });

  for (const [grant, settings] of [
    ['jwtBearer', 'salesforce:clientId, salesforce:username and'],
    ['clientCredentials', 'salesforce:clientId, salesforce:clientSecret and'],
    ['sfdxAuthUrl', 'that salesforce:sfdxAuthUrl is complete and still valid, and'],
  ] as const) {
    it(`says what to check after an unknown refusal: ${grant}`, () => {
      assert.equal(
        adviceForSignIn('invalid_grant', 'authentication failure', myDomain, grant).advice,
        `Check ${settings} the app’s policies in that org`,
      );
    });
  }

  for (const host of ['https://login.salesforce.com', 'https://test.salesforce.com']) {
    it(`advises My Domain for an unknown refusal by ${host}`, () => {
      assert.deepEqual(
        adviceForSignIn('invalid_grant', 'authentication failure', host, 'clientCredentials'),
        {
          code: 'ECA1218',
          advice:
            'External client apps can sign in only at the org’s My Domain address. Set salesforce:loginUrl to it',
        },
      );
    });
  }

  it('ends without a full stop, so that more can follow', () => {
    for (const [code, description] of table) {
      assert.doesNotMatch(adviceForSignIn(code, description, myDomain, 'jwtBearer').advice, /[.\s]$/);
    }
  });
});
