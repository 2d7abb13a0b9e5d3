import { countOf } from '../format/count.js';
import { orgName } from '../format/orgName.js';
import { oneLine } from '../format/plainText.js';
import { wholeSeconds } from '../format/wholeSeconds.js';
import type { Audit, AuditFailure, AuditReport } from './auditReport.js';
import { areAskedFor, findingLevels } from './findings.js';
import type { Finding, Requirements } from './findings.js';

/** The worst level of some findings; `undefined` for none. */
export function worstLevel(findings: readonly Finding[]): Finding['level'] | undefined {
  return findingLevels.find((level) => findings.some((finding) => finding.level === level));
}

/** Whether requirements are met; `undeclaredApps`: only apps that no resource declares do not meet them. */
export type Verdict = 'met' | 'notMet' | 'undeclaredApps';

/** The verdict on orgs that were read. */
export function verdictOf(reports: readonly Pick<AuditReport, 'findings'>[]): Verdict {
  const errors = reports.flatMap(({ findings }) => findings.filter(({ level }) => level === 'error'));
  if (errors.length === 0) {
    return 'met';
  }
  return errors.every(({ rule }) => rule === 'not-declared') ? 'undeclaredApps' : 'notMet';
}

const verdictWords: Readonly<Record<Verdict | 'unknown', string>> = {
  met: 'requirements met',
  notMet: 'requirements not met',
  undeclaredApps: 'requirements not met: only undeclared apps (exit code 3)',
  unknown: 'unknown, because not every org was read (exit code 1)',
};

/** The summary of an audit as numbers. */
export interface AuditSummary {
  /** The apps of the orgs that were read. */
  apps: number;
  /** The apps without a finding. */
  ok: number;
  errors: number;
  warnings: number;
  notes: number;
  /** `undefined` if nothing was required; `unknown`: an org could not be read, and the others meet the requirements. */
  verdict: Verdict | 'unknown' | undefined;
}

/** Counts apps and findings, and gives the verdict. */
export function summarise({
  reports,
  failures,
  requirements,
}: Pick<Audit, 'reports' | 'failures' | 'requirements'>): AuditSummary {
  const levels = reports.flatMap(({ findings }) => findings.map(({ level }) => level));
  const count = (wanted: Finding['level']): number => levels.filter((level) => level === wanted).length;
  const apps = reports.reduce((sum, report) => sum + report.apps.length, 0);
  const found = reports.reduce((sum, report) => sum + new Set(report.findings.map(({ app }) => app)).size, 0);
  const verdict = verdictOf(reports);
  return {
    apps,
    ok: apps - found,
    errors: count('error'),
    warnings: count('warning'),
    notes: count('note'),
    verdict: !areAskedFor(requirements)
      ? undefined
      : failures.length > 0 && verdict !== 'notMet'
        ? 'unknown'
        : verdict,
  };
}

/** The summary in words, such as `41 apps: 30 ok, 12 findings (1 error, 11 warnings). Verdict: requirements not met`. */
export function summaryOf(audit: Pick<Audit, 'reports' | 'failures' | 'requirements'>): string {
  const { apps, ok, errors, warnings, notes, verdict } = summarise(audit);
  const levels = [countOf(errors, 'error'), countOf(warnings, 'warning'), countOf(notes, 'note')].filter(
    (text) => !text.startsWith('0 '),
  );
  const details = levels.length === 0 ? '' : ` (${levels.join(', ')})`;
  return (
    `${countOf(apps, 'app')}: ${ok} ok, ${countOf(errors + warnings + notes, 'finding')}${details}` +
    (verdict === undefined ? '' : `. Verdict: ${verdictWords[verdict]}`)
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

/** The audit of one org of several. */
export function ofOneOrg(audit: Audit, report: AuditReport): Audit {
  return { ...audit, reports: [report], failures: [] };
}

/** Whether an audit is about several orgs, read or not. */
export function hasSeveralOrgs({ reports, failures }: Audit): boolean {
  return reports.length + failures.length > 1;
}

/** An org that could not be read, such as `Org "uat": not read: …`. */
export function describeNotRead({ org, message }: AuditFailure): string {
  return `Org ${orgName(org)}: not read: ${oneLine(message)}`;
}

/** The summary of the whole audit; of several orgs with how many were read. */
export function overallSummary(audit: Audit): string {
  const { reports, failures } = audit;
  const orgs =
    failures.length === 0
      ? countOf(reports.length, 'org')
      : `${reports.length} of ${countOf(reports.length + failures.length, 'org')} read`;
  return `${hasSeveralOrgs(audit) ? `${orgs}, ` : ''}${summaryOf(audit)}`;
}

/** The summary; with several orgs that of each, and one of all. */
export function summaryLines(audit: Audit): string[] {
  return [
    ...(hasSeveralOrgs(audit)
      ? [
          ...audit.reports.map(
            (report) => `Org ${describeOrg(report)}: ${summaryOf(ofOneOrg(audit, report))}`,
          ),
          ...audit.failures.map(describeNotRead),
        ]
      : []),
    overallSummary(audit),
  ];
}

/** When an audit was made, of which stack, and what it required; no full stop at the end. */
export function auditHead({ generatedAt, stack, requirements }: Audit): string {
  const ofStack = stack === undefined ? '' : `, stack ${stack}`;
  return `Audit at ${wholeSeconds(generatedAt)}${ofStack}. Requirements: ${describeRequirements(requirements)}`;
}

function describeRequirements(requirements: Requirements): string {
  const { requiresJwt, maximumMinutes, maximumGuestMinutes, requiresDeclaration, exemptApps } = requirements;
  const parts = [
    ...(requiresJwt ? ['JWT-based tokens'] : []),
    ...(maximumMinutes === undefined ? [] : [`named users at most ${countOf(maximumMinutes, 'minute')}`]),
    ...(maximumGuestMinutes === undefined
      ? []
      : [`guests at most ${countOf(maximumGuestMinutes, 'minute')}`]),
    ...(requiresDeclaration ? ['every app declared'] : []),
  ];
  const exempt = exemptApps.length === 0 || parts.length === 0 ? '' : `; exempt: ${exemptApps.join(', ')}`;
  return `${parts.length === 0 ? 'none' : parts.join(', ')}${exempt}`;
}
