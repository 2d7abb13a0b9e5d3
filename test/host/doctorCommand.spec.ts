import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { requestKinds } from '../support/arrivals.js';
import { assertPrinted, callCommandLine, runCommandLine } from '../support/commandLine.js';
import { componentXml, putApp } from '../support/localApps.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment } from '../support/policyProgram.js';

describe('pulumi-salesforce-eca doctor', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let run: typeof runCommandLine;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
  });
  after(() => server.close());
  beforeEach(() => {
    restoreSnapshot(org, original);
    org.clearRequests();
    run = callCommandLine;
  });

  /** Examines, asserts the exit code and gives what was printed. */
  const doctor = async (code: number, ...args: string[]): Promise<string> => {
    return assertPrinted(code, await run(['doctor', ...args], accessTokenEnvironment(org)));
  };
  /** The checks that are not ok, as `status name who`. */
  const lacks = async (code: number, ...args: string[]): Promise<string[]> => {
    const report = JSON.parse(await doctor(code, ...args, '--json')) as Report;
    assert.equal(report.isReady, code === 0);
    return report.checks
      .filter(({ status }) => status !== 'ok')
      .map(({ status, name, who }) => `${status} ${name} ${who}`);
  };
  const putOauthSettings = (app: string, scopes: string): void => {
    org.putComponent(
      'ExtlClntAppOauthSettings',
      `${app}_oauth`,
      componentXml('ExtlClntAppOauthSettings', {
        commaSeparatedOauthScopes: scopes,
        externalClientApplication: app,
        label: app,
      }),
    );
  };

  it('lists what is missing first, with who can change it, in one retrieve', async () => {
    run = runCommandLine;
    const text = await doctor(2, 'Agent_Gateway', '--for', 'agent-api');
    assert.deepEqual(
      requestKinds(org).filter((kind) => kind === 'retrieve' || kind === 'deploy'),
      ['retrieve'],
    );
    const lines = text.split('\n');
    assert.equal(
      lines[0],
      `App Agent_Gateway in org ${org.instanceUrl} (${org.organizationId}) is not ready for the Agent API`,
    );
    assert.match(
      lines[3] ?? '',
      /^missing +token format +developer of the app +isNamedUserJwtEnabled is false/,
    );
    assert.equal(lines.filter((line) => /^(?:missing|unknown) /.test(line)).length, 1);
    assert.match(text, /Agentforce is on.*\(admin of the org\)\n/);
    assert.match(text, /^Guide: https:\/\/developer\.salesforce\.com\//m);
  });

  it('reports ready when nothing is missing', async () => {
    const type = 'ExtlClntAppGlobalOauthSettings';
    const xml = org.component(type, 'Agent_Gateway_glbloauth') ?? '';
    org.putComponent(type, 'Agent_Gateway_glbloauth', xml.replace('JwtEnabled>false', 'JwtEnabled>true'));
    assert.match(await doctor(0, 'Agent_Gateway', '--for', 'agent-api'), /is ready for the Agent API\n/);
    assert.deepEqual(await lacks(0, 'Agent_Gateway', '--for', 'agent-api'), [
      'advice lifetime subscriberAdmin',
    ]);

    putApp(org, 'Mcp_Client', {
      globalSettings: { isNamedUserJwtEnabled: true, isConsumerSecretOptional: true },
      policies: { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 30 },
    });
    putOauthSettings('Mcp_Client', 'RefreshToken, MCP');
    assert.deepEqual(await lacks(0, 'Mcp_Client', '--for', 'mcp'), []);
  });

  const kinds: [app: string, guide: string, lacking: string[]][] = [
    [
      'Partner_API',
      'agent-api',
      [
        'missing scope chatbot_api developer',
        'missing scope sfap_api developer',
        'missing client credentials, settings developer',
        'missing client credentials, policies subscriberAdmin',
        'missing Run As user subscriberAdmin',
      ],
    ],
    [
      'portal',
      'mcp',
      ['missing token format developer', 'missing scope mcp_api developer', 'advice secret developer'],
    ],
    [
      'Packaged_App',
      'mcp',
      ['missing token format developer', 'missing scope mcp_api developer', 'advice secret developer'],
    ],
    [
      'acme__Billing_Sync',
      'mcp',
      [
        'unknown token format developer',
        'missing scope mcp_api developer',
        'unknown callback URL developer',
        'unknown PKCE developer',
        'advice permitted users subscriberAdmin',
        'advice lifetime subscriberAdmin',
      ],
    ],
    [
      'acme__Ledger',
      'mcp',
      ['missing scope mcp_api developer', 'advice secret developer', 'advice lifetime subscriberAdmin'],
    ],
    [
      'No_OAuth',
      'mcp',
      [
        'missing OAuth developer',
        'missing token format developer',
        'missing scope mcp_api developer',
        'missing scope refresh_token developer',
        'missing callback URL developer',
        'missing PKCE developer',
      ],
    ],
    [
      'Plugin_Disabled',
      'mcp',
      [
        'missing OAuth subscriberAdmin',
        'missing token format developer',
        'missing scope mcp_api developer',
        'missing scope refresh_token developer',
        'advice secret developer',
      ],
    ],
    [
      'App_Disabled',
      'mcp',
      [
        'missing OAuth subscriberAdmin',
        'missing token format developer',
        'missing scope mcp_api developer',
        'missing scope refresh_token developer',
        'advice secret developer',
      ],
    ],
  ];
  for (const [app, guide, lacking] of kinds) {
    it(`lists what ${app} lacks for ${guide}`, async () => {
      assert.deepEqual(await lacks(2, app, '--for', guide), lacking);
    });
  }

  it('does not report ready if the org does not return a setting', async () => {
    putApp(org, 'acme__Tool', {
      policies: { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 30 },
    });
    putOauthSettings('acme__Tool', 'RefreshToken, MCP');
    org.removeComponent('ExtlClntAppGlobalOauthSettings', 'acme__Tool_glbloauth');
    assert.deepEqual(await lacks(2, 'acme__Tool', '--for', 'mcp'), [
      'unknown token format developer',
      'unknown callback URL developer',
      'unknown PKCE developer',
    ]);
  });

  it('does not say that a local app lacks global settings that the user may not be allowed to see', async () => {
    org.removeComponent('ExtlClntAppGlobalOauthSettings', 'portalGlblOAuth');
    assert.match(
      await doctor(2, 'portal', '--for', 'mcp'),
      /^unknown +token format +developer of the app +the org has no ExtlClntAppGlobalOauthSettings component for the app, or does not return it to this user$/m,
    );
  });

  it('does not say that the org returned OAuth settings of an installed app if it returned only the policies', async () => {
    org.removeComponent('ExtlClntAppOauthSettings', 'acme__Billing_Sync_oauth');
    assert.match(
      await doctor(2, 'acme__Billing_Sync', '--for', 'mcp'),
      /^ok +OAuth +the OAuth plugin is on; the org returned no OAuth settings for the app, which is normal for an installed app$/m,
    );
  });

  it('does not require the flow of the guide with --any-flow', async () => {
    assert.deepEqual(await lacks(2, 'Partner_API', '--for', 'agent-api', '--any-flow'), [
      'missing scope chatbot_api developer',
      'missing scope sfap_api developer',
    ]);
  });

  it('names the developer of the package of an installed app', async () => {
    assert.match(
      await doctor(2, 'acme__Billing_Sync', '--for', 'mcp'),
      /^unknown +token format +developer of the package acme +/m,
    );
  });

  for (const [what, args, message] of [
    [
      'an app that the org does not have',
      ['Agent_Gatway', '--for', 'mcp'],
      /External client app "Agent_Gatway" in org \S+ \(\w{18}\) does not exist\. Did you mean "Agent_Gateway"\?/,
    ],
    ['no guide', ['Agent_Gateway'], /required option '--for <agent-api\|mcp>' not specified/],
    ['another guide', ['Agent_Gateway', '--for', 'a2a'], /Allowed choices are agent-api, mcp\./],
    ['no app', ['--for', 'mcp'], /missing required argument 'app'/],
  ] as const) {
    it(`fails with one message: ${what}`, async () => {
      assert.match(await doctor(1, ...args), message);
    });
  }
});

/** The parts of the report that are looked at. */
interface Report {
  isReady: boolean;
  checks: { status: string; name: string; who: string }[];
}
