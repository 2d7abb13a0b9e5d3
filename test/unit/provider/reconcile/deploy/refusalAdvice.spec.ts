import assert from 'node:assert/strict';
import { formatMessage, SessionRefusedError } from '../../../../../provider/src/errors.js';
import {
  failureForApp,
  isLockedRefusal,
  isPluginSettingsRefusal,
  withAdvice,
} from '../../../../../provider/src/reconcile/deploy/refusalAdvice.js';
import { SalesforceApiError } from '../../../../../provider/src/org/errors.js';

describe('withAdvice', () => {
  // Texts as orgs gave them (facts on failures), and what the advice must be about.
  const table: [problem: string, code: string, advice: RegExp][] = [
    ['INSUFFICIENT_ACCESS_OR_READONLY', 'ECA5003', /"Create, edit, and delete External Client Apps"/],
    ['insufficient access rights on cross-reference id', 'ECA5003', /lacks a permission/],
    ['You do not have the permission to do this', 'ECA5003', /lacks a permission/],
    [
      'SOAP API does not support JWT-based access tokens. INVALID_SESSION_ID',
      'ECA5005',
      /set salesforce:apiVersion to 68\.0 if the org has it/,
    ],
    ['JWT_NOT_SUPPORTED_BY_SOAP', 'ECA5005', /sign in with another app/],
    ['API_DISABLED_FOR_ORG', 'ECA5004', /needs API Enabled/],
    [
      "Property 'guestJwtSessionTimeoutType' not valid in version 64.0",
      'ECA5006',
      /set salesforce:apiVersion to a newer one/,
    ],
    ['Invalid plugin settings', 'ECA5008', /Turn on isNamedUserJwtEnabled.*only its developer can/],
    ['INVALID_CROSS_REFERENCE_KEY', 'ECA5011', /does not have the app/],
    ['Enter the name of the parent external client app', 'ECA5011', /does not have the app/],
    [
      "The external client app configured in your global OAuth Settings doesn't have a valid OAuth settings configuration",
      'ECA5009',
      /OAuth is not enabled/,
    ],
    ['DUPLICATE_VALUE: ExtlClntAppOauthSettingsId duplicates value on X', 'ECA5012', /pulumi refresh/],
    [
      'duplicate key value violates unique constraint "ak3tl_setup_entity_data"',
      'ECA5012',
      /already has a component of this type/,
    ],
    ['ALREADY_IN_PROCESS: The changes you requested', 'ECA5013', /in a few minutes/],
    [
      "'Sliding' is not a valid value for the enum 'NamedUserJwtSessionTimeoutType'",
      'ECA5007',
      /or another value/,
    ],
  ];
  for (const [problem, code, advice] of table) {
    it(`has advice for ${problem}`, () => {
      const parts = withAdvice(problem);
      assert.deepEqual([parts.cause, parts.code], [problem, code]);
      assert.match(parts.advice ?? '', advice);
    });
  }

  it('returns a complete message', () => {
    assert.equal(
      formatMessage(withAdvice('Invalid plugin settings')),
      '[ECA5008] Invalid plugin settings. The policies contain JWT settings, but the app does not issue JWT-based access tokens. Turn on ' +
        'isNamedUserJwtEnabled in the same program; for an app that was installed from a package, only its developer can do that',
    );
  });

  it('does not change an unknown message', () => {
    assert.equal(formatMessage(withAdvice('something else')), '[ECA5001] something else');
  });

  it('removes the full stop at the end, so that there is only one before the next sentence', () => {
    assert.equal(withAdvice('Something else. ').cause, 'Something else');
    assert.match(formatMessage(withAdvice('ALREADY_IN_PROCESS: locked. ')), /locked\. Another setup change/);
  });
});

describe('isPluginSettingsRefusal', () => {
  it('recognises the one refusal after which the two files are deployed one after the other', () => {
    assert(isPluginSettingsRefusal('Policies: Invalid plugin settings.'));
    assert(!isPluginSettingsRefusal('Invalid settings'));
  });
});

describe('isLockedRefusal', () => {
  it('recognises the refusal that is temporary', () => {
    assert(isLockedRefusal('ALREADY_IN_PROCESS: The changes you requested require a lock'));
    assert(!isLockedRefusal('INSUFFICIENT_ACCESS_OR_READONLY'));
  });
});

describe('failureForApp', () => {
  const portal = { app: 'portal', fields: ['isNamedUserJwtEnabled'] } as const;
  const connection = { label: '"dev"', organizationId: '00D000000000062EAA' };
  const subject = 'External client app "portal" in org "dev" (00D000000000062EAA)';
  const expired = new SalesforceApiError('INVALID_SESSION_ID: gone', 'INVALID_SESSION_ID', 'retrieve', 500);

  const ways = [
    ['accessToken', /Set a new salesforce:accessToken, then repeat the command\. The org was not changed$/],
    ['targetOrg', /Sign in again with the Salesforce CLI \(sf org login web\)/],
    ['jwtBearer', /Signing in again did not help. Check what the org allows this user and app/],
  ] as const;
  for (const [signInWay, advice] of ways) {
    it(`says of a refused session what to do with ${signInWay}`, () => {
      const failure = failureForApp(portal, { ...connection, signInWay }, expired);
      assert(failure instanceof SessionRefusedError);
      assert.match(failure.message, advice);
    });
  }

  it('says which API versions accept a JWT-based session over SOAP', () => {
    const refused = new SalesforceApiError(
      'SOAP API does not support JWT-based access tokens',
      'INVALID_SESSION_ID',
      'retrieve',
    );
    const failure = failureForApp(portal, { ...connection, signInWay: 'jwtBearer' }, refused);
    assert(failure instanceof SessionRefusedError);
    assert.match(failure.message, /set salesforce:apiVersion to 68\.0/);
  });

  it('says how long an org asks to wait', () => {
    const throttled = new SalesforceApiError('HTTP 429', 'ERROR_HTTP_429', 'deployRequest', 429, 3_600_000);
    assert.equal(
      failureForApp(portal, { ...connection, signInWay: 'jwtBearer' }, throttled).message,
      `[ECA5015] ${subject}: deployRequest was refused: ERROR_HTTP_429: HTTP 429. The org asks to wait 60 minutes. Repeat the command later. The ` +
        'org was not changed',
    );
  });
});
