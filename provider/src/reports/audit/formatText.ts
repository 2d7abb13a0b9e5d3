import { oneLine } from '../format/plainText.js';
import { textTable } from '../format/textTable.js';
import type { AuditReport } from './auditReport.js';
import { appCells, appColumns, appRemarks, countApps, describeSessionTimeouts } from './describeAudit.js';

/** An audit as a table and lines for a person. */
export function formatAuditText(report: AuditReport): string {
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${oneLine(line)}`)];
  const heads = appColumns.map((column) => column.toUpperCase());
  return [
    `Org ${report.org} (${report.orgId}), API version ${report.apiVersion}: ${countApps(report.apps)}`,
    oneLine(describeSessionTimeouts(report.sessionTimeouts)),
    ...(report.apps.length === 0 ? [] : ['', ...textTable(heads, report.apps.map(appCells))]),
    ...list('Remarks:', appRemarks(report.apps)),
    ...list(
      'Findings:',
      report.findings.map(({ level, rule, app, message }) => `${level} ${rule} ${app}: ${message}`),
    ),
    '',
  ].join('\n');
}
