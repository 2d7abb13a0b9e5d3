import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { requestKinds } from '../support/arrivals.js';
import { assertPrinted, callCommandLine, runCommandLine } from '../support/commandLine.js';
import { putApp, putProfileSessionTimeout } from '../support/localApps.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment } from '../support/policyProgram.js';
import { assertSarif } from '../support/sarif.js';
import { jsonResult, startFakeSalesforceCli } from '../unit/provider/support/fakeSalesforceCli.js';

describe('pulumi-salesforce-eca audit', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
  });
  after(() => server.close());
  beforeEach(() => {
    restoreSnapshot(org, original);
    org.clearRequests();
  });

  /** Audits, asserts the exit code and gives what was printed. */
  const audit = async (
    code: number,
    args: readonly string[] = [],
    { token, run = callCommandLine }: { token?: string; run?: typeof runCommandLine } = {},
  ): Promise<string> => {
    return assertPrinted(code, await run(['audit', ...args], accessTokenEnvironment(org, token)));
  };
  const auditJson = async (code: number, args: readonly string[] = []): Promise<Report> =>
    JSON.parse(await audit(code, ['--json', ...args])) as Report;

  it('lists apps of every kind, in one retrieve', async () => {
    const table = await audit(0, ['--wide'], { run: runCommandLine });
    assert.deepEqual(
      requestKinds(org).filter((kind) => kind === 'retrieve' || kind === 'deploy'),
      ['retrieve'],
    );
    const lines = table.replace(/\d{4}-\d\d-\d\dT[\d:]+Z by .*/g, 'DATE by NAME').split('\n');
    assert.match(lines[0] ?? '', /^Audit at 2\d{3}-\d\d-\d\dT[\d:]{8}Z\. Requirements: none$/);
    assert.equal(
      lines[2],
      `Org ${org.instanceUrl} (${org.organizationId}), API version 68.0: 11 external client apps`,
    );
    const row = (app: string): string[] =>
      lines.find((line) => line.startsWith(`${app} `))?.split(/ {2,}/) ?? [];
    assert.deepEqual(row('APP'), [
      'APP',
      'NAMESPACE',
      'STATE',
      'OAUTH',
      'TOKENS',
      'NAMED USERS',
      'GUEST FLOW',
      'GUESTS',
      'PERMITTED USERS',
      'REFRESH TOKENS',
      'LAST CHANGE',
    ]);
    const change = 'DATE by NAME';
    const infinite = ['AllSelfAuthorized', 'Infinite', change];
    const approved = ['AdminApprovedPreAuthorized', 'SpecificLifetime 30 Days', change];
    assert.deepEqual(row('Agent_Gateway'), [
      'Agent_Gateway',
      '-',
      'Local',
      'on',
      'opaque',
      '120 min idle (app)',
      'off',
      '-',
      ...approved,
    ]);
    assert.deepEqual(row('Partner_API').slice(0, 8), [
      'Partner_API',
      '-',
      'Local',
      'on',
      'jwt',
      '30 min (app)',
      'on',
      '15 min (app)',
    ]);
    assert.deepEqual(row('Packaged_App').slice(0, 5), ['Packaged_App', '-', 'Packaged', 'on', 'opaque']);
    assert.deepEqual(row('acme__Billing_Sync').slice(0, 5), [
      'acme__Billing_Sync',
      'acme',
      'Managed',
      'on',
      'unknown',
    ]);
    assert.deepEqual(row('acme__Ledger').slice(0, 5), ['acme__Ledger', 'acme', 'Managed', 'on', 'jwt']);
    assert.deepEqual(row('acme__Ledger').slice(-3), infinite);
    for (const off of ['No_OAuth', 'Plugin_Disabled', 'App_Disabled']) {
      assert.deepEqual(row(off).slice(3), ['off', '-', '-', '-', '-', '-', '-', change], off);
    }
    assert.match(table, /^ {2}App_Disabled: no OAuth: isEnabled is false in /m);
    assert.match(
      table,
      /^ {2}note unknown-token-format acme__Billing_Sync: the token format is unknown: the org has no ExtlClntAppGlobalOauthSettings /m,
    );
    assert.match(table, /^ {2}warning opaque-access-tokens [^:\n]*, portal, portal_uat: /m);
  });

  it('fits 100 characters, with the findings at the end', async () => {
    const lines = (await audit(2, ['--require-jwt'])).split('\n');
    const start = lines.findIndex((line) => line.startsWith('APP '));
    for (const line of lines.slice(start, start + 12)) assert.ok(line.length <= 100, line);
    assert.match(
      lines.slice(start + 12).join('\n'),
      /^\nRemarks:\n[^]*\n11 apps: 5 ok, 6 findings \(6 errors\)\. Verdict: requirements not met\n$/,
    );
    assert.match(await audit(0), /\n11 apps: 5 ok, 6 findings \(5 warnings, 1 note\)\n$/);
  });

  it('writes the report to a file and prints the summary', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'audit-'));
    try {
      const file = join(folder, 'audit.csv');
      const printed = await audit(2, ['--format', 'csv', '--require-jwt', '--out', file]);
      assert.match(printed, /^11 apps: .*: requirements not met\nWrote .*audit\.csv\n$/);
      const lines = (await readFile(file, 'utf8')).split('\r\n');
      assert.equal(lines.length, 13);
      assert.match(
        lines[1] ?? '',
        new RegExp(`^${org.instanceUrl},${org.organizationId},Agent_Gateway,,Local,`),
      );

      assert.match(
        await audit(1, ['--out', join(folder, 'none', 'audit.txt')]),
        /\[ECA8001\] the result could not be written: ENOENT/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reads several orgs in one run: those that the Salesforce CLI is signed in to', async () => {
    const cli = await startFakeSalesforceCli();
    try {
      const { instanceUrl, accessToken, organizationId: id } = org;
      await cli.behave({ 'org display': jsonResult({ instanceUrl, accessToken, id }) });
      const args = ['audit', '--org', 'dev', '--org', 'uat'];
      const { orgs } = JSON.parse(assertPrinted(0, await callCommandLine([...args, '--json'], {}))) as {
        orgs: { org: string; apps: unknown[] }[];
      };
      assert.deepEqual(
        orgs.map((each) => [each.org, each.apps.length]),
        [
          ['dev', 11],
          ['uat', 11],
        ],
      );
      const asked = (await cli.calls()).map((call) => call[call.indexOf('--target-org') + 1]);
      assert.deepEqual(asked.sort(), ['dev', 'uat']);
      const text = assertPrinted(0, await callCommandLine(args, {}));
      assert.match(text, /\n2 orgs, 22 apps: 10 ok, 12 findings /);
      assert.deepEqual(
        text.split('\n').filter((line) => /^Org |^11 apps: /.test(line)),
        ['dev', 'uat'].flatMap((alias) => [
          `Org "${alias}", ${instanceUrl} (${org.organizationId}), API version 68.0: 11 external client apps`,
          '11 apps: 5 ok, 6 findings (5 warnings, 1 note)',
        ]),
      );
      const folder = await mkdtemp(join(tmpdir(), 'audit-'));
      try {
        const out = join(folder, 'audit.txt');
        const summaries = assertPrinted(0, await callCommandLine([...args, '--out', out], {}));
        assert.match(
          summaries,
          /^Org "dev", \S+ \(\w+\): 11 apps: .*\nOrg "uat", .*\n2 orgs, 22 apps: .*\nWrote /,
        );
      } finally {
        await rm(folder, { recursive: true });
      }

      const sarif: unknown = JSON.parse(
        assertPrinted(0, await callCommandLine([...args, '--format', 'sarif'], {})),
      );
      assertSarif(sarif);
      assert.equal(sarif.runs.length, 2);
    } finally {
      await cli.remove();
    }
  });

  it('sends no more requests for more apps', async () => {
    await audit(0);
    const few = requestKinds(org);
    for (let index = 0; index < 60; index += 1) putApp(org, `App_${index}`);
    org.clearRequests();
    assert.match(await audit(0), /: 71 external client apps\n/);
    assert.deepEqual(requestKinds(org), few);
  });

  it('shows the lifetime of UserSession: the longest session timeout of profiles and org, or 24 hours if the org does not return it', async () => {
    const ledger = async (): Promise<string[]> =>
      (await audit(0, ['--wide']))
        .split('\n')
        .flatMap((line) => (/^acme__Ledger |^Session /.test(line) ? [line] : []));
    const [timeouts = '', row = ''] = await ledger();
    assert.equal(timeouts, 'Session timeouts in minutes: org 120, profile "standard" 60');
    assert.match(row, / {2}up to 120 min \(org\) {2}/);

    putProfileSessionTimeout(org, 'Admin', 480);
    assert.match((await ledger())[1] ?? '', / {2}up to 480 min \(profile\) {2}/);

    org.removeComponent('Settings', 'Security');
    org.clearRequests();
    const [silent = '', unknown = ''] = await ledger();
    assert.match(
      silent,
      /^Session timeouts in minutes: profile "Admin" 480, profile "standard" 60, org unknown, so up to 1440 are possible, because the org did not return Settings/,
    );
    assert.match(unknown, / {2}up to 1440 min \(unknown\) {2}/);
    assert.equal(requestKinds(org).filter((kind) => kind === 'retrieve').length, 1);
    await audit(2, ['--max-minutes', '720']);
  });

  it('exits with 2 only for requirements', async () => {
    const levels = ({ findings }: Report): string[] => [
      ...new Set(findings.map(({ rule, level }) => `${level} ${rule}`)),
    ];
    assert.ok(!levels(await auditJson(0)).some((level) => level.startsWith('error')));
    assert.ok(levels(await auditJson(2, ['--require-jwt'])).includes('error opaque-access-tokens'));
    const limited = await auditJson(2, ['--max-minutes', '20']);
    assert.deepEqual(
      limited.findings.filter(({ app }) => app === 'Partner_API').map(({ rule }) => rule),
      ['named-user-token-lifetime'],
    );
    const guests = await auditJson(2, ['--max-minutes', '1440', '--max-guest-minutes', '10']);
    assert.deepEqual(
      guests.findings.filter(({ level }) => level === 'error').map(({ app, rule }) => `${app} ${rule}`),
      ['Partner_API guest-token-lifetime'],
    );
    await audit(0, ['--max-minutes', '120']);
    await audit(2, ['--max-minutes', '119']);
  });

  it('requires nothing of an exempt app, and reports a name that no app has', async () => {
    const errors = async (code: number, ...exempt: string[]): Promise<string[]> => {
      const args = exempt.flatMap((app) => ['--exempt', app]);
      const { findings } = await auditJson(code, ['--require-jwt', '--max-minutes', '60', ...args]);
      return [...new Set(findings.filter(({ level }) => level === 'error').map(({ app }) => app))];
    };
    const [first, ...others] = await errors(2);
    assert.ok(first !== undefined && others.includes('acme__Billing_Sync'));
    assert.deepEqual(await errors(2, first), others);
    assert.deepEqual(await errors(0, first, ...others), []);
    const { code, stderr } = await callCommandLine(
      ['audit', '--exempt', 'Gone'],
      accessTokenEnvironment(org),
    );
    assert.deepEqual(
      [code, stderr],
      [
        0,
        '[ECA8201] --exempt "Gone": no app has this name. No app has a similar name. Write an app with a namespace as ns__Name\n',
      ],
    );
  });

  it('says which app cannot meet --require-jwt because the audit signs in with it', async () => {
    const environment = {
      SALESFORCE_INSTANCE_URL: org.instanceUrl,
      SALESFORCE_CLIENT_ID: org.clientId,
      SALESFORCE_USERNAME: org.username,
      SALESFORCE_PRIVATE_KEY: org.privateKey,
    };
    const findings = async (...args: string[]): Promise<string[]> => {
      const { stdout } = await callCommandLine(['audit', '--json', ...args], environment);
      return (JSON.parse(stdout) as Report).findings
        .filter(({ app, rule }) => app === 'Deployer' && rule === 'opaque-access-tokens')
        .map(({ level, message }) => `${level} ${message}`);
    };
    const opaque = 'the access tokens are opaque: isNamedUserJwtEnabled is off';
    assert.deepEqual(await findings('--require-jwt'), [
      `error ${opaque}. The audit signs in with this app, which cannot read the org with a JWT-based token below API version 68.0: --exempt Deployer`,
    ]);
    assert.deepEqual(await findings('--require-jwt', '--exempt', 'Deployer'), [`warning ${opaque}`]);
  });

  it('names the org and says what to do if it is refused halfway', async () => {
    org.faults.add({ on: 'listMetadata', do: { kind: 'status', status: 403 } });
    assert.match(
      await audit(1),
      new RegExp(`org ${org.instanceUrl} \\(${org.organizationId}\\) could not be read: `),
    );
    org.faults.clear();
    org.faults.add({ on: 'listMetadata', times: 4, do: { kind: 'sessionExpired' } });
    assert.match(
      await audit(1),
      /could not be read: list\w* was refused: INVALID_SESSION_ID: .*\. .*access token/,
    );
  });

  it('exits with 0 for an org that meets every requirement, and with 2 for one app that cannot be read', async () => {
    for (const [type, name] of Object.keys(original).map((path) => path.split('/'))) {
      if (!name?.startsWith('Partner_API')) org.removeComponent(type ?? '', name ?? '');
    }
    const demands = ['--require-jwt', '--max-minutes', '30', '--max-guest-minutes', '15'];
    assert.deepEqual((await auditJson(0, demands)).findings, []);

    const policies = 'ExtlClntAppOauthConfigurablePolicies';
    org.putComponent(policies, 'second', org.component(policies, 'Partner_API') ?? '');
    const [finding, ...more] = (await auditJson(2, demands)).findings;
    assert.deepEqual(more, []);
    assert.equal(finding?.rule, 'app-not-understood');
    assert.equal(finding.level, 'error');
    assert.match(finding.message, /2 components of type ExtlClntAppOauthConfigurablePolicies/);
    assert.match(await audit(0, ['--wide']), /^Partner_API +- +unknown /m);
  });

  it('as JSON: the results of the reading functions, and the findings', async () => {
    const { orgId, apiVersion, apps, generatedAt, requirements, summary } = await auditJson(0);
    assert.deepEqual([orgId, apiVersion], [org.organizationId, '68.0']);
    assert.equal(new Date(generatedAt).toISOString(), generatedAt);
    assert.equal(requirements.requiresJwt, false);
    assert.deepEqual(summary, { apps: 11, ok: 5, errors: 0, warnings: 5, notes: 1 });
    assert.equal((await auditJson(2, ['--require-jwt'])).summary.verdict, 'notMet');
    const { lastModifiedDate, lastModifiedBy, ...partner } = apps.find(
      ({ externalClientApplication }) => externalClientApplication === 'Partner_API',
    )!;
    assert.ok(typeof lastModifiedDate === 'string' && typeof lastModifiedBy === 'string');
    assert.deepEqual(partner, {
      externalClientApplication: 'Partner_API',
      label: 'Partner & Reseller API "v2"',
      distributionState: 'Local',
      isOauthEnabled: true,
      tokenFormat: 'jwt',
      isNamedUserJwtEnabled: true,
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: 30,
      namedUserTokenLifetime: {
        kind: 'fixed',
        maximumMinutes: 30,
        possibleMinutes: [30],
        source: 'app',
        reason: 'namedUserJwtTimeout',
      },
      isGuestCodeCredFlowEnabled: true,
      guestJwtSessionTimeoutType: 'Custom',
      guestJwtTimeout: 15,
      guestTokenLifetime: {
        kind: 'fixed',
        maximumMinutes: 15,
        possibleMinutes: [15],
        source: 'app',
        reason: 'guestJwtTimeout',
      },
      permittedUsersPolicyType: 'AllSelfAuthorized',
      refreshTokenPolicyType: 'Infinite',
      components: {
        ExternalClientApplication: 'Partner_API',
        ExtlClntAppConfigurablePolicies: 'Partner_API',
        ExtlClntAppGlobalOauthSettings: 'Partner_API_global',
        ExtlClntAppOauthConfigurablePolicies: 'Partner_API',
        ExtlClntAppOauthSettings: 'Partner_API',
      },
    });
  });

  it('as SARIF that is valid by the published schema, and as Markdown', async () => {
    const sarif: unknown = JSON.parse(await audit(2, ['--format', 'sarif', '--require-jwt']));
    assertSarif(sarif);
    const markdown = await audit(0, ['--format', 'markdown']);
    assert.match(markdown, /^\| app \| namespace \|/m);
    assert.match(markdown, /^\| acme\\_\\_Ledger \| acme \| Managed \|/m);
  });

  it('questions an org that returns no apps, in every format for people', async () => {
    for (const [type, name] of Object.keys(original).map((path) => path.split('/'))) {
      if (type === 'ExternalClientApplication') org.removeComponent(type, name ?? '');
    }
    for (const form of ['table', 'markdown']) {
      assert.match(
        await audit(0, ['--format', form, '--require-jwt']),
        /the org returned no external client apps: check the org and the permissions of the user$/m,
      );
    }
  });

  it('works for a user with read access, and fails with one message for a user without', async () => {
    const tokenOf = (role: string): string =>
      org.users.find((user) => user.role === role)?.accessToken ?? assert.fail(role);
    assert.match(await audit(0, [], { token: tokenOf('viewer') }), /11 external client apps/);
    const refused = await audit(1, [], { token: tokenOf('none') });
    assert.equal(refused.trimEnd().split('\n').length, 1);
  });
});

/** The parts of the report that are looked at. */
interface Report {
  orgId: string;
  apiVersion: string;
  generatedAt: string;
  requirements: { requiresJwt: boolean };
  summary: { apps: number; verdict?: string };
  apps: Record<string, unknown>[];
  findings: { rule: string; level: string; app: string; message: string }[];
}
