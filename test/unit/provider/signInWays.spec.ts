import assert from 'node:assert/strict';
import { ConfigurationError } from '../../../provider/src/errors.js';
import { readOrgConfiguration } from '../../../provider/src/salesforce/configuration.js';
import { chooseSignInWay, parseOrgUrl } from '../../../provider/src/salesforce/signInWays.js';
import type { SignInWay } from '../../../provider/src/salesforce/signInWays.js';

interface Sources {
  configuration?: Record<string, unknown>;
  environment?: Record<string, string>;
  alias?: string;
  prefersEnvironment?: boolean;
}

function choose({
  configuration = {},
  environment = {},
  alias,
  prefersEnvironment = false,
}: Sources): SignInWay {
  return chooseSignInWay(
    readOrgConfiguration((key) => configuration[key], environment, alias, prefersEnvironment),
  );
}

const secret = 'secr3t-value';

function assertRefused(sources: Sources, message: string): void {
  assert.throws(
    () => choose(sources),
    (error) => {
      assert(error instanceof ConfigurationError);
      assert.equal(error.message, message);
      assert(!error.message.includes(secret));
      return true;
    },
  );
}

const jwtBearer = {
  'salesforce:loginUrl': 'https://acme.my.salesforce.com',
  'salesforce:clientId': ' consumer-key ',
  'salesforce:username': ' deployer@example.com\n',
  'salesforce:privateKey': secret,
};
const accessToken = {
  'salesforce:instanceUrl': 'https://acme.my.salesforce.com/',
  'salesforce:accessToken': ` ${secret}\n`,
};

