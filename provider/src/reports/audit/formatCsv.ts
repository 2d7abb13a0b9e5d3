import { formatCsv } from '../format/csv.js';
import type { Audit } from './auditReport.js';
import { appCells, appColumns, nothing } from './describeAudit.js';
import { worstLevel } from './summary.js';

/**
 * Audits as CSV: one line per app, with the organization first and the findings last. An org that could not be read is one line, without
 * an app.
 */
export function formatAuditCsv({ reports, failures }: Pick<Audit, 'reports' | 'failures'>): string {
  const rows = reports.flatMap(({ org, orgId, apps, findings }) =>
    apps.map((app) => {
      const found = findings.filter((finding) => finding.app === app.externalClientApplication);
      return [
        org,
        orgId,
        ...appCells(app).map((cell) => (cell === nothing ? '' : cell)),
        worstLevel(found) ?? 'ok',
        found.map(({ rule, message }) => `${rule}: ${message}`).join('; '),
      ];
    }),
  );
  const unread = failures.map(({ org, message }) => [
    org,
    '',
    ...appColumns.map(() => ''),
    'not read',
    message,
  ]);
  return formatCsv(['org', 'organization', ...appColumns, 'level', 'findings'], [...rows, ...unread]);
}
