import { paint } from '../format/colours.js';
import { oneLine } from '../format/plainText.js';
import { textTable } from '../format/textTable.js';
import type { AuditReport } from './auditReport.js';
import {
  appCells,
  appColumns,
  appRemarks,
  countApps,
  describeSessionTimeouts,
  narrowCells,
  narrowColumns,
} from './describeAudit.js';
import { findingLevels } from './findings.js';
import type { Finding } from './findings.js';
import { summaryOf } from './summary.js';

/** The width of the table, in characters. */
const narrowWidth = 100;

/** How audits are shown. */
export interface AuditTextOptions {
  /** Whether anything was asked of the apps, so that there is a verdict. */
  hasRequirements: boolean;
  /** Whether the table has every column, whatever its width. */
  isWide: boolean;
  /** Whether the lines go to a terminal that shows colours. */
  hasColours: boolean;
}

/** Audits as tables and lines for a person, the summary of all at the end. */
export function formatAuditText(reports: readonly AuditReport[], options: AuditTextOptions): string {
  const summary = summaryOf(reports, options.hasRequirements);
  const isBad = reports.some(({ findings }) => findings.some(({ level }) => level === 'error'));
  return [
    ...reports.flatMap((report) => [...orgLines(report, options), '']),
    options.hasRequirements ? paint(summary, isBad ? 'red' : 'green', options.hasColours) : summary,
    '',
  ].join('\n');
}

function orgLines(report: AuditReport, { isWide, hasColours }: AuditTextOptions): string[] {
  const { apps, findings } = report;
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
  const capitals = (columns: readonly string[]): string[] => columns.map((column) => column.toUpperCase());
  const table = isWide
    ? textTable(capitals(appColumns), apps.map(appCells))
    : textTable(
        capitals(narrowColumns),
        apps.map((app) => narrowCells(app, findings)),
        narrowWidth,
      );
  return [
    `Org ${report.org} (${report.orgId}), API version ${report.apiVersion}: ${countApps(apps)}`,
    oneLine(describeSessionTimeouts(report.sessionTimeouts)),
    ...(apps.length === 0 ? [] : ['', ...table]),
    ...list('Remarks:', appRemarks(apps).map(oneLine)),
    ...list('Findings:', findingLines(findings, hasColours)),
  ];
}

const levelColours = { error: 'red', warning: 'yellow', note: undefined } as const;

/** The worst first; what was found at several apps is one line. */
function findingLines(findings: readonly Finding[], hasColours: boolean): string[] {
  const apps = new Map<string, { finding: Finding; names: string[] }>();
  for (const finding of findingLevels.flatMap((level) => findings.filter((each) => each.level === level))) {
    const key = JSON.stringify([finding.level, finding.rule, finding.message]);
    const known = apps.get(key);
    if (known === undefined) apps.set(key, { finding, names: [finding.app] });
    else known.names.push(finding.app);
  }
  return [...apps.values()].map(({ finding: { level, rule, message }, names }) => {
    const colour = levelColours[level];
    const levelText = colour === undefined ? level : paint(level, colour, hasColours);
    return `${levelText} ${oneLine(`${rule} ${names.join(', ')}: ${message}`)}`;
  });
}
