import { escapeMarkdown, markdownList, markdownTable } from '../format/markdown.js';
import {
  countResources,
  describeDifference,
  describeStatus,
  describeUnmanaged,
  groupAlike,
  statusWords,
} from './describeDrift.js';
import type { DriftReport, ResourceDrift } from './report.js';

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
  const shown = groupAlike(report, showsClean).flatMap(({ resources }) => resources);
  return [
    `### Drift of stack ${escapeMarkdown(report.stack)}: ${describeStatus(report)}`,
    '',
    countResources(report),
    ...markdownTable(columns, shown.flatMap(rowsOf)),
    ...markdownList('Failed', report.failures),
    ...markdownList('Coverage', describeUnmanaged(report)),
    ...markdownList('Notes', report.notes),
    '',
  ].join('\n');
}

function rowsOf(resource: ResourceDrift): string[][] {
  const app = resource.org === undefined ? resource.app : `${resource.app} in ${resource.org}`;
  const head = [resource.name, app, statusWords[resource.status]];
  const rows = [
    ...resource.statements.map((statement) => [...head, '', '', '', statement, '']),
    ...resource.differences.map((difference) => {
      const { field, live, declared, cause, component, lastModified } = describeDifference(difference);
      return [...head, field, live, declared, cause, `${component} ${lastModified}`.trim()];
    }),
  ];
  return rows.length === 0 ? [[...head, '', '', '', '', '']] : rows;
}