describe('chooseSignInWay', () => {
  it('takes JWT bearer with its key and where the key comes from', () => {
    assert.deepEqual(choose({ configuration: { ...jwtBearer, 'salesforce:audience': ' https://aud ' } }), {
      kind: 'jwtBearer',
      clientId: 'consumer-key',
      username: 'deployer@example.com',
      privateKey: { value: secret, source: 'salesforce:privateKey', fromEnvironment: false },
      loginUrl: 'https://acme.my.salesforce.com',
      audience: 'https://aud',
    });
  });

  it('signs in at the instance URL where there is no login URL', () => {
    const way = choose({
      configuration: {
        ...jwtBearer,
        'salesforce:loginUrl': undefined,
        'salesforce:instanceUrl': 'https://instance.example.com',
      },
    });
    assert.equal(way.kind === 'jwtBearer' && way.loginUrl, 'https://instance.example.com');
  });

  it('takes an access token with its instance URL', () => {
    assert.deepEqual(choose({ configuration: accessToken }), {
      kind: 'accessToken',
      accessToken: secret,
      instanceUrl: 'https://acme.my.salesforce.com',
    });
  });

  describe('of two complete ways', () => {
    const environmentToken = {
      SF_ACCESS_TOKEN: secret,
      SALESFORCE_INSTANCE_URL: 'https://acme.my.salesforce.com',
    };
    const both =
      'found salesforce:clientId, salesforce:username, salesforce:privateKey, salesforce:loginUrl, salesforce:instanceUrl, ' +
      'salesforce:accessToken). Keep the settings of one and remove the others';

    it('takes neither when both are configured', () => {
      assertRefused(
        { configuration: { ...jwtBearer, ...accessToken } },
        `sign-in to org https://acme.my.salesforce.com: JWT bearer and access token are both complete (${both}`,
      );
    });

    it('takes neither when both come from the environment', () => {
      assertRefused(
        {
          environment: {
            ...environmentToken,
            SALESFORCE_CLIENT_ID: 'consumer-key',
            SALESFORCE_USERNAME: 'u',
            SALESFORCE_PRIVATE_KEY: secret,
          },
        },
        'sign-in to org https://acme.my.salesforce.com: JWT bearer and access token are both complete (found SALESFORCE_CLIENT_ID, ' +
          'SALESFORCE_USERNAME, SALESFORCE_PRIVATE_KEY, SALESFORCE_INSTANCE_URL, SF_ACCESS_TOKEN). Keep the settings of one and ' +
          'remove the others',
      );
    });

    it('takes the one whose credential is configured while a program runs', () => {
      assert.equal(choose({ configuration: jwtBearer, environment: environmentToken }).kind, 'jwtBearer');
    });

    it('takes the one whose credential is in the environment when the configuration is that of the state', () => {
      assert.equal(
        choose({ configuration: jwtBearer, environment: environmentToken, prefersEnvironment: true }).kind,
        'accessToken',
      );
    });
  });

  it('takes a key of the environment before one that only the state still holds', () => {
    const way = choose({
      configuration: jwtBearer,
      environment: { SALESFORCE_PRIVATE_KEY: 'fresh' },
      prefersEnvironment: true,
    });
    assert.deepEqual(way.kind === 'jwtBearer' && way.privateKey, {
      value: 'fresh',
      source: 'SALESFORCE_PRIVATE_KEY',
      fromEnvironment: true,
    });
  });

  describe('without a complete way', () => {
    const set =
      'Set what one of them lacks: pulumi config set salesforce:<key>, with --secret for credentials';

    it('names what every way lacks, with the environment variables', () => {
      assertRefused(
        {},
        'sign-in to org of the top-level settings: no way is complete (nothing is set). JWT bearer lacks salesforce:clientId ' +
          '(SALESFORCE_CLIENT_ID), salesforce:username (SALESFORCE_USERNAME), salesforce:privateKey (SALESFORCE_PRIVATE_KEY), ' +
          'salesforce:loginUrl (SALESFORCE_LOGIN_URL) or salesforce:instanceUrl (SALESFORCE_INSTANCE_URL); access token lacks ' +
          'salesforce:accessToken (SALESFORCE_ACCESS_TOKEN, SF_ACCESS_TOKEN), salesforce:instanceUrl (SALESFORCE_INSTANCE_URL). ' +
          set,
      );
    });

    it('names what was found, and shows none of it', () => {
      assertRefused(
        {
          configuration: { 'salesforce:privateKey': secret, 'salesforce:clientId': 'k' },
          environment: { SALESFORCE_INSTANCE_URL: 'https://acme.my.salesforce.com' },
        },
        'sign-in to org https://acme.my.salesforce.com: no way is complete (found salesforce:clientId, salesforce:privateKey, ' +
          'SALESFORCE_INSTANCE_URL). JWT bearer lacks salesforce:username (SALESFORCE_USERNAME); access token lacks ' +
          `salesforce:accessToken (SALESFORCE_ACCESS_TOKEN, SF_ACCESS_TOKEN). ${set}`,
      );
    });

    it('names the keys of an alias, for which no environment variable counts', () => {
      assertRefused(
        {
          configuration: {
            'salesforce:orgs': { uat: { instanceUrl: 'https://uat.example.com', username: 'u' } },
          },
          environment: { SF_ACCESS_TOKEN: secret },
          alias: 'uat',
        },
        'sign-in to org "uat": no way is complete (found salesforce:orgs.uat.username, salesforce:orgs.uat.instanceUrl). JWT bearer ' +
          'lacks salesforce:orgs.uat.clientId, salesforce:orgs.uat.privateKey; access token lacks salesforce:orgs.uat.accessToken. ' +
          "Set what one of them lacks: pulumi config set --path 'salesforce:orgs.uat.<key>', with --secret for credentials",
      );
    });

    it('says of settings that this release has no use for them', () => {
      assert.throws(
        () =>
          choose({
            configuration: { 'salesforce:clientSecret': secret },
            environment: { SF_TARGET_ORG: 'dev' },
          }),
        { message: /This release does not sign in with salesforce:clientSecret, SF_TARGET_ORG\. / },
      );
    });
  });

  describe('refuses an address', () => {
    const table = [
      ['http://acme.my.salesforce.com', 'http://acme.my.salesforce.com'],
      ['acme.my.salesforce.com', 'acme.my.salesforce.com'],
      [`https://user:${secret}@acme.my.salesforce.com`, 'https://acme.my.salesforce.com'],
      [`ftp://acme.my.salesforce.com?sid=${secret}`, 'ftp://acme.my.salesforce.com'],
    ] as const;
    for (const [address, shown] of table) {
      it(`like ${address}`, () => {
        assertRefused(
          { configuration: { ...accessToken, 'salesforce:instanceUrl': address } },
          `salesforce:instanceUrl is "${shown}"; it is the org's https address, such as https://acme.my.salesforce.com (plain http ` +
            'is accepted for this machine only)',
        );
      });
    }
  });

  it('refuses an access token with characters that none has, without showing it', () => {
    assertRefused(
      { configuration: { ...accessToken, 'salesforce:accessToken': `${secret}\n${secret}` } },
      'salesforce:accessToken holds characters that no access token has (a line break, a space?): set it again',
    );
  });
});

describe('parseOrgUrl', () => {
  const table: [string, string | undefined][] = [
    [' https://acme.my.salesforce.com/lightning/setup?x=y ', 'https://acme.my.salesforce.com'],
    ['https://acme.my.salesforce.mil', 'https://acme.my.salesforce.mil'],
    ['https://acme.example.com:8443/', 'https://acme.example.com:8443'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:1/', 'http://127.0.0.1:1'],
    ['http://[::1]:1', 'http://[::1]:1'],
    ['http://127.0.0.1.example.com', undefined],
    ['http://localhost.example.com', undefined],
    ['http://acme.my.salesforce.com', undefined],
    ['https://user@acme.my.salesforce.com', undefined],
    ['ws://127.0.0.1', undefined],
    ['acme', undefined],
    ['', undefined],
  ];
  for (const [text, origin] of table) {
    it(`takes ${JSON.stringify(text)} as ${origin ?? 'no address'}`, () => {
      assert.equal(parseOrgUrl(text), origin);
    });
  }
});
