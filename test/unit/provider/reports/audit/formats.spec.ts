import assert from 'node:assert/strict';
import {
  auditOrg,
  type Audit,
  type AuditReport,
} from '../../../../../provider/src/reports/audit/auditReport.js';
import { formatAuditMarkdown } from '../../../../../provider/src/reports/audit/formatMarkdown.js';
import { formatSarif } from '../../../../../provider/src/reports/audit/formatSarif.js';
import { formatAuditText } from '../../../../../provider/src/reports/audit/formatText.js';
import { formatAuditCsv } from '../../../../../provider/src/reports/audit/formatCsv.js';
import { auditRules, ruleIds } from '../../../../../provider/src/reports/audit/findings.js';
import { summaryOf, verdictOf } from '../../../../../provider/src/reports/audit/summary.js';
import { formatCsv } from '../../../../../provider/src/reports/format/csv.js';
import type { SessionTimeouts } from '../../../../../provider/src/policy/tokenLifetime.js';
import { describeApps } from '../../../../../provider/src/reconcile/apps/describeApps.js';
import type { Component } from '../../../../../provider/src/components/components.js';
import { assertSarif } from '../../../../support/sarif.js';
import { appComponents, component, shown, type AppElements } from '../../support/reconcile.js';

const sessionTimeouts: SessionTimeouts = {
  orgMinutes: 120,
  profileMinutes: { 'Sys|Admin\n<b>': 1440 },
  unknownReason: undefined,
};
const app = (name: string, elements: AppElements = {}): Component[] => [
  ...Object.values(appComponents(name, elements)),
  component('ExtlClntAppOauthSettings', `${name}_oauth`, { externalClientApplication: name }),
];
const components = [
  ...app('gateway', {
    ExtlClntAppGlobalOauthSettings: { isNamedUserJwtEnabled: 'true' },
    ExtlClntAppOauthConfigurablePolicies: {
      permittedUsersPolicyType: '|*x*|&lt;script>',
      refreshTokenPolicyType: 'Infinite',
    },
  }),
  ...app('portal'),
  ...app('quiet', { ExtlClntAppConfigurablePolicies: { isEnabled: 'false' } }),
].map((each) => ({
  ...each,
  lastModifiedDate: '2026-11-24T07:58:37.000Z',
  lastModifiedByName: 'Ada\u0007 "Admin"',
}));
const requirements = {
  requiresJwt: true,
  maximumMinutes: undefined,
  maximumGuestMinutes: undefined,
  requiresDeclaration: false,
  exemptApps: [],
};
const report: AuditReport = auditOrg(
  {
    label: 'https://acme.my.salesforce.com',
    instanceUrl: 'https://acme.my.salesforce.com',
    signInApp: undefined,
    organizationId: '00D000000000062EAA',
    apiVersion: 68,
    apps: describeApps(shown(components), { apiVersion: 68, ownNamespace: undefined, sessionTimeouts }),
    sessionTimeouts,
    readAt: new Date(0),
  },
  requirements,
);
const auditOf = (reports: readonly AuditReport[], parts: Partial<Audit> = {}): Audit => ({
  generatedAt: '2026-11-30T10:00:00.123Z',
  stack: undefined,
  requirements,
  reports,
  failures: [],
  ...parts,
});
const nothingRequired = { ...requirements, requiresJwt: false };

const wide = { isWide: true, hasColours: false };
const narrow = { ...wide, isWide: false };

