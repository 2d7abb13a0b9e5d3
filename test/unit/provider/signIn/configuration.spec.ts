import assert from 'node:assert/strict';
import { ConfigurationError } from '../../../../provider/src/errors.js';
import {
  environmentFallbacks,
  readOrgConfiguration,
  readOrgs,
  showAddress,
} from '../../../../provider/src/signIn/configuration.js';
import type { OrgConfiguration } from '../../../../provider/src/signIn/configuration.js';

interface Sources {
  configuration?: Record<string, unknown>;
  environment?: Record<string, string>;
  alias?: string;
  prefersEnvironment?: boolean;
}

const read = ({
  configuration = {},
  environment = {},
  alias,
  prefersEnvironment = false,
}: Sources): OrgConfiguration =>
  readOrgConfiguration((key) => configuration[key], environment, alias, prefersEnvironment);

const orgs = (value: unknown): Record<string, unknown> => ({ 'salesforce:orgs': JSON.stringify(value) });

function assertRefused(sources: Sources, message: string): void {
  assert.throws(
    () => read(sources),
    (error) => {
      assert(error instanceof ConfigurationError);
      assert.equal(error.message, message);
      return true;
    },
  );
}

describe('readOrgConfiguration', () => {
  it('returns defaults and no settings if nothing is configured', () => {
    assert.deepEqual(read({}), {
      alias: undefined,
      label: 'of the top-level settings',
      settings: {},
      apiVersion: undefined,
      timeoutMinutes: 30,
      preview: 'org',
      prefersEnvironment: false,
    });
  });

  describe('precedence at the top level', () => {
    for (const [key, variables] of Object.entries(environmentFallbacks).filter(
      ([name]) => name !== 'apiVersion' && name !== 'preview',
    )) {
      for (const variable of variables) {
        it(`${variable} is used if salesforce:${key} is not set`, () => {
          const { settings } = read({ environment: { [variable]: 'from environment' } });
          assert.deepEqual(settings, {
            [key]: { value: 'from environment', source: variable, fromEnvironment: true },
          });
        });
      }
    }

    it('a configured value takes precedence over the environment', () => {
      const { settings } = read({
        configuration: { 'salesforce:username': 'configured' },
        environment: { SALESFORCE_USERNAME: 'environment' },
      });
      assert.deepEqual(settings.username, {
        value: 'configured',
        source: 'salesforce:username',
        fromEnvironment: false,
      });
    });

    it('the first variable that is set takes precedence over the next', () => {
      const { settings } = read({
        environment: { SALESFORCE_ACCESS_TOKEN: 'first', SF_ACCESS_TOKEN: 'second' },
      });
      assert.equal(settings.accessToken?.value, 'first');
    });

    for (const empty of ['', '  ', '\n']) {
      it(`${JSON.stringify(empty)} counts as not set, in configuration and environment`, () => {
        const { settings } = read({
          configuration: { 'salesforce:accessToken': empty },
          environment: { SALESFORCE_ACCESS_TOKEN: empty, SF_ACCESS_TOKEN: 'token' },
        });
        assert.equal(settings.accessToken?.source, 'SF_ACCESS_TOKEN');
      });
    }

    // Refresh and destroy: the configuration is that of the last up.
    for (const [key, variable, source] of [
      ['accessToken', 'SF_ACCESS_TOKEN', 'SF_ACCESS_TOKEN'],
      ['privateKey', 'SALESFORCE_PRIVATE_KEY', 'SALESFORCE_PRIVATE_KEY'],
      ['clientId', 'SALESFORCE_CLIENT_ID', 'salesforce:clientId'],
      ['instanceUrl', 'SALESFORCE_INSTANCE_URL', 'salesforce:instanceUrl'],
    ] as const) {
      it(`with the configuration of the state ${key} comes from ${source}`, () => {
        const { settings } = read({
          configuration: { [`salesforce:${key}`]: 'configured' },
          environment: { [variable]: 'environment' },
          prefersEnvironment: true,
        });
        assert.equal(settings[key]?.source, source);
      });
    }

    it('with the configuration of the state a configured credential is still used if the environment has none', () => {
      const { settings } = read({
        configuration: { 'salesforce:accessToken': 'configured' },
        prefersEnvironment: true,
      });
      assert.equal(settings.accessToken?.source, 'salesforce:accessToken');
    });
  });

  describe('an alias', () => {
    it('has its own settings, named by their full key', () => {
      const { label, alias, settings } = read({
        configuration: orgs({ uat: { instanceUrl: 'https://uat.example.com', username: 'u' } }),
        alias: 'uat',
      });
      assert.equal(label, '"uat"');
      assert.equal(alias, 'uat');
      assert.deepEqual(settings, {
        instanceUrl: {
          value: 'https://uat.example.com',
          source: 'salesforce:orgs.uat.instanceUrl',
          fromEnvironment: false,
        },
        username: { value: 'u', source: 'salesforce:orgs.uat.username', fromEnvironment: false },
      });
    });

    it('inherits nothing that identifies an org or a person from the top level or the environment', () => {
      const { settings } = read({
        configuration: {
          ...orgs({ uat: {} }),
          'salesforce:accessToken': 'top',
          'salesforce:username': 'top',
        },
        environment: { SALESFORCE_INSTANCE_URL: 'https://other.example.com', SF_ACCESS_TOKEN: 'environment' },
        alias: 'uat',
        prefersEnvironment: true,
      });
      assert.deepEqual(settings, {});
    });

    it('shares apiVersion, timeoutMinutes and preview with the top level, unless it has its own', () => {
      const configuration = {
        ...orgs({ uat: {}, prod: { apiVersion: 65, timeoutMinutes: 5, preview: 'checkOnly' } }),
        'salesforce:apiVersion': '66.0',
        'salesforce:timeoutMinutes': '10',
        'salesforce:preview': 'offline',
      };
      const of = (alias: string) => {
        const { apiVersion, timeoutMinutes, preview } = read({ configuration, alias });
        return { apiVersion, timeoutMinutes, preview };
      };
      assert.deepEqual(of('uat'), { apiVersion: 66, timeoutMinutes: 10, preview: 'offline' });
      assert.deepEqual(of('prod'), { apiVersion: 65, timeoutMinutes: 5, preview: 'checkOnly' });
    });

    it('may be an object instead of a JSON string', () => {
      const configuration = { 'salesforce:orgs': { uat: { username: 'u' } } };
      assert.equal(read({ configuration, alias: 'uat' }).settings.username?.value, 'u');
    });

    it('that is not configured is refused with a list of those that are', () => {
      assertRefused(
        { configuration: orgs({ uat: {}, prod: {} }), alias: 'UAT' },
        '[ECA1016] org "UAT" was not found in salesforce:orgs (available: uat, prod)',
      );
    });

    it('that is not configured is refused with how to add it if there are none', () => {
      assertRefused(
        { alias: 'uat' },
        '[ECA1016] org "uat" was not found in salesforce:orgs, which has no entries. Add it: pulumi config set --path ' +
          "'salesforce:orgs.uat.instanceUrl' https://...",
      );
    });

    it('is not found among the properties that every object has', () => {
      assertRefused(
        { configuration: orgs({ uat: {} }), alias: 'constructor' },
        '[ECA1016] org "constructor" was not found in salesforce:orgs (available: uat)',
      );
    });

    const notAnObject =
      '[ECA1012] salesforce:orgs must be an object with an entry per alias. Set its entries one by one, for example pulumi config set --path ' +
      "'salesforce:orgs.uat.instanceUrl' https://...";
    const faults: [string, unknown, string][] = [
      ['a string that is not JSON', '00D000000000062!secret', notAnObject],
      ['a list', '[]', notAnObject],
      ['a number', '7', notAnObject],
      [
        'an entry that is a string',
        '{"uat":"00D000000000062!secret"}',
        '[ECA1013] salesforce:orgs.uat must be an object with keys such as instanceUrl, clientId, username, privateKey',
      ],
      [
        'an entry with a key that does not exist',
        '{"uat":{"clientID":"secret"}}',
        '[ECA1014] salesforce:orgs.uat.clientID is not a setting. Did you mean clientId?',
      ],
      [
        'an entry with a key that resembles no setting',
        '{"uat":{"colour":"secret"}}',
        '[ECA1014] salesforce:orgs.uat.colour is not a setting. Allowed: loginUrl, instanceUrl, clientId, clientSecret, privateKey, ' +
          'username, accessToken, sfdxAuthUrl, audience, targetOrg, apiVersion, timeoutMinutes, preview',
      ],
      [
        'an entry with a value that is not a string',
        '{"uat":{"username":null,"privateKey":["secret"]}}',
        '[ECA1015] salesforce:orgs.uat.privateKey must be a string or a number',
      ],
    ];
    for (const [what, value, message] of faults) {
      it(`refuses ${what}, without showing a value`, () => {
        assertRefused({ configuration: { 'salesforce:orgs': value }, alias: 'uat' }, message);
      });

      it(`does not affect the top-level settings with ${what}`, () => {
        const configuration = { 'salesforce:orgs': value, 'salesforce:username': 'u' };
        assert.equal(read({ configuration }).settings.username?.value, 'u');
      });
    }
  });

  describe('SALESFORCE_ORGS', () => {
    const variable = (value: unknown) => ({ SALESFORCE_ORGS: JSON.stringify(value) });

    it('replaces a missing salesforce:orgs, and its settings count as the environment', () => {
      const { settings, orgsSource } = read({
        environment: variable({ uat: { username: 'u' } }),
        alias: 'uat',
      });
      assert.deepEqual(settings, {
        username: { value: 'u', source: 'SALESFORCE_ORGS.uat.username', fromEnvironment: true },
      });
      assert.equal(orgsSource, 'SALESFORCE_ORGS');
    });

    for (const prefersEnvironment of [false, true]) {
      it(`is not mixed with a configured salesforce:orgs${prefersEnvironment ? ', nor with that of the last up' : ''}`, () => {
        const configuration = orgs({ uat: { username: 'configured' } });
        const environment = variable({ uat: { clientId: 'variable' }, prod: { username: 'variable' } });
        const { settings } = read({ configuration, environment, alias: 'uat', prefersEnvironment });
        assert.deepEqual(settings, {
          username: { value: 'configured', source: 'salesforce:orgs.uat.username', fromEnvironment: false },
        });
        assertRefused(
          { configuration, environment, alias: 'prod', prefersEnvironment },
          '[ECA1016] org "prod" was not found in salesforce:orgs (available: uat)',
        );
      });
    }

    it('shares with the top level only the settings that identify no org', () => {
      const { settings, apiVersion } = read({
        configuration: { 'salesforce:username': 'top', 'salesforce:apiVersion': '66.0' },
        environment: { ...variable({ uat: {} }), SALESFORCE_ACCESS_TOKEN: 'top' },
        alias: 'uat',
      });
      assert.deepEqual([Object.keys(settings), apiVersion], [['apiVersion'], 66]);
    });

    it('counts as not set if it is empty', () => {
      assert.equal(readOrgs(() => undefined, { SALESFORCE_ORGS: ' ' }).source, 'salesforce:orgs');
    });

    for (const [what, value, message] of [
      [
        'text that is not JSON',
        '00D000000000062!secret',
        '[ECA1012] SALESFORCE_ORGS must be a JSON object with an entry per alias',
      ],
      [
        'an entry that is a string',
        '{"uat":"00D000000000062!secret"}',
        '[ECA1013] SALESFORCE_ORGS.uat must be an object with keys such as instanceUrl, clientId, username, privateKey',
      ],
      [
        'a key that does not exist',
        '{"uat":{"clientID":"secret"}}',
        '[ECA1014] SALESFORCE_ORGS.uat.clientID is not a setting. Did you mean clientId?',
      ],
      [
        'a value that is not a string',
        '{"uat":{"privateKey":["secret"]}}',
        '[ECA1015] SALESFORCE_ORGS.uat.privateKey must be a string or a number',
      ],
      [
        'the alias if it is not there',
        '{"prod":{}}',
        '[ECA1016] org "uat" was not found in SALESFORCE_ORGS (available: prod)',
      ],
    ] as const) {
      it(`refuses ${what}, naming the variable and no value`, () => {
        assertRefused({ environment: { SALESFORCE_ORGS: value }, alias: 'uat' }, message);
      });
    }
  });

  describe('apiVersion', () => {
    for (const [text, version] of [
      ['61', 61],
      ['v66.0', 66],
      [' 68.0 ', 68],
    ] as const) {
      it(`accepts ${JSON.stringify(text)}`, () => {
        assert.equal(read({ configuration: { 'salesforce:apiVersion': text } }).apiVersion, version);
      });
    }

    for (const text of ['60.0', '69.0', '66.5', 'latest', '-66', '6 6']) {
      it(`refuses ${text}, naming where it comes from`, () => {
        const message = (source: string) =>
          `[ECA1006] ${source} must be 61.0 to 68.0 (found "${text}"). Leave it out to use the newest version that the org offers`;
        assertRefused({ configuration: { 'salesforce:apiVersion': text } }, message('salesforce:apiVersion'));
        assertRefused({ environment: { SALESFORCE_API_VERSION: text } }, message('SALESFORCE_API_VERSION'));
        assertRefused(
          { configuration: orgs({ uat: { apiVersion: text } }), alias: 'uat' },
          message('salesforce:orgs.uat.apiVersion'),
        );
      });
    }
  });

  describe('preview', () => {
    it('is also read from the environment', () => {
      assert.equal(read({ environment: { SALESFORCE_PREVIEW: ' checkOnly ' } }).preview, 'checkOnly');
    });

    it('refuses another word', () => {
      assertRefused(
        { configuration: { 'salesforce:preview': 'online' } },
        '[ECA1008] salesforce:preview must be one of org, offline, checkOnly (found "online"; default org)',
      );
    });
  });

  describe('timeoutMinutes', () => {
    it('accepts a fraction of a minute', () => {
      assert.equal(read({ configuration: { 'salesforce:timeoutMinutes': '0.5' } }).timeoutMinutes, 0.5);
    });

    for (const text of ['0', '-1', 'ten', 'Infinity', 'NaN']) {
      it(`refuses ${text}`, () => {
        assertRefused(
          { configuration: { 'salesforce:timeoutMinutes': text } },
          `[ECA1007] salesforce:timeoutMinutes must be a number of minutes above 0 (found "${text}"; default 30)`,
        );
      });
    }
  });

  describe('the label', () => {
    const table: [string, Record<string, string>, string][] = [
      [
        'is the address of the org',
        { instanceUrl: 'https://acme.my.salesforce.com/' },
        'https://acme.my.salesforce.com',
      ],
      [
        'prefers the address of the API',
        { instanceUrl: 'https://api.example.com', loginUrl: 'https://login.example.com' },
        'https://api.example.com',
      ],
      [
        'is the address of the sign-in',
        { loginUrl: ' https://login.example.com ' },
        'https://login.example.com',
      ],
      ['is the target org of the Salesforce CLI', { targetOrg: 'dev' }, 'dev'],
      [
        'is no target org that may be a credential',
        { targetOrg: '00D000000000062!AQ.secret' },
        'of the top-level settings',
      ],
      [
        'is the host of an SFDX auth URL',
        { sfdxAuthUrl: 'force://PlatformCLI::secret@acme.my.salesforce.com' },
        'https://acme.my.salesforce.com',
      ],
      [
        'shows nothing of a damaged SFDX auth URL',
        { sfdxAuthUrl: 'PlatformCLI::secret' },
        'of the top-level settings',
      ],
      [
        'holds no session id of a pasted address',
        { instanceUrl: 'https://acme.my.salesforce.com/secur/frontdoor.jsp?sid=00D000000000062!AQ.secret' },
        'https://acme.my.salesforce.com',
      ],
      [
        'holds no password',
        { instanceUrl: 'https://user:secret@acme.example.com' },
        'https://acme.example.com',
      ],
    ];
    for (const [what, settings, label] of table) {
      it(what, () => {
        const configuration = Object.fromEntries(
          Object.entries(settings).map(([key, value]) => [`salesforce:${key}`, value]),
        );
        assert.equal(read({ configuration }).label, label);
      });
    }

    it('describes what is configured rather than what is in the environment', () => {
      const configuration = { 'salesforce:targetOrg': 'dev' };
      const environment = { SALESFORCE_INSTANCE_URL: 'https://acme.my.salesforce.com' };
      assert.equal(read({ configuration, environment }).label, 'dev');
    });
  });
});

describe('readOrgs', () => {
  for (const nothing of [undefined, '']) {
    it(`is empty for ${JSON.stringify(nothing)}`, () => {
      assert.equal(readOrgs(() => nothing, {}).entries.size, 0);
    });
  }
});

describe('showAddress', () => {
  const table = [
    ['acme.my.salesforce.com', 'acme.my.salesforce.com'],
    ['acme.my.salesforce.com:443', 'acme.my.salesforce.com:443'],
    ['http://acme.my.salesforce.com/x?y#z', 'http://acme.my.salesforce.com'],
    ['force://client:secret:token@acme.my.salesforce.com', 'force://acme.my.salesforce.com'],
    ['00D000000000062!AQ.secret', '[access token]'],
  ] as const;
  for (const [text, shown] of table) {
    it(`shows ${text} as ${shown}`, () => {
      assert.equal(showAddress(text), shown);
    });
  }
});
