import assert from 'node:assert/strict';
import { auditOrg, type AuditReport } from '../../../../../provider/src/reports/audit/auditReport.js';
import { formatAuditMarkdown } from '../../../../../provider/src/reports/audit/formatMarkdown.js';
import { formatSarif } from '../../../../../provider/src/reports/audit/formatSarif.js';
import { formatAuditText } from '../../../../../provider/src/reports/audit/formatText.js';
import type { SessionTimeouts } from '../../../../../provider/src/policy/tokenLifetime.js';
import { describeApps } from '../../../../../provider/src/reconcile/describeApps.js';
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
const report: AuditReport = auditOrg(
  {
    label: 'https://acme.my.salesforce.com',
    organizationId: '00D000000000062EAA',
    apiVersion: 68,
    apps: describeApps(shown(components), { apiVersion: 68, ownNamespace: undefined, sessionTimeouts }),
    sessionTimeouts,
    readAt: new Date(0),
  },
  { requiresJwt: true, maximumMinutes: undefined, maximumGuestMinutes: undefined, exemptApps: [] },
);

describe('an audit', () => {
  it('as text: a table without a line break or control character of the org', () => {
    assert.equal(
      formatAuditText(report),
      `Org https://acme.my.salesforce.com (00D000000000062EAA), API version 68.0: 3 external client apps
Session timeouts in minutes: org 120, profile "Sys|Admin <b>" 1440

APP      NAMESPACE  STATE  OAUTH  TOKENS  NAMED USERS                    GUEST FLOW  GUESTS  PERMITTED USERS  REFRESH TOKENS  LAST CHANGE
gateway  -          Local  on     jwt     up to 1440 min (profile)       off         -       |*x*|<script>    Infinite        2026-11-24T07:58:37Z by Ada\uFFFD "Admin"
portal   -          Local  on     opaque  up to 1440 min idle (profile)  off         -       -                -               2026-11-24T07:58:37Z by Ada\uFFFD "Admin"
quiet    -          Local  off    -       -                              -           -       -                -               2026-11-24T07:58:37Z by Ada\uFFFD "Admin"

Remarks:
  quiet: no OAuth: isEnabled is false in ExtlClntAppConfigurablePolicies quiet_plcy

Findings:
  warning named-user-token-lifetime gateway: access tokens of named users live up to 1440 minutes, more than 720 minutes: session timeout of the profile "Sys|Admin <b>" 1440 minutes, of the org 120 minutes
  error opaque-access-tokens portal: it issues opaque access tokens: isNamedUserJwtEnabled is off
  warning named-user-token-lifetime portal: access tokens of named users live up to 1440 minutes without use, more than 720 minutes: session timeout of the profile "Sys|Admin <b>" 1440 minutes, of the org 120 minutes
`,
    );
  });

  it('as Markdown, in which no text leaves its cell', () => {
    const lines = formatAuditMarkdown(report).split('\n');
    assert.equal(lines[0], '### External client apps of org https:&#8203;//acme.my.salesforce.com');
    assert.ok(lines.includes('Session timeouts in minutes: org 120, profile "Sys\\|Admin &lt;b>" 1440'));
    const row = lines.find((line) => line.startsWith('| gateway')) ?? '';
    assert.match(row, /\| \\\|\\\*x\\\*\\\|&lt;script> \|/);
    for (const line of lines.filter((text) => text.startsWith('|'))) {
      assert.ok([12, 5].includes(line.split(/(?<!\\)\|/).length - 1), line);
    }
  });

  it('as SARIF that the published schema accepts, one result a finding, at the file that holds the setting', () => {
    const log: unknown = JSON.parse(formatSarif(report, '1.2.3'));
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

  it('of an org without apps has no table', () => {
    const empty = { ...report, apps: [], findings: [] };
    assert.doesNotMatch(formatAuditText(empty), /APP/);
    assert.doesNotMatch(formatAuditMarkdown(empty), /^\|/m);
    assertSarif(JSON.parse(formatSarif(empty, '1.2.3')));
  });
});
