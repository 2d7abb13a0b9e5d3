import { paint } from '../format/colours.js';
import type { Colour } from '../format/colours.js';
import { oneLine } from '../format/plainText.js';
import { wrapped } from '../format/wrapped.js';
import {
  countResources,
  describeDifference,
  describeResource,
  describeStatus,
  describeUnmanaged,
  groupAlike,
  nextStep,
  statusWords,
} from './describeDrift.js';
import type { DriftReport, DriftStatus } from './report.js';

/** The width of a list of apps, in characters. */
const lineWidth = 100;

const statusColours: Readonly<Record<DriftStatus, Colour>> = {
  clean: 'green',
  pending: 'yellow',
  drifted: 'red',
  both: 'red',
  failed: 'red',
};

/**
 * A report as lines for a person.
 *
 * @param showsClean whether clean resources are listed too
 * @param hasColours whether the lines go to a terminal that shows colours
 */
export function formatDriftText(report: DriftReport, showsClean: boolean, hasColours: boolean): string {
  const statusText = (status: DriftStatus): string =>
    paint(statusWords[status], statusColours[status], hasColours);
  const isUnmanaged = report.unmanaged?.some(({ apps }) => apps.length > 0) === true;
  const colour = isUnmanaged && report.status === 'clean' ? 'yellow' : statusColours[report.status];
  const lines = [`Stack ${report.stack}: ${paint(describeStatus(report), colour, hasColours)}`];
  for (const { resources, statements, differences } of groupAlike(report, showsClean)) {
    lines.push(
      '',
      ...resources.map(
        (resource) => `${oneLine(describeResource(resource))}: ${statusText(resource.status)}`,
      ),
    );
    lines.push(...statements.map((statement) => `  ${oneLine(statement)}`));
    for (const difference of differences) {
      const { field, live, declared, cause, lastModified } = describeDifference(difference);
      lines.push(`  ${field}: the org has ${live}, the program ${declared} (${cause})`);
      if (lastModified !== '') {
        lines.push(`    its component ${lastModified}`);
      }
    }
  }
  const hidesClean = !showsClean && report.resources.some(({ status }) => status === 'clean');
  lines.push('', `${countResources(report)}${hidesClean ? ' (--all lists the clean ones)' : ''}`);
  lines.push(...describeUnmanaged(report).flatMap((line) => wrapped(line, lineWidth, '  ')));
  lines.push(...report.failures.map((failure) => `${paint('Failed', 'red', hasColours)}: ${failure}`));
  lines.push(...report.notes.map((note) => `Note: ${oneLine(note)}`));
  const next = nextStep(report);
  lines.push(...(next === undefined ? [] : [`Next: ${next}`]));
  return `${lines.join('\n')}\n`;
}
