import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from '../../../../local-org/src/index.js';
import { putApp } from '../../../support/localApps.js';
import { jsonResult, startFakeSalesforceCli, type FakeSalesforceCli } from '../support/fakeSalesforceCli.js';

const consumerSecret = '5ECRET.OF.THE.APP';

describe('the logs of libraries', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let cli: FakeSalesforceCli;
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    putApp(org, 'Machine', {
      globalSettings: { consumerSecret, isClientCredentialsFlowEnabled: true },
      policies: { isClientCredentialsFlowEnabled: true, clientCredentialsFlowUser: org.username },
    });
    cli = await startFakeSalesforceCli();
    await cli.behave({
      'org display': jsonResult({
        id: org.organizationId,
        instanceUrl: org.instanceUrl,
        accessToken: org.accessToken,
      }),
    });
  });
  after(async () => {
    await cli.remove();
    await server.close();
  });

  /** Everything that a process prints that signs in in every way, with these variables. */
  async function output(variables: Readonly<Record<string, string>>, refreshToken: string): Promise<string> {
    const { instanceUrl, clientId, username, privateKey, accessToken } = org;
    const configurations = [
      { instanceUrl, clientId, username, privateKey },
      { instanceUrl, clientId: '3MVG9.Machine', clientSecret: consumerSecret },
      { sfdxAuthUrl: `force://${clientId}::${refreshToken}@${new URL(instanceUrl).host}` },
      { instanceUrl, accessToken },
      { targetOrg: 'dev' },
    ];
    const child = spawn(
      process.execPath,
      ['--require', 'tsx/cjs', join(__dirname, '../support/signInAndUse.ts')],
      // A variable of the kind that people set: Node prints the environment of the processes that it starts.
      { env: { ...process.env, ...variables, SALESFORCE_ACCESS_TOKEN: accessToken } },
    );
    child.stdin.end(JSON.stringify(configurations));
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^done$/m);
    return stdout + stderr;
  }

  const cases: [string, Record<string, string>, RegExp][] = [
    ['jsforce at its most talkative', { JSFORCE_LOG_LEVEL: 'DEBUG' }, /<request> method=POST, url=http/],
    [
      'Node and its HTTP client at their most talkative',
      { NODE_DEBUG: 'http,https,net,tls,stream,undici,fetch,child_process' },
      /sending request to POST http.*\n[^]*spawn/,
    ],
  ];
  for (const [what, variables, sign] of cases) {
    it(`contain no token, key or secret: ${what}`, async () => {
      const refreshToken = org.issueRefreshToken();
      const printed = await output(variables, refreshToken);
      assert.match(printed, sign);
      const keyLines = org.privateKey
        .split('\n')
        .filter((line) => line.length > 20 && !line.startsWith('-----'));
      for (const secret of [consumerSecret, refreshToken, org.accessToken, ...keyLines]) {
        assert(!printed.includes(secret), `${secret.slice(0, 8)}… is in it`);
      }
      // Tokens that the org issued meanwhile, opaque or JWT, and assertions.
      assert.doesNotMatch(printed, /00D\w{12}(?:!|%21)|eyJ[\w-]{8,}\./);
    });
  }
});
