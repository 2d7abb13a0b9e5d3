import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import { changeSetting, settingsOf } from '../../support/appSettings.js';
import { codeBlock } from '../../support/codeBlocks.js';
import { componentXml, putApp } from '../../support/localApps.js';
import { PageSession } from '../../support/pageSession.js';
import { withOwnValues } from '../../support/placeholders.js';
import { accessTokenEnvironment, jwtBearerEnvironment } from '../../support/policyProgram.js';
import type { PulumiStack } from '../../support/pulumiStack.js';
import { assertSarif } from '../../support/sarif.js';
import { answeredYes, Shell } from '../../support/shell.js';

const app = 'Agent_Gateway';
const globalType = 'ExtlClntAppGlobalOauthSettings';

describe('the commands, as in the pages', function () {
  this.timeout(120_000);
  let session: PageSession;
  let org: LocalOrg;
  let stack: PulumiStack;
  let shell: Shell;

  const credential = (element: string): string =>
    new RegExp(`<${element}>(.*)</${element}>`).exec(
      org.component(globalType, `${app}_glbloauth`) ?? '',
    )?.[1] ?? '';

  before(async () => {
    session = await PageSession.open((own) => ({
      name: 'dev',
      program: codeBlock('README.md', 'new ExternalClientAppJwtPolicy('),
      language: 'typescript',
      env: {
        ...accessTokenEnvironment(own),
        ...answeredYes,
        GITHUB_STEP_SUMMARY: 'summary.md',
      },
    }));
    ({ org, stack, shell } = session);
    await shell.type(codeBlock('docs/performance.md', 'pulumi up'));
    assert.deepEqual(settingsOf(org, app), {
      isNamedUserJwtEnabled: 'true',
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: '30',
    });
  });
  after(() => session.close());

  it('drift, which up --refresh corrects', async () => {
    const looks = [
      codeBlock('docs/drift.md', 'drift --cwd'),
      codeBlock('docs/drift.md', '--format markdown'),
    ] as const;
    assert.match((await shell.type(looks[0])).stdout, /^Stack dev: clean$/m);

    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    await shell.type(looks[1], 2);
    assert.match(
      await readFile(join(stack.folder, 'summary.md'), 'utf8'),
      /^### Drift of stack dev: drifted$/m,
    );
    const repair = codeBlock('README.md', 'drift --stack');
    assert.match((await shell.typeLines(repair, [2, 0]))[0] ?? '', /the org has 720 minutes/);
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');
  });

  it('drift, which finds apps that no resource declares', async () => {
    const { stdout } = await shell.type(codeBlock('docs/drift.md', '--fail-on-unmanaged'), 3);
    assert.match(stdout, /^Not declared by any resource .*\bPartner_API\b/m);
    assert.doesNotMatch(stdout, /\bAgent_Gateway\b/);
  });

  it('audit', async () => {
    const listed = await shell.type(withOwnValues(codeBlock('docs/audit.md', 'export SALESFORCE'), org));
    assert.match(listed.stdout, /^Partner_API +jwt +30 min +15 min +ok$/m);
    await shell.typeLines(codeBlock('docs/audit.md', '--format sarif'), [2, 2]);
    assertSarif(JSON.parse(await readFile(join(stack.folder, 'audit.sarif'), 'utf8')));
    const covered = await shell.type(codeBlock('docs/audit.md', 'audit --stack'), 3);
    assert.match(
      covered.stdout,
      / not-declared (?:.*\n {4})*.*\bPartner_API\b(?:.*\n {4})*.* of\s+stack\s+dev$/m,
    );
    assert.match(await readFile(join(stack.folder, 'audit.csv'), 'utf8'), /^org,organization,app,/);
  });

  it('doctor', async () => {
    putApp(org, 'My_Mcp_Client', { globalSettings: { isNamedUserJwtEnabled: true } });
    const elements = { externalClientApplication: 'My_Mcp_Client', label: 'My_Mcp_Client' };
    org.putComponent(
      'ExtlClntAppOauthSettings',
      'My_Mcp_Client_oauth',
      componentXml('ExtlClntAppOauthSettings', {
        ...elements,
        commaSeparatedOauthScopes: 'MCP, RefreshToken',
      }),
    );
    const { stdout } = await shell.type(codeBlock('docs/doctor.md', 'doctor'));
    assert.match(stdout, /^App Agent_Gateway in org .* is ready for the Agent API$/m);
    assert.match(stdout, /^App My_Mcp_Client in org .* is ready for hosted MCP servers$/m);
  });

  it('token', async () => {
    const own = {
      instanceUrl: org.instanceUrl,
      username: org.username,
      clientId: credential('consumerKey'),
      clientSecret: credential('consumerSecret'),
    };
    const { stdout } = await shell.type(
      withOwnValues(codeBlock('docs/token.md', 'export SALESFORCE_CLIENT_ID'), own),
    );
    assert.match(stdout, /^Token of \S+ by client credentials: JWT-based$/m);
    assert.match(stdout, /^Signature: valid: /m);
  });

  const withJwtBearer = (): Shell =>
    new Shell(
      stack.folder,
      { ...stack.environment, SALESFORCE_ACCESS_TOKEN: '', ...jwtBearerEnvironment(org) },
      join(stack.folder, 'other-session'),
    );

  it('the three of the README, signed in by JWT bearer', async () => {
    const [audit, doctor, token] = await withJwtBearer().typeLines(
      codeBlock('README.md', 'token --verify'),
      [2, 0, 2],
    );
    assert.match(audit ?? '', /^ {2}error opaque-access-tokens [^:\n]*\bDeployer\b/m);
    assert.match(doctor ?? '', /is ready for the Agent API$/m);
    assert.match(token ?? '', /^Token of \S+ by JWT bearer: opaque$/m);
  });

  it('the three before a promotion', async () => {
    changeSetting(org, 'Deployer', 'isNamedUserJwtEnabled', 'true');
    const [drift, doctor, token] = await withJwtBearer().typeLines(
      codeBlock('docs/promotion.md', 'token --verify'),
      [0, 0, 0],
    );
    assert.match(drift ?? '', /^Stack dev: clean$/m);
    assert.match(doctor ?? '', /is ready for the Agent API$/m);
    assert.match(token ?? '', /^Token of \S+ by JWT bearer: JWT-based$/m);
  });
});
