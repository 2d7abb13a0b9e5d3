import { countOf } from '../format/count.js';
import { orgName } from '../format/orgName.js';
import type { AuditReport } from './auditReport.js';
import { findingLevels } from './findings.js';
import type { Finding } from './findings.js';

/** The worst level of some findings; `undefined` for none. */
export function worstLevel(findings: readonly Finding[]): Finding['level'] | undefined {
  return findingLevels.find((level) => findings.some((finding) => finding.level === level));
}

/** How many apps are fine, what was found, and the verdict, such as `41 apps: 30 ok, 12 findings (1 error, 11 warnings): not met`. */
export function summaryOf(reports: readonly AuditReport[], hasRequirements: boolean): string {
  const findings = reports.flatMap((report) => report.findings);
  const apps = reports.reduce((sum, report) => sum + report.apps.length, 0);
  const found = reports.reduce((sum, report) => sum + new Set(report.findings.map(({ app }) => app)).size, 0);
  const levels = findingLevels
    .map((level) => countOf(findings.filter((finding) => finding.level === level).length, level))
    .filter((text) => !text.startsWith('0 '));
  const details = levels.length === 0 ? '' : ` (${levels.join(', ')})`;
  const verdict = worstLevel(findings) === 'error' ? 'requirements not met' : 'requirements met';
  return (
    `${countOf(apps, 'app')}: ${apps - found} ok, ${countOf(findings.length, 'finding')}${details}` +
    (hasRequirements ? `. Verdict: ${verdict}` : '')
  );
}

/** How a report names an org: its alias if it has one, its address, and its id. */
export function describeOrg({
  org,
  instanceUrl,
  orgId,
}: Pick<AuditReport, 'org' | 'instanceUrl' | 'orgId'>): string {
  const alias = URL.canParse(org) ? [] : [orgName(org)];
  return `${[...alias, instanceUrl].join(', ')} (${orgId})`;
}

/** The summary; with several orgs that of each, and one of all. */
export function summaryLines(reports: readonly AuditReport[], hasRequirements: boolean): string[] {
  const all = summaryOf(reports, hasRequirements);
  return reports.length === 1
    ? [all]
    : [
        ...reports.map((report) => `Org ${describeOrg(report)}: ${summaryOf([report], hasRequirements)}`),
        `${countOf(reports.length, 'org')}, ${all}`,
      ];
}
