import { paint } from '../format/colours.js';
import { oneLine } from '../format/plainText.js';
import { textTable } from '../format/textTable.js';
import { wrapped } from '../format/wrapped.js';
import type { Audit, AuditReport } from './auditReport.js';
import {
  appCells,
  appColumns,
  auditRemarks,
  countApps,
  describeSessionTimeouts,
  narrowCells,
  narrowColumns,
} from './describeAudit.js';
import { auditRules, findingLevels, rulesOf } from './findings.js';
import type { Finding } from './findings.js';
import {
  auditHead,
  describeNotRead,
  describeOrg,
  hasSeveralOrgs,
  ofOneOrg,
  overallSummary,
  summarise,
  summaryOf,
} from './summary.js';

/** The width of the lines, in characters. */
const narrowWidth = 100;

/** So many apps of a finding are named; of more the first two, unless the table does not show what was found. */
const mostNamed = 3;

/** How audits are shown. */
export interface AuditTextOptions {
  /** Whether the table has every column, a finding every name and a cure its reasons, at any width. */
  isWide: boolean;
  /** Whether the lines go to a terminal that shows colours. */
  hasColours: boolean;
}

/** Audits as tables and lines for a person, the summary of all at the end. */
export function formatAuditText(audit: Audit, options: AuditTextOptions): string {
  const { reports, failures } = audit;
  const summary = overallSummary(audit);
  const { verdict } = summarise(audit);
  const width = options.isWide ? Infinity : narrowWidth;
  return [
    ...wrapped(oneLine(auditHead(audit)), width, '  '),
    '',
    ...reports.flatMap((report) => [
      ...orgLines(report, options),
      ...(hasSeveralOrgs(audit) ? ['', summaryOf(ofOneOrg(audit, report))] : []),
      '',
    ]),
    ...failures.flatMap((failure) => [...wrapped(describeNotRead(failure), width, '  '), '']),
    verdict === undefined ? summary : paint(summary, verdict === 'met' ? 'green' : 'red', options.hasColours),
    '',
  ].join('\n');
}

function orgLines(report: AuditReport, { isWide, hasColours }: AuditTextOptions): string[] {
  const { apps, findings } = report;
  const width = isWide ? Infinity : narrowWidth;
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.flatMap((line) => wrapped(`  ${line}`, width, '    '))];
  const capitals = (columns: readonly string[]): string[] => columns.map((column) => column.toUpperCase());
  const table = isWide
    ? textTable(capitals(appColumns), apps.map(appCells))
    : textTable(
        capitals(narrowColumns),
        apps.map((app) => narrowCells(app, findings)),
        narrowWidth,
      );
  return [
    ...wrapped(
      oneLine(`Org ${describeOrg(report)}, API version ${report.apiVersion}: ${countApps(apps)}`),
      width,
      '  ',
    ),
    ...wrapped(oneLine(describeSessionTimeouts(report.sessionTimeouts)), width, '  '),
    ...(apps.length === 0 ? [] : ['', ...table]),
    ...list('Remarks:', auditRemarks(report).map(oneLine)),
    ...list('Findings:', findingLines(findings, isWide)).map((line) => (hasColours ? coloured(line) : line)),
    ...list('What to do:', cureLines(findings, isWide)),
  ];
}

const levelColours = { error: 'red', warning: 'yellow' } as const;

/** The worst first; what was found at several apps is one line. */
function findingLines(findings: readonly Finding[], isWide: boolean): string[] {
  const apps = new Map<string, { finding: Finding; names: string[] }>();
  for (const finding of findingLevels.flatMap((level) => findings.filter((each) => each.level === level))) {
    const key = JSON.stringify([finding.level, finding.rule, finding.message]);
    const known = apps.get(key);
    if (known === undefined) apps.set(key, { finding, names: [finding.app] });
    else known.names.push(finding.app);
  }
  return [...apps.values()].map(({ finding: { level, rule, message }, names }) => {
    const shown =
      isWide || names.length <= mostNamed || rule === 'not-declared'
        ? names.join(', ')
        : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
    return oneLine(`${level} ${rule} ${shown}: ${message}`);
  });
}

/** What to do about each rule, with the reasons if there is room for them. */
const cureLines = (findings: readonly Finding[], isWide: boolean): string[] =>
  rulesOf(findings).map((rule) => `${rule}: ${isWide ? auditRules[rule].help : auditRules[rule].cure}`);

/** A line of a finding with its level in colour. */
function coloured(line: string): string {
  return line.replace(
    /^ {2}(error|warning)\b/,
    (_, level: 'error' | 'warning') => `  ${paint(level, levelColours[level], true)}`,
  );
}
