import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { Connection } from '@jsforce/jsforce-node';
import { decodeJwt, SignJWT } from 'jose';
import type { LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import {
  connect,
  deploy,
  globalType,
  policiesType,
  problemsOf,
  retrieve,
  withOrg,
} from '../support/client.js';

const profileType = 'ProfileSessionSetting';
const security = { type: 'Settings', fullName: 'Security' };

function securitySettings(sessionTimeout: string) {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<SecuritySettings xmlns="http://soap.sforce.com/2006/04/metadata">\n    <sessionSettings>\n        <sessionTimeout>${sessionTimeout}</sessionTimeout>\n    </sessionSettings>\n</SecuritySettings>\n`;
  return { ...security, xml };
}

function profileSetting(
  profile: string,
  sessionTimeout: string,
  fullName = `${profile}_profileSessionSetting1`,
) {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<ProfileSessionSetting xmlns="http://soap.sforce.com/2006/04/metadata">\n    <externalCommunityUserIdentityVerif>false</externalCommunityUserIdentityVerif>\n    <forceLogout>false</forceLogout>\n    <profile>${profile}</profile>\n    <sessionPersistence>false</sessionPersistence>\n    <sessionTimeout>${sessionTimeout}</sessionTimeout>\n    <sessionTimeoutWarning>false</sessionTimeoutWarning>\n</ProfileSessionSetting>\n`;
  return { type: profileType, fullName, xml };
}

/** Signs a user in by JWT bearer and gives the life of the token in minutes, by its claims or by introspection. */
async function tokenMinutes(org: LocalOrg, clientId: string, username = org.username): Promise<number> {
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(clientId)
    .setSubject(username)
    .setAudience('https://login.salesforce.com')
    .setExpirationTime('3m')
    .sign(createPrivateKey(org.privateKey));
  const reply = await fetch(`${org.instanceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
  });
  const { access_token: token, error_description: refusal } = (await reply.json()) as Record<string, string>;
  assert.ok(token !== undefined, refusal);
  const { exp = 0, iat = 0 } = decodeJwt(token);
  return (exp - iat) / 60;
}

describe('session settings of the local org', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  let connection: Connection;
  let clientId: string;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    connection = connect(org);
    const settings = org.component(globalType, 'Agent_Gateway_glbloauth')!;
    clientId = /<consumerKey>(.*)</.exec(settings)![1]!;
    const xml = settings.replace(/(NamedUserJwtEnabled>)false/, '$1true');
    org.putComponent(globalType, 'Agent_Gateway_glbloauth', xml);
  });
  after(() => server.close());

  it('are retrieved by wildcard and by name, with the apps in one retrieve', async () => {
    const { texts, paths, problems } = await retrieve(connection, {
      ExternalClientApplication: ['*'],
      [profileType]: ['*'],
      Settings: ['Security'],
    });
    assert.deepEqual(problems, []);
    assert.ok(paths.includes('unpackaged/settings/Security.settings'));
    assert.match(texts.get('Settings/Security')!, /<sessionTimeout>TwoHours</);
    const ofProfiles = [...texts].filter(([name]) => name.startsWith(`${profileType}/`));
    assert.deepEqual(
      ofProfiles.map(([, xml]) => [/<profile>(.*)</.exec(xml)![1], /<sessionTimeout>(.*)</.exec(xml)![1]]),
      [['standard', '60']],
    );
  });

  it('are listed, and described from the first version that has them', async () => {
    const listed = await connection.metadata.list([{ type: 'Settings' }, { type: profileType }]);
    assert.deepEqual(
      listed.map(({ type, fileName }) => `${type} ${fileName}`),
      [
        'Settings settings/Security.settings',
        `${profileType} profileSessionSettings/Standard_profileSessionSetting1700000000000.profileSessionSetting`,
      ],
    );
    const { metadataObjects } = await connect(org, '39.0').metadata.describe();
    assert.ok(!metadataObjects.some(({ xmlName }) => xmlName === profileType));
  });

  it('set the lifetime of a token with UserSession: the profile, otherwise the org', async () => {
    const subscriberAdmin = org.users.find(({ profile }) => profile === 'Standard')!.username;
    assert.equal(await tokenMinutes(org, clientId), 120);
    assert.equal(await tokenMinutes(org, clientId, subscriberAdmin), 60);

    assert.equal((await deploy(connection, [securitySettings('TwentyFourHours')])).status, 'Succeeded');
    assert.equal(await tokenMinutes(org, clientId), 1440);
    assert.equal(await tokenMinutes(org, clientId, subscriberAdmin), 60);

    assert.equal((await deploy(connection, [profileSetting('Admin', '15')])).status, 'Succeeded');
    assert.equal(await tokenMinutes(org, clientId), 15);

    assert.equal((await deploy(connection, [profileSetting('admin', '0')])).status, 'Succeeded');
    assert.equal(await tokenMinutes(org, clientId), 120, '0 means 2 Hours');
  });

  it('do not affect a token with Custom', () =>
    withOrg(async (other) => {
      const policies = 'Agent_Gateway_oauthPlcy';
      const xml = other
        .component(policiesType, policies)!
        .replace(
          '    <permittedUsersPolicyType>',
          '    <namedUserJwtSessionTimeoutType>Custom</namedUserJwtSessionTimeoutType>\n    <namedUserJwtTimeout>5</namedUserJwtTimeout>\n    <permittedUsersPolicyType>',
        );
      const settings = other.component(globalType, 'Agent_Gateway_glbloauth')!;
      const result = await deploy(connect(other), [
        { type: policiesType, fullName: policies, xml },
        {
          type: globalType,
          fullName: 'Agent_Gateway_glbloauth',
          xml: settings.replace(/(NamedUserJwtEnabled>)false/, '$1true'),
        },
        securitySettings('TwelveHours'),
      ]);
      assert.equal(result.status, 'Succeeded');
      assert.equal(await tokenMinutes(other, /<consumerKey>(.*)</.exec(settings)![1]!), 5);
    }));

  it('also apply to a session of the SOAP login', () =>
    withOrg(async (other) => {
      await deploy(connect(other), [securitySettings('FifteenMinutes')]);
      const signedIn = new Connection({ loginUrl: other.instanceUrl, version: '64.0' });
      await signedIn.login(other.username, other.password);
      const status = async (): Promise<number> => {
        const headers = { authorization: `Bearer ${signedIn.accessToken ?? ''}` };
        const query = '/services/data/v66.0/query?q=SELECT+Id+FROM+Organization';
        return (await fetch(other.instanceUrl + query, { headers })).status;
      };
      assert.equal(await status(), 200);
      other.advanceClock(15 * 60_000);
      assert.equal(await status(), 401);
    }));

  it('can be changed over the control API', async () => {
    const path = `${org.instanceUrl}/local-org/components/Settings/Security`;
    await fetch(path, { method: 'PUT', body: securitySettings('FourHours').xml });
    await fetch(`${org.instanceUrl}/local-org/components/${profileType}/Admin_profileSessionSetting1`, {
      method: 'DELETE',
    });
    await fetch(`${org.instanceUrl}/local-org/components/${profileType}/admin_profileSessionSetting1`, {
      method: 'DELETE',
    });
    assert.equal(await tokenMinutes(org, clientId), 240);
  });

  for (const [component, problem] of [
    [securitySettings('120'), "'120' is not a valid value for the enum 'SessionTimeout'"],
    [profileSetting('Admin', '45'), 'bad value for restricted picklist field: 45'],
    [profileSetting('', '15', 'Nobody'), 'Required fields are missing: [profile]'],
    [
      {
        type: 'Settings',
        fullName: 'Account',
        xml: '<AccountSettings xmlns="http://soap.sforce.com/2006/04/metadata"/>',
      },
      "The local org has no settings 'Account'; it has: Security",
    ],
  ] as const) {
    it(`are refused: ${problem}`, async () => {
      assert.deepEqual(await problemsOf(connection, component), [problem]);
    });
  }

  it('accept NinetyMinutes from 58.0 on', async () => {
    const ninety = securitySettings('NinetyMinutes');
    assert.deepEqual(await problemsOf(connect(org, '57.0'), ninety), [
      "'NinetyMinutes' is not a valid value for the enum 'SessionTimeout'",
    ]);
    assert.deepEqual(await problemsOf(connect(org, '58.0'), ninety), []);
  });

  it('cannot be changed by a subscriber admin', async () => {
    const problems = await problemsOf(connect(org, '66.0', 'subscriberAdmin'), securitySettings('TwoHours'));
    assert.deepEqual(problems, ['INSUFFICIENT_ACCESS_OR_READONLY: insufficient access rights on object id']);
  });

  it('are visible in AuthSession: seconds valid, and when the session was last renewed', () =>
    withOrg(async (other) => {
      await deploy(connect(other), [securitySettings('ThirtyMinutes')]);
      const signedIn = new Connection({ loginUrl: other.instanceUrl, version: '64.0' });
      await signedIn.login(other.username, other.password);
      const session = async () => {
        const { records } = await signedIn.query<{ NumSecondsValid: number; LastModifiedDate: string }>(
          'SELECT NumSecondsValid, LastModifiedDate FROM AuthSession WHERE IsCurrent = true',
        );
        return records[0]!;
      };
      const first = await session();
      other.advanceClock(20 * 60_000);
      const second = await session();
      assert.deepEqual([first.NumSecondsValid, second.NumSecondsValid], [1800, 1800]);
      const renewed = Date.parse(second.LastModifiedDate) - Date.parse(first.LastModifiedDate);
      assert.ok(renewed >= 20 * 60_000, String(renewed));
    }));
});
