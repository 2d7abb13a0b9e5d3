import { escapeMarkdown, markdownList, markdownTable } from '../format/markdown.js';
import {
  countResources,
  describeDifference,
  describeStatus,
  describeUnmanaged,
  groupAlike,
  statusWords,
} from './describeDrift.js';
import type { AlikeResources } from './describeDrift.js';
import { describeLastChanges } from './lastChanges.js';
import type { DriftReport } from './report.js';

const columns = [
  'resource',
  'app',
  'status',
  'field',
  'the org has',
  'the program has',
  'why',
  'last modified',
];

/**
 * A report as Markdown, for a pipeline's summary; no text from the org can break out of its cell.
 *
 * @param showsClean whether clean resources are listed too
 */
export function formatDriftMarkdown(report: DriftReport, showsClean: boolean): string {
  return [
    `### Drift of stack ${escapeMarkdown(report.stack)}: ${describeStatus(report)}`,
    '',
    countResources(report),
    ...markdownTable(columns, groupAlike(report, showsClean).flatMap(rowsOf)),
    ...markdownList('Failed', report.failures),
    ...markdownList('Coverage', describeUnmanaged(report)),
    ...markdownList('Notes', report.notes),
    '',
  ].join('\n');
}

/** A row per statement and per field; equal resources share them. */
function rowsOf({ resources, org, status, statements, differences }: AlikeResources): string[][] {
  const apps = resources.map(({ app }) => app).join(', ');
  const names = resources.map(({ name }) => name).join(', ');
  const head = [names, org === undefined ? apps : `${apps} in ${org}`, statusWords[status]];
  const rows = [
    ...statements.map((statement) => [...head, '', '', '', statement, '']),
    ...differences.map((difference) => {
      const { field, live, declared, cause, component, lastModified } = describeDifference(difference);
      const changed =
        resources.length === 1
          ? `${component} ${lastModified}`.trim()
          : describeLastChanges(resources).join('; ');
      return [...head, field, live, declared, cause, changed];
    }),
  ];
  return rows.length === 0 ? [[...head, '', '', '', '', '']] : rows;
}
