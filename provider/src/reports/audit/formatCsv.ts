import { formatCsv } from '../format/csv.js';
import type { AuditReport } from './auditReport.js';
import { appCells, appColumns, nothing } from './describeAudit.js';
import { worstLevel } from './summary.js';

/** Audits as CSV: one line per app, with the organization first and the findings last. */
export function formatAuditCsv(reports: readonly AuditReport[]): string {
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
  return formatCsv(['org', 'organization', ...appColumns, 'level', 'findings'], rows);
}