describe('an audit', () => {
  it('as text: a table without a line break or control character of the org', () => {
    assert.equal(
      formatAuditText(auditOf([report]), wide),
      `Audit at 2026-11-30T10:00:00Z. Requirements: JWT-based tokens

Org https://acme.my.salesforce.com (00D000000000062EAA), API version 68.0: 3 external client apps
Session timeouts in minutes: org 120, profile "Sys|Admin <b>" 1440

APP      NAMESPACE  STATE  OAUTH  TOKENS  NAMED USERS                    GUEST FLOW  GUESTS  PERMITTED USERS  REFRESH TOKENS  LAST CHANGE
gateway  -          Local  on     jwt     up to 1440 min (profile)       off         -       |*x*|<script>    Infinite        2026-11-24T07:58:37Z by Ada\uFFFD "Admin"
portal   -          Local  on     opaque  up to 1440 min idle (profile)  off         -       -                -               2026-11-24T07:58:37Z by Ada\uFFFD "Admin"
quiet    -          Local  off    -       -                              -           -       -                -               2026-11-24T07:58:37Z by Ada\uFFFD "Admin"

Remarks:
  quiet: no OAuth: isEnabled is false in ExtlClntAppConfigurablePolicies quiet_plcy

Findings:
  error opaque-access-tokens portal: the access tokens are opaque: isNamedUserJwtEnabled is off
  warning named-user-token-lifetime gateway: access tokens of named users live up to 1440 minutes, more than 720 minutes: session timeout of the profile "Sys|Admin <b>" 1440 minutes, of the org 120 minutes
  warning named-user-token-lifetime portal: access tokens of named users live up to 1440 minutes without use, more than 720 minutes: session timeout of the profile "Sys|Admin <b>" 1440 minutes, of the org 120 minutes

What to do:
  opaque-access-tokens: Agent API and hosted MCP servers accept only JWT-based access tokens, and Salesforce lists them as a security control. The developer of the app can turn on isNamedUserJwtEnabled.
  named-user-token-lifetime: A service that validates JWT-based tokens itself does not notice a revocation before they expire. Set namedUserJwtSessionTimeoutType to Custom and set namedUserJwtTimeout; UserSession follows the session settings of the profile and the org.

3 apps: 1 ok, 3 findings (1 error, 2 warnings). Verdict: requirements not met
`,
    );
  });

  it('as a table that fits 100 characters, whatever the names are', () => {
    const long = { ...report.apps[1]!, externalClientApplication: `acme__${'Very_Long_Name_'.repeat(6)}` };
    const lines = formatAuditText(auditOf([{ ...report, apps: [...report.apps, long] }]), narrow).split('\n');
    const start = lines.findIndex((line) => line.startsWith('APP '));
    const table = lines.slice(start, start + 5);
    assert.deepEqual(
      table.map((line) => line.replace(/ {2,}/g, '  ')),
      [
        'APP  TOKENS  NAMED USERS  GUESTS  FINDING',
        'gateway  jwt  up to 1440 min  -  warning: long lifetime',
        'portal  opaque  up to 1440 min idle  -  error: opaque tokens +1',
        'quiet  no OAuth  -  -  ok',
        `${long.externalClientApplication.slice(0, 35)}…  opaque  up to 1440 min idle  -  ok`,
      ],
    );
    for (const line of table) assert.ok(line.length <= 100, line);
  });

  it('says once what to do about each rule, in lines of at most 100 characters; --wide adds the reasons', () => {
    const findings = ruleIds.flatMap((rule) => [
      { ...report.findings[0]!, rule },
      { ...report.findings[0]!, rule, app: 'portal' },
    ]);
    const cures = (text: string): string[] =>
      text
        .slice(text.indexOf('\nWhat to do:\n') + 13, text.lastIndexOf('\n\n'))
        .split(/\n {2}(?! )/)
        .slice(0);
    const short = formatAuditText(auditOf([{ ...report, findings }]), narrow);
    for (const line of short.split('\n')) assert.ok(line.length <= 100, line);
    const all = formatAuditText(auditOf([{ ...report, findings }]), wide);
    for (const rule of ruleIds) {
      const { cure, help } = auditRules[rule];
      const flat = cures(short).map((text) => text.replaceAll(/\s+/g, ' ').trim());
      assert.equal(flat.filter((text) => text === `${rule}: ${cure}`).length, 1, short);
      assert.ok(all.includes(`\n  ${rule}: ${help}\n`), all);
    }
    assert.ok(!formatAuditText(auditOf([{ ...report, findings: [] }]), narrow).includes('What to do'));
  });

  it('shows once what was found for several apps, and has colours if they are wanted', () => {
    const [finding] = report.findings.filter(({ level }) => level === 'error');
    assert.ok(finding);
    const twice = { ...report, findings: [finding, { ...finding, app: 'quiet' }] };
    const text = formatAuditText(auditOf([twice]), { ...narrow, hasColours: true });
    assert.match(text, /^ {2}\u001b\[31merror\u001b\[39m opaque-access-tokens portal, quiet: the access/m);
    assert.match(
      text,
      /\u001b\[31m3 apps: 1 ok, 2 findings \(2 errors\)\. Verdict: requirements not met\u001b/,
    );
    assert.doesNotMatch(formatAuditText(auditOf([twice]), narrow), /\u001b/);
  });

  it('has no line of more than 100 characters, and counts apps whose findings the table shows', () => {
    const [finding] = report.findings.filter(({ level }) => level === 'error');
    assert.ok(finding);
    const names = Array.from({ length: 30 }, (_, index) => `App_${index + 10}`);
    const findings = names.flatMap((app) => [
      { ...finding, app },
      { ...finding, rule: 'not-declared' as const, app },
    ]);
    const lines = formatAuditText(auditOf([{ ...report, findings }]), narrow).split('\n');
    assert.deepEqual(
      lines.filter((line) => line.length > 100),
      [],
    );
    const text = lines.join(' ').replaceAll(/ +/g, ' ');
    assert.ok(
      text.includes('error opaque-access-tokens App_10, App_11 and 28 more: the access tokens'),
      text,
    );
    assert.ok(text.includes(`error not-declared ${names.join(', ')}: `), text);
    const all = formatAuditText(auditOf([{ ...report, findings }]), wide);
    assert.ok(all.includes(`  error opaque-access-tokens ${names.join(', ')}: `), all);
  });

  it('sums up several orgs, and has a verdict only if there are requirements', () => {
    assert.equal(summaryOf(auditOf([])), '0 apps: 0 ok, 0 findings. Verdict: requirements met');
    assert.equal(
      summaryOf(
        auditOf([report, { ...report, orgId: '00D000000000063EAA' }], { requirements: nothingRequired }),
      ),
      '6 apps: 2 ok, 6 findings (2 errors, 4 warnings)',
    );
  });

  it('as CSV that conforms to RFC 4180, without a formula in a cell', () => {
    const [first, ...others] = report.apps;
    const hostile = { ...first!, permittedUsersPolicyType: '=HYPERLINK("http://x")', lastModifiedBy: '@a,b' };
    const lines = formatAuditCsv(auditOf([{ ...report, apps: [hostile, ...others] }])).split('\r\n');
    assert.equal(lines.at(-1), '');
    assert.equal(
      lines[0],
      'org,organization,app,namespace,state,OAuth,tokens,named users,guest flow,guests,permitted users,refresh tokens,last change,level,findings',
    );
    assert.match(
      lines[1] ?? '',
      /^https:\/\/acme\.my\.salesforce\.com,00D000000000062EAA,gateway,,Local,on,jwt,up to 1440 min \(profile\),off,,"'=HYPERLINK\(""http:\/\/x""\)",Infinite,"2026-11-24T07:58:37Z by @a,b",warning,"named-user-token-lifetime: .*"$/,
    );
    assert.equal(lines.length, 5);
    for (const start of ['=1', '+1', '-1', '@x', ' =1', '\t=1', '\r+1'])
      assert.match(formatCsv(['head'], [[start]]), /^head\r\n' ?[=+\-@]/);
    assert.doesNotMatch(lines.join('\n').replaceAll('\n', ''), /[\r\n\u0007]/);
  });

  it('as Markdown, in which no text breaks out of its cell', () => {
    const lines = formatAuditMarkdown(auditOf([report])).split('\n');
    assert.equal(
      lines[0],
      '### External client apps of org https:&#8203;//acme.my.salesforce.com (00D000000000062EAA)',
    );
    assert.ok(lines.includes('Session timeouts in minutes: org 120, profile "Sys\\|Admin &lt;b>" 1440'));
    const row = lines.find((line) => line.startsWith('| gateway')) ?? '';
    assert.match(row, /\| \\\|\\\*x\\\*\\\|&lt;script> \|/);
    for (const line of lines.filter((text) => text.startsWith('|'))) {
      assert.ok([12, 5].includes(line.split(/(?<!\\)\|/).length - 1), line);
    }
  });

  it('as SARIF that the published schema accepts, one result per finding, at the file with the setting', () => {
    const log: unknown = JSON.parse(formatSarif(auditOf([report]), '1.2.3'));
    assertSarif(log);
    const [run] = log.runs;
    assert.deepEqual(
      run?.results?.map(({ ruleId, level, locations }) => [
        ruleId,
        level,
        locations?.[0]?.physicalLocation?.artifactLocation?.uri,
        locations?.[0]?.logicalLocations?.[0]?.fullyQualifiedName,
      ]),
      [
        [
          'named-user-token-lifetime',
          'warning',
          'extlClntAppOauthPolicies/gateway_oauthPlcy.ecaOauthPlcy',
          '00D000000000062EAA/gateway',
        ],
        [
          'opaque-access-tokens',
          'error',
          'extlClntAppGlobalOauthSets/portal_glbloauth.ecaGlblOauth',
          '00D000000000062EAA/portal',
        ],
        [
          'named-user-token-lifetime',
          'warning',
          'extlClntAppOauthPolicies/portal_oauthPlcy.ecaOauthPlcy',
          '00D000000000062EAA/portal',
        ],
      ],
    );
    for (const { ruleId, ruleIndex } of run.results ?? []) {
      assert.equal(run.tool.driver.rules?.[ruleIndex ?? -1]?.id, ruleId);
    }
  });

  it('reports in every format which org was not read, and how many were', () => {
    const failures = [{ org: 'uat', message: '[ECA1501] connection refused' }];
    const clean = { ...report, findings: [] };
    const audit = auditOf([clean], { stack: 'acme/dev', failures });
    const summary =
      '1 of 2 orgs read, 3 apps: 3 ok, 0 findings. Verdict: unknown, because not every org was read (exit code 1)';
    const text = formatAuditText(audit, narrow);
    assert.match(
      text,
      /^Audit at 2026-11-30T10:00:00Z, stack acme\/dev\. Requirements: JWT-based tokens\n\nOrg /,
    );
    assert.ok(text.endsWith(`\nOrg "uat": not read: [ECA1501] connection refused\n\n${summary}\n`), text);
    const markdown = formatAuditMarkdown(audit).split('\n');
    assert.ok(
      markdown.includes('Org "uat": not read: \\[ECA1501\\] connection refused'),
      markdown.join('\n'),
    );
    assert.ok(markdown.includes(`**${summary}**`));
    assert.equal(
      formatAuditCsv(audit).split('\r\n').at(-2),
      `uat,${','.repeat(12)}not read,[ECA1501] connection refused`,
    );
    const log: unknown = JSON.parse(formatSarif(audit, '1.2.3'));
    assertSarif(log);
    assert.deepEqual(
      log.runs.map(({ invocations }) => invocations?.map(({ executionSuccessful }) => executionSuccessful)),
      [[true], [false]],
    );
    assert.match(
      log.runs[1]?.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text ?? '',
      /^Org "uat": not read: /,
    );
  });

  it('distinguishes apps that are merely not declared from other findings', () => {
    const [finding] = report.findings.filter(({ level }) => level === 'error');
    assert.ok(finding);
    const undeclared = { ...report, findings: [{ ...finding, rule: 'not-declared' as const }] };
    assert.deepEqual(
      [[], [undeclared], [undeclared, report]].map((reports) => verdictOf(reports)),
      ['met', 'undeclaredApps', 'notMet'],
    );
    assert.match(
      summaryOf(auditOf([undeclared])),
      /Verdict: requirements not met: only undeclared apps \(exit code 3\)$/,
    );
  });

  it('remarks on the app that it signs in with, which is not a finding', () => {
    const remark = 'portal: not counted as undeclared: the command signs in with it';
    const signedIn = auditOf([{ ...report, signInApp: 'portal' }]);
    assert.ok(formatAuditText(signedIn, narrow).includes(`  ${remark}\n`));
    assert.ok(formatAuditMarkdown(signedIn).includes(`- ${remark}\n`));
  });

  it('has no table for an org without apps', () => {
    const empty = { ...report, apps: [], findings: [] };
    assert.doesNotMatch(formatAuditText(auditOf([empty]), narrow), /APP/);
    assert.doesNotMatch(formatAuditMarkdown(auditOf([empty])), /^\|/m);
    assertSarif(JSON.parse(formatSarif(auditOf([empty]), '1.2.3')));
  });
});
