import assert from 'node:assert/strict';
import { ConfigurationError } from '../../../../provider/src/errors.js';
import { readOrgConfiguration } from '../../../../provider/src/signIn/configuration.js';
import { chooseSignInWay } from '../../../../provider/src/signIn/signInWays.js';
import type { SignInWay } from '../../../../provider/src/signIn/signInWays.js';

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
const clientCredentials = {
  'salesforce:loginUrl': 'https://acme.my.salesforce.com',
  'salesforce:clientId': ' consumer-key ',
  'salesforce:clientSecret': ` ${secret}\n`,
};
const sfdxAuthUrl = {
  'salesforce:sfdxAuthUrl': `force://PlatformCLI::${secret}==@acme.my.salesforce.com\n`,
};
const targetOrg = { 'salesforce:targetOrg': ' dev\n' };
const accessToken = {
  'salesforce:instanceUrl': 'https://acme.my.salesforce.com/',
  'salesforce:accessToken': ` ${secret}\n`,
};

describe('chooseSignInWay', () => {
  it('chooses JWT bearer, with its key and where the key comes from', () => {
    assert.deepEqual(choose({ configuration: { ...jwtBearer, 'salesforce:audience': ' https://aud ' } }), {
      kind: 'jwtBearer',
      clientId: 'consumer-key',
      username: 'deployer@example.com',
      privateKey: { value: secret, source: 'salesforce:privateKey', fromEnvironment: false },
      loginUrl: 'https://acme.my.salesforce.com',
      audience: 'https://aud',
    });
  });

  it('signs in at the instance URL if there is no login URL', () => {
    const way = choose({
      configuration: {
        ...jwtBearer,
        'salesforce:loginUrl': undefined,
        'salesforce:instanceUrl': 'https://instance.example.com',
      },
    });
    assert.equal(way.kind === 'jwtBearer' && way.loginUrl, 'https://instance.example.com');
  });

  it('chooses an access token with its instance URL', () => {
    assert.deepEqual(choose({ configuration: accessToken }), {
      kind: 'accessToken',
      accessToken: secret,
      instanceUrl: 'https://acme.my.salesforce.com',
    });
  });

  it('chooses client credentials', () => {
    assert.deepEqual(choose({ configuration: clientCredentials }), {
      kind: 'clientCredentials',
      clientId: 'consumer-key',
      clientSecret: secret,
      loginUrl: 'https://acme.my.salesforce.com',
    });
  });

  it('chooses an SFDX auth URL, which contains the address', () => {
    assert.deepEqual(choose({ configuration: sfdxAuthUrl }), {
      kind: 'sfdxAuthUrl',
      clientId: 'PlatformCLI',
      clientSecret: undefined,
      refreshToken: `${secret}==`,
      loginUrl: 'https://acme.my.salesforce.com',
    });
  });

  it('chooses an org of the Salesforce CLI', () => {
    assert.deepEqual(choose({ configuration: targetOrg }), {
      kind: 'targetOrg',
      targetOrg: 'dev',
      instanceUrl: undefined,
    });
  });

  describe('compares an org of the Salesforce CLI with the instance URL', () => {
    const configured = { 'salesforce:instanceUrl': 'https://acme.my.salesforce.com/' };
    const left = { SALESFORCE_INSTANCE_URL: 'https://acme.my.salesforce.com' };
    const table: [string, Sources, string | undefined][] = [
      [
        'that is configured',
        { configuration: { ...targetOrg, ...configured } },
        'https://acme.my.salesforce.com',
      ],
      [
        'that is configured, when the org is from the environment',
        { configuration: configured, environment: { SF_TARGET_ORG: 'dev' } },
        'https://acme.my.salesforce.com',
      ],
      [
        'of the environment, when the org is from there too',
        { environment: { SF_TARGET_ORG: 'dev', ...left } },
        'https://acme.my.salesforce.com',
      ],
      [
        'but not to one left in the environment, when the org is configured',
        { configuration: targetOrg, environment: left },
        undefined,
      ],
    ];
    for (const [what, sources, instanceUrl] of table) {
      it(what, () => {
        assert.deepEqual(choose(sources), { kind: 'targetOrg', targetOrg: 'dev', instanceUrl });
      });
    }
  });

  describe('with several complete methods', () => {
    const environmentToken = {
      SF_ACCESS_TOKEN: secret,
      SALESFORCE_INSTANCE_URL: 'https://acme.my.salesforce.com',
    };
    const both =
      'found salesforce:clientId, salesforce:username, salesforce:privateKey, salesforce:loginUrl, salesforce:instanceUrl, ' +
      'salesforce:accessToken). Remove all but one';

    it('chooses neither when both are configured', () => {
      assertRefused(
        { configuration: { ...jwtBearer, ...accessToken } },
        '[ECA1002] sign-in to org https://acme.my.salesforce.com: more than one sign-in method is configured: JWT bearer, access ' +
          `token (${both}`,
      );
    });

    it('chooses none when a key and a secret are set for one client', () => {
      assertRefused(
        { configuration: { ...jwtBearer, ...clientCredentials } },
        '[ECA1002] sign-in to org https://acme.my.salesforce.com: more than one sign-in method is configured: JWT bearer, client ' +
          'credentials (found salesforce:clientId, salesforce:username, salesforce:privateKey, salesforce:loginUrl, ' +
          'salesforce:clientSecret). Remove all but one',
      );
    });

    it('chooses none when all are configured', () => {
      assert.throws(
        () =>
          choose({
            configuration: {
              ...jwtBearer,
              ...clientCredentials,
              ...accessToken,
              ...sfdxAuthUrl,
              ...targetOrg,
            },
          }),
        {
          message:
            /more than one sign-in method is configured: JWT bearer, client credentials, access token, SFDX auth URL, Salesforce CLI \(found/,
        },
      );
    });

    for (const [name, configuration, kind] of [
      ['JWT bearer', jwtBearer, 'jwtBearer'],
      ['client credentials', clientCredentials, 'clientCredentials'],
      ['an access token', accessToken, 'accessToken'],
      ['an SFDX auth URL', sfdxAuthUrl, 'sfdxAuthUrl'],
    ] as const) {
      for (const prefersEnvironment of [false, true]) {
        const whose = prefersEnvironment ? ' when the configuration is that of the state' : '';
        it(`prefers ${name} to an SF_TARGET_ORG left in the environment${whose}`, () => {
          const environment = { SF_TARGET_ORG: 'dev' };
          assert.equal(choose({ configuration, environment, prefersEnvironment }).kind, kind);
        });
      }
    }

    it('prefers JWT bearer to SF_TARGET_ORG and SF_ACCESS_TOKEN when only its key is in the environment', () => {
      const way = choose({
        configuration: { ...jwtBearer, 'salesforce:privateKey': undefined },
        environment: { ...environmentToken, SALESFORCE_PRIVATE_KEY: secret, SF_TARGET_ORG: 'dev' },
      });
      assert.equal(way.kind, 'jwtBearer');
    });

    it('prefers a configured org of the Salesforce CLI to an access token of the environment while a program runs', () => {
      assert.equal(choose({ configuration: targetOrg, environment: environmentToken }).kind, 'targetOrg');
    });

    it('prefers an access token of the environment to an org of the Salesforce CLI in the state', () => {
      assert.equal(
        choose({ configuration: targetOrg, environment: environmentToken, prefersEnvironment: true }).kind,
        'accessToken',
      );
    });

    it('chooses neither when both come from the environment', () => {
      assertRefused(
        {
          environment: {
            ...environmentToken,
            SALESFORCE_CLIENT_ID: 'consumer-key',
            SALESFORCE_USERNAME: 'u',
            SALESFORCE_PRIVATE_KEY: secret,
          },
        },
        '[ECA1002] sign-in to org https://acme.my.salesforce.com: more than one sign-in method is configured: JWT bearer, access ' +
          'token (found SALESFORCE_CLIENT_ID, SALESFORCE_USERNAME, SALESFORCE_PRIVATE_KEY, SALESFORCE_INSTANCE_URL, SF_ACCESS_TOKEN). ' +
          'Remove all but one',
      );
    });

    it('chooses the one whose credential is configured while a program runs', () => {
      assert.equal(choose({ configuration: jwtBearer, environment: environmentToken }).kind, 'jwtBearer');
    });

    it('chooses the one whose credential is in the environment when the configuration is that of the state', () => {
      assert.equal(
        choose({ configuration: jwtBearer, environment: environmentToken, prefersEnvironment: true }).kind,
        'accessToken',
      );
    });
  });

  it('prefers a key in the environment to one that is only in the state', () => {
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

  describe('without a complete method', () => {
    it('lists one method per line, the recommended ones first, with the command that sets what is missing', () => {
      assertRefused(
        {},
        `[ECA1001] sign-in to org of the top-level settings: no sign-in method is fully configured (nothing is set). Configure one: the Salesforce CLI suits a laptop, JWT bearer a pipeline
  Salesforce CLI: pulumi config set salesforce:targetOrg <alias>
  JWT bearer: pulumi config set salesforce:instanceUrl <https address>; pulumi config set salesforce:clientId <consumer key>; pulumi config set salesforce:username <username>; pulumi config set salesforce:privateKey --secret < <file>
  client credentials: pulumi config set salesforce:instanceUrl <https address>; pulumi config set salesforce:clientId <consumer key>; pulumi config set salesforce:clientSecret --secret < <file>
  SFDX auth URL: pulumi config set salesforce:sfdxAuthUrl --secret < <file>
  access token: pulumi config set salesforce:instanceUrl <https address>; pulumi config set salesforce:accessToken --secret < <file>`,
      );
    });

    it('names what was found and the methods that are incomplete, without showing values', () => {
      assertRefused(
        {
          configuration: { 'salesforce:privateKey': secret, 'salesforce:clientId': 'k' },
          environment: { SALESFORCE_INSTANCE_URL: 'https://acme.my.salesforce.com' },
        },
        `[ECA1001] sign-in to org https://acme.my.salesforce.com: no sign-in method is fully configured (found salesforce:clientId, salesforce:privateKey, SALESFORCE_INSTANCE_URL). Complete one of them, the nearest first
  JWT bearer: pulumi config set salesforce:username <username>
  client credentials: pulumi config set salesforce:clientSecret --secret < <file>`,
      );
    });

    it('names the keys of an alias, which no environment variable replaces', () => {
      assertRefused(
        {
          configuration: {
            'salesforce:orgs': { uat: { instanceUrl: 'https://uat.example.com', username: 'u' } },
          },
          environment: { SF_ACCESS_TOKEN: secret, SF_TARGET_ORG: 'dev' },
          alias: 'uat',
        },
        `[ECA1001] sign-in to org "uat": no sign-in method is fully configured (found salesforce:orgs.uat.username, salesforce:orgs.uat.instanceUrl). Complete the one that is begun
  JWT bearer: pulumi config set --path 'salesforce:orgs.uat.clientId' <consumer key>; pulumi config set --path 'salesforce:orgs.uat.privateKey' --secret < <file>`,
      );
    });

    it('does not suggest the configuration, which would replace all of SALESFORCE_ORGS', () => {
      assertRefused(
        {
          environment: {
            SALESFORCE_ORGS: JSON.stringify({
              uat: { instanceUrl: 'https://uat.example.com', username: 'u' },
            }),
          },
          alias: 'uat',
        },
        `[ECA1001] sign-in to org "uat": no sign-in method is fully configured (found SALESFORCE_ORGS.uat.username, SALESFORCE_ORGS.uat.instanceUrl). Complete the one that is begun
  JWT bearer: add clientId, privateKey to SALESFORCE_ORGS.uat`,
      );
    });

    it('has no line that does not fit a screen', () => {
      const message = ((): string => {
        try {
          choose({ configuration: { 'salesforce:orgs': { production: {} } }, alias: 'production' });
        } catch (thrown) {
          return String(thrown instanceof Error ? thrown.message : thrown);
        }
        return assert.fail('not refused');
      })();
      assert.equal(message.split('\n').length, 6);
      for (const line of message.split('\n')) assert.ok(line.length <= 350, line);
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
          `[ECA1004] salesforce:instanceUrl must be the org's https address, such as https://acme.my.salesforce.com (found "${shown}"; ` +
            'plain http is accepted for this machine only)',
        );
      });
    }
  });

  it('refuses an access token with characters that no token has, without showing it', () => {
    assertRefused(
      { configuration: { ...accessToken, 'salesforce:accessToken': `${secret}\n${secret}` } },
      '[ECA1009] salesforce:accessToken contains characters that an access token cannot have, such as a line break or a space. Set it again',
    );
  });

  for (const value of [
    `force://${secret}@acme.my.salesforce.com`,
    `force://PlatformCLI:${secret}@acme.my.salesforce.com`,
    `force://PlatformCLI::${secret}@https://acme.my.salesforce.com`,
    `force://PlatformCLI::${secret}@`,
    `https://PlatformCLI::${secret}@acme.my.salesforce.com`,
    `force://PlatformCLI::${secret}\n${secret}@acme.my.salesforce.com`,
    secret,
  ]) {
    it(`refuses ${JSON.stringify(value)} as an SFDX auth URL, without showing it`, () => {
      assertRefused(
        { configuration: { 'salesforce:sfdxAuthUrl': value } },
        '[ECA1010] salesforce:sfdxAuthUrl is not an SFDX auth URL (expected force://<clientId>:<clientSecret>:<refreshToken>@<host>; ' +
          'the secret may be empty, and the host has no https://). sf org auth show-sfdx-auth-url shows it',
      );
    });
  }

  for (const value of [
    '--help',
    'dev org',
    'dev&calc',
    `force://PlatformCLI::${secret}@acme.my.salesforce.com`,
    `00D000000000062!${secret}`,
  ]) {
    it(`refuses ${JSON.stringify(value)} as an org of the Salesforce CLI, without showing it`, () => {
      assertRefused(
        { configuration: { 'salesforce:targetOrg': value } },
        '[ECA1011] salesforce:targetOrg is not an alias or username of the Salesforce CLI. It may contain letters, digits and @ . _ + ' +
          "' # ~ / -, and must not start with -",
      );
    });
  }
});
