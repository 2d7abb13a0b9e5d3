import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from '../../../../local-org/src/index.js';
import { readOrgConfiguration } from '../../../../provider/src/signIn/configuration.js';
import { SignInError } from '../../../../provider/src/signIn/session.js';
import type { Session } from '../../../../provider/src/signIn/session.js';
import { signIn } from '../../../../provider/src/signIn/signIn.js';
import { chooseSignInWay } from '../../../../provider/src/signIn/signInWays.js';
import { putApp } from '../../../support/localApps.js';
import { contextWithoutEngine } from '../../../../provider/src/org/orgContext.js';

const consumerSecret = '5ECRET.OF.THE.APP';

/** The sign-in that a stack's configuration leads to. */
async function signInWith(settings: Readonly<Record<string, string>>): Promise<Session> {
  const configuration = readOrgConfiguration(
    (key) => settings[key.replace('salesforce:', '')],
    {},
    undefined,
    false,
  );
  return signIn(chooseSignInWay(configuration), configuration.label, contextWithoutEngine());
}

describe('a sign-in to the local org', function () {
  let server: LocalOrgServer;
  let org: LocalOrg;
  const otherKey = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    const machine = (app: string, runAs: string | undefined): void => {
      putApp(org, app, {
        globalSettings: { consumerSecret, isClientCredentialsFlowEnabled: runAs !== undefined },
        policies: { isClientCredentialsFlowEnabled: runAs !== undefined, clientCredentialsFlowUser: runAs },
      });
    };
    machine('Machine', org.username);
    machine('No_User', undefined);
    putApp(org, 'Plugin_Off', {
      globalSettings: { consumerSecret },
      plugins: { isOauthPluginEnabled: false },
    });
  });
  after(() => server.close());

  const key = (app: string): string => `3MVG9.${app}`;
  const jwtBearer = (): Record<string, string> => ({
    instanceUrl: org.instanceUrl,
    clientId: org.clientId,
    username: org.username,
    privateKey: org.privateKeyFile,
  });
  const clientCredentials = (app: string): Record<string, string> => ({
    loginUrl: org.instanceUrl,
    clientId: key(app),
    clientSecret: consumerSecret,
  });
  const authUrl = (refreshToken: string, secret = ''): Record<string, string> => ({
    sfdxAuthUrl: `force://${org.clientId}:${secret}:${refreshToken}@${new URL(org.instanceUrl).host}`,
  });

  for (const [name, settings, consumerKey] of [
    ['JWT bearer', jwtBearer, () => org.clientId],
    ['client credentials', () => clientCredentials('Machine'), () => key('Machine')],
    ['an SFDX auth URL', () => authUrl(org.issueRefreshToken()), () => org.clientId],
  ] as const) {
    it(`works with ${name}, and returns the organization and the app`, async () => {
      const session = await signInWith(settings());
      assert.deepEqual(
        [session.instanceUrl, session.organizationId, session.consumerKey],
        [org.instanceUrl, org.organizationId, consumerKey()],
      );
    });
  }

  const refusals: [string, () => Record<string, string>, RegExp][] = [
    [
      'with a user that the org does not know',
      () => ({ ...jwtBearer(), username: 'nobody@example.com' }),
      /: invalid_grant · user hasn't approved this consumer\. .*Permitted Users.*check that the username/,
    ],
    [
      'with a consumer key that the org does not know',
      () => ({ ...jwtBearer(), clientId: 'wrong' }),
      /: invalid_client_id · client identifier invalid\. The consumer key is wrong or belongs to another org/,
    ],
    [
      'with an audience that the org does not accept',
      () => ({ ...jwtBearer(), audience: 'https://example.com' }),
      /: invalid_grant · audience is invalid\. .*Set salesforce:audience to https:\/\/login\.salesforce\.com/,
    ],
    [
      'with a key that does not match the certificate',
      () => ({ ...jwtBearer(), privateKey: otherKey }),
      /: invalid_grant · invalid assertion\. .*Upload the certificate again/,
    ],
    [
      'of an app whose OAuth plugin is off',
      () => clientCredentials('Plugin_Off'),
      /: app_not_found · External client app is not installed in this org\. The app was not found in this org/,
    ],
    [
      'of an app without a Run As user',
      () => clientCredentials('No_User'),
      /: invalid_grant · no client credentials user enabled\. The app has no Run As user/,
    ],
    [
      'with a wrong consumer secret',
      () => ({ ...clientCredentials('Machine'), clientSecret: 'WR0NG.5ECRET' }),
      /: invalid_client · invalid client credentials\. The consumer key and secret do not match/,
    ],
    [
      'with a refresh token that is no longer valid',
      () => authUrl('5Aep.0LD.5ECRET=='),
      /: invalid_grant · expired access\/refresh token\. The refresh token has expired or was revoked/,
    ],
  ];

  async function assertRefused(settings: Record<string, string>, message: RegExp): Promise<void> {
    org.clearRequests();
    await assert.rejects(signInWith(settings), (error) => {
      assert(error instanceof SignInError);
      const start = `[${error.parts.code}] sign-in to org ${org.instanceUrl} was refused by ${org.instanceUrl}: `;
      assert(error.message.startsWith(start), error.message);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /5ECRET/);
      return true;
    });
    assert.deepEqual(
      org.requests.map(({ kind }) => kind),
      ['token'],
    );
  }

  for (const [what, settings, message] of refusals) {
    it(`reports cause and cure ${what}`, () => assertRefused(settings(), message));
  }

  it('reports cause and cure if the org regards the assertion as expired', async () => {
    org.faults.add({
      on: 'token',
      times: 1,
      do: {
        kind: 'status',
        status: 400,
        contentType: 'application/json',
        body: '{"error":"invalid_grant","error_description":"expired authorization code"}',
      },
    });
    await assertRefused(
      jwtBearer(),
      /: invalid_grant · expired authorization code\. .*check this machine’s clock$/,
    );
  });
});
