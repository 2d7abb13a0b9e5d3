import { countResources, describeDifference, statusWords } from './describeDrift.js';
import type { DriftReport, ResourceDrift } from './report.js';

/** A report as Markdown, for a pipeline's summary; no text of the org can leave its cell. */
export function formatMarkdown(report: DriftReport): string {
  const rows = report.resources.flatMap(rowsOf);
  const list = (title: string, texts: readonly string[]): string[] =>
    texts.length === 0 ? [] : ['', `**${title}**`, '', ...texts.map((text) => `- ${escape(text)}`)];
  return [
    `### Drift of stack ${escape(report.stack)}: ${statusWords[report.status]}`,
    '',
    countResources(report),
    ...(rows.length === 0
      ? []
      : [
          '',
          '| resource | app | status | field | the org has | the program has | why | last modified |',
          '| --- | --- | --- | --- | --- | --- | --- | --- |',
          ...rows.map((cells) => `| ${cells.map(escape).join(' | ')} |`),
        ]),
    ...list('Failed', report.failures),
    ...list('Notes', report.notes),
    '',
  ].join('\n');
}

function rowsOf(resource: ResourceDrift): string[][] {
  const app = resource.org === undefined ? resource.app : `${resource.app} in ${resource.org}`;
  const head = [resource.name, app, statusWords[resource.status]];
  const rows = [
    ...resource.statements.map((statement) => [...head, '', '', '', statement, '']),
    ...resource.differences.map((difference) => {
      const { field, live, declared, cause, lastModified } = describeDifference(difference);
      return [...head, field, live, declared, cause, lastModified];
    }),
  ];
  return rows.length === 0 ? [[...head, '', '', '', '', '']] : rows;
}

/** Every character that Markdown or HTML gives a meaning is escaped; the underscore of names only where it could emphasise. */
function escape(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*[\]|~#]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_');
}
