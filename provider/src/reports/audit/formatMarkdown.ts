import { escapeMarkdown, markdownList, markdownTable } from '../format/markdown.js';
import type { AuditReport } from './auditReport.js';
import { appCells, appColumns, appRemarks, countApps, describeSessionTimeouts } from './describeAudit.js';

/** An audit as Markdown, for a pipeline's summary or a wiki. */
export function formatAuditMarkdown(report: AuditReport): string {
  return [
    `### External client apps of org ${escapeMarkdown(report.org)}`,
    '',
    escapeMarkdown(
      `${countApps(report.apps)}; organization ${report.orgId}, API version ${report.apiVersion}`,
    ),
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
