import { escapeMarkdown, markdownList, markdownTable } from '../format/markdown.js';
import type { Audit, AuditReport } from './auditReport.js';
import {
  auditHead,
  describeNotRead,
  describeOrg,
  hasSeveralOrgs,
  ofOneOrg,
  overallSummary,
  summaryOf,
} from './summary.js';
import { auditRules, rulesOf } from './findings.js';
import { appCells, appColumns, auditRemarks, countApps, describeSessionTimeouts } from './describeAudit.js';

/** Audits as Markdown, for a pipeline's summary or a wiki. */
export function formatAuditMarkdown(audit: Audit): string {
  return [
    ...audit.reports.map((report) => orgMarkdown(report, audit)),
    ...audit.failures.map((failure) => `${escapeMarkdown(describeNotRead(failure))}\n`),
    ...(hasSeveralOrgs(audit) ? [`**${escapeMarkdown(overallSummary(audit))}**\n`] : []),
    `${escapeMarkdown(auditHead(audit))}\n`,
  ].join('\n');
}

function orgMarkdown(report: AuditReport, audit: Audit): string {
  return [
    `### External client apps of org ${escapeMarkdown(describeOrg(report))}`,
    '',
    `**${escapeMarkdown(summaryOf(ofOneOrg(audit, report)))}**`,
    '',
    escapeMarkdown(`${countApps(report.apps)}; API version ${report.apiVersion}`),
    '',
    escapeMarkdown(describeSessionTimeouts(report.sessionTimeouts)),
    ...markdownTable(appColumns, report.apps.map(appCells)),
    ...markdownTable(
      ['level', 'rule', 'app', 'finding'],
      report.findings.map(({ level, rule, app, message }) => [level, rule, app, message]),
    ),
    ...markdownList(
      'What to do',
      rulesOf(report.findings).map((rule) => `${rule}: ${auditRules[rule].cure}`),
    ),
    ...markdownList('Remarks', auditRemarks(report)),
    '',
  ].join('\n');
}
