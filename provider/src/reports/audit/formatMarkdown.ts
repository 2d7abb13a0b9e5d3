import { escapeMarkdown, markdownList, markdownTable } from '../format/markdown.js';
import type { AuditReport } from './auditReport.js';
import { describeOrg, summaryOf } from './summary.js';
import { appCells, appColumns, appRemarks, countApps, describeSessionTimeouts } from './describeAudit.js';

/**
 * Audits as Markdown, for a pipeline's summary or a wiki.
 *
 * @param hasRequirements whether there are requirements, so that there is a verdict
 */
export function formatAuditMarkdown(reports: readonly AuditReport[], hasRequirements: boolean): string {
  return reports.map((report) => orgMarkdown(report, hasRequirements)).join('\n');
}

function orgMarkdown(report: AuditReport, hasRequirements: boolean): string {
  return [
    `### External client apps of org ${escapeMarkdown(describeOrg(report))}`,
    '',
    `**${escapeMarkdown(summaryOf([report], hasRequirements))}**`,
    '',
    escapeMarkdown(`${countApps(report.apps)}; API version ${report.apiVersion}`),
    '',
    escapeMarkdown(describeSessionTimeouts(report.sessionTimeouts)),
    ...markdownTable(appColumns, report.apps.map(appCells)),
    ...markdownTable(
      ['level', 'rule', 'app', 'finding'],
      report.findings.map(({ level, rule, app, message }) => [level, rule, app, message]),
    ),
    ...markdownList('Remarks', appRemarks(report.apps)),
    '',
  ].join('\n');
}
