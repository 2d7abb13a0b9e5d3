import assert from 'node:assert/strict';
import sinon from 'sinon';
import { unknownValue } from '../../../../provider/src/policy/fields.js';
import { freshProvider, withoutSalesforceEnvironment } from '../support/freshProvider.js';

const token = '00D000000000062!AQ.secret';
const signIn = {
  'salesforce:instanceUrl': 'https://acme.my.salesforce.com',
  'salesforce:accessToken': token,
};

/** The inputs as the resource class passes them. */
const inputs = (name: string, settings: Record<string, unknown>): Record<string, unknown> => ({
  externalClientApplication: 'portal',
  __provider: 'text',
  __dryRun: false,
  __urn: `urn:pulumi:dev::project::type::${name}`,
  ...settings,
});

describe('check', () => {
  let restoreEnvironment: () => void;
  beforeEach(() => {
    restoreEnvironment = withoutSalesforceEnvironment();
    // Without an engine the provider's lines go to standard output.
    sinon.stub(console, 'log');
  });
  afterEach(() => {
    sinon.restore();
    restoreEnvironment();
  });

  it('returns completed inputs, without hidden ones and values that are not set', async () => {
    const news = inputs('a', {
      namedUserJwtTimeout: 30,
      guestJwtTimeout: null,
      org: null,
      allow: ['lockOut'],
    });
    assert.deepEqual(await freshProvider(signIn).check({}, news), {
      inputs: {
        externalClientApplication: 'portal',
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 30,
        allow: ['lockOut'],
      },
      failures: [],
    });
  });

  it('returns its own result unchanged', async () => {
    const { check } = freshProvider(signIn);
    const first = await check({}, inputs('a', { guestJwtTimeout: 30 }));
    assert.deepEqual(await check(first.inputs, inputs('a', first.inputs)), first);
  });

  it('passes on unknown values', async () => {
    const news = inputs('a', {
      externalClientApplication: unknownValue,
      org: unknownValue,
      isNamedUserJwtEnabled: unknownValue,
      allow: [unknownValue],
    });
    assert.deepEqual(await freshProvider(signIn).check({}, news), {
      inputs: {
        externalClientApplication: unknownValue,
        org: unknownValue,
        isNamedUserJwtEnabled: unknownValue,
        allow: [unknownValue],
      },
      failures: [],
    });
  });

  it('completes no type at a configured API version before 65.0', async () => {
    const { check } = freshProvider({ ...signIn, 'salesforce:apiVersion': '64.0' });
    assert.deepEqual((await check({}, inputs('a', { namedUserJwtTimeout: 30 }))).inputs, {
      externalClientApplication: 'portal',
      namedUserJwtTimeout: 30,
    });
  });

  describe('names the property, what is wrong, the app and the org', () => {
    const orgs = {
      'salesforce:orgs': JSON.stringify({
        uat: { instanceUrl: 'https://uat.example.com', accessToken: token },
      }),
    };
    const refusals: [string, Record<string, unknown>, Record<string, unknown>, [string, string][]][] = [
      [
        'a wrong value',
        signIn,
        { isNamedUserJwtEnabled: 'yes' },
        [
          [
            'isNamedUserJwtEnabled',
            '[ECA2003] must be true or false (found the string "yes") (external client app "portal")',
          ],
        ],
      ],
      [
        'a wrong value in an org',
        orgs,
        { org: 'uat', isNamedUserJwtEnabled: 'yes' },
        [
          [
            'isNamedUserJwtEnabled',
            '[ECA2003] must be true or false (found the string "yes") (external client app "portal" in org "uat")',
          ],
        ],
      ],
      [
        'several wrong properties',
        signIn,
        { externalClientApplication: '', guestTimeout: 5, isNamedUserJwtEnabled: true, allow: 'lockOut' },
        [
          ['guestTimeout', '[ECA2007] is not an input. Did you mean guestJwtTimeout?'],
          [
            'externalClientApplication',
            '[ECA2001] is required: the developer name of the external client app (API Name in Setup), with its namespace as ns__Name if ' +
              'the app is installed from a package',
          ],
          [
            'allow',
            '[ECA2006] must be a list of lockOut, guestFlow, packagedApp or unreadCertificate (found the string "lockOut")',
          ],
        ],
      ],
      [
        'an alias that is not configured',
        orgs,
        { org: 'prod', isNamedUserJwtEnabled: true },
        [
          [
            'org',
            '[ECA1016] org "prod" was not found in salesforce:orgs (available: uat) (external client app "portal" in org "prod")',
          ],
        ],
      ],
      [
        'an org that is not a string',
        signIn,
        { org: 7, isNamedUserJwtEnabled: true },
        [['org', '[ECA1017] must be a key of salesforce:orgs, such as "uat" (external client app "portal")']],
      ],
      [
        'an empty org',
        signIn,
        { org: '', isNamedUserJwtEnabled: true },
        [
          [
            'org',
            '[ECA1017] must be a key of salesforce:orgs, such as "uat" (external client app "portal" in org "")',
          ],
        ],
      ],
      [
        'an API version that does not exist',
        { ...signIn, 'salesforce:apiVersion': '60.0' },
        { isNamedUserJwtEnabled: true },
        [
          [
            '',
            '[ECA1006] salesforce:apiVersion must be 61.0 to 68.0 (found "60.0"). Leave it out to use the newest version that the org ' +
              'offers (external client app "portal")',
          ],
        ],
      ],
      [
        'an invalid private key',
        {
          'salesforce:loginUrl': 'https://acme.my.salesforce.com',
          'salesforce:clientId': 'k',
          'salesforce:username': 'u',
          'salesforce:privateKey': '-----BEGIN secret',
        },
        { isNamedUserJwtEnabled: true },
        [
          [
            '',
            '[ECA1105] salesforce:privateKey is not a PEM private key (expected it to start with -----BEGIN PRIVATE KEY-----) (external client app ' +
              '"portal")',
          ],
        ],
      ],
    ];
    for (const [what, configuration, settings, failures] of refusals) {
      it(`for ${what}`, async () => {
        const answer = await freshProvider(configuration).check({}, inputs('a', settings));
        assert.deepEqual(
          answer.failures.map(({ property, reason }) => [property, reason]),
          failures,
        );
        assert(!JSON.stringify(answer.failures).includes('secret'));
      });
    }

    it('for a configuration without a sign-in method', async () => {
      const { failures } = await freshProvider().check({}, inputs('a', { isNamedUserJwtEnabled: true }));
      const [failure] = failures;
      assert.equal(failure?.property, '');
      assert.match(
        failure.reason,
        /^\[ECA1001\] sign-in to org of the top-level settings: no sign-in method is fully configured \(nothing is set\)/,
      );
    });
  });

  it('needs no configuration while the org is unknown', async () => {
    const { failures } = await freshProvider().check(
      {},
      inputs('a', { org: unknownValue, isNamedUserJwtEnabled: true }),
    );
    assert.deepEqual(failures, []);
  });

  it('prefers configured credentials to those in the environment from the first resource on', async () => {
    Object.assign(process.env, { SALESFORCE_ACCESS_TOKEN: 'fresh', SALESFORCE_PRIVATE_KEY: 'no key' });
    const configuration = { ...signIn, 'salesforce:clientId': 'k', 'salesforce:username': 'u' };
    const { failures } = await freshProvider(configuration).check(
      {},
      inputs('a', { isNamedUserJwtEnabled: false }),
    );
    assert.deepEqual(failures, []);
  });

  describe('with two resources for one app', () => {
    it('refuses a field that both manage', async () => {
      const { check } = freshProvider(signIn);
      await check({}, inputs('first', { namedUserJwtTimeout: 30 }));
      assert.deepEqual(
        (await check({}, inputs('second', { namedUserJwtSessionTimeoutType: 'UserSession' }))).failures,
        [
          {
            property: 'namedUserJwtSessionTimeoutType',
            reason:
              '[ECA2012] is already managed by the resource first (external client app "portal"). Two resources for one app can manage ' +
              'different fields, but not the same one. Remove it from one of them',
          },
        ],
      );
    });

    const fine: [string, Record<string, unknown>, Record<string, unknown>][] = [
      ['different fields', { isNamedUserJwtEnabled: true }, { namedUserJwtTimeout: 30 }],
      [
        'the same field in orgs that are not known yet',
        { org: unknownValue, namedUserJwtTimeout: 30 },
        { org: unknownValue, namedUserJwtTimeout: 5 },
      ],
      [
        'the same field of apps that are not known yet',
        { externalClientApplication: unknownValue, namedUserJwtTimeout: 30 },
        { externalClientApplication: unknownValue, namedUserJwtTimeout: 5 },
      ],
    ];
    for (const [what, first, second] of fine) {
      it(`accepts ${what}`, async () => {
        const { check } = freshProvider(signIn);
        await check({}, inputs('first', first));
        assert.deepEqual((await check({}, inputs('second', second))).failures, []);
      });
    }

    it('accepts a second check of one resource, as in a replacement', async () => {
      const { check } = freshProvider(signIn);
      const news = inputs('first', { namedUserJwtTimeout: 30 });
      await check({ externalClientApplication: 'portal_uat', namedUserJwtTimeout: 30 }, news);
      assert.deepEqual((await check({}, news)).failures, []);
    });

    it('ignores a resource with failures when it checks another', async () => {
      const { check } = freshProvider(signIn);
      await check({}, inputs('first', { namedUserJwtTimeout: 30, allow: ['wrong'] }));
      assert.deepEqual((await check({}, inputs('second', { namedUserJwtTimeout: 30 }))).failures, []);
    });
  });
});
