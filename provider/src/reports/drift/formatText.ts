import { paint } from '../format/colours.js';
import type { Colour } from '../format/colours.js';
import { oneLine } from '../format/plainText.js';
import { wrapped } from '../format/wrapped.js';
import {
  countResources,
  describeDifference,
  describeResources,
  describeStatus,
  describeUnmanaged,
  groupAlike,
  nextStep,
  statusWords,
} from './describeDrift.js';
import { describeLastChanges } from './lastChanges.js';
import type { DriftReport, DriftStatus } from './report.js';

/** The width of the lines, in characters. */
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
  for (const alike of groupAlike(report, showsClean)) {
    const [head = '', ...names] = describeResources(alike);
    const details = [
      ...names,
      ...alike.statements,
      ...alike.differences.map((difference) => {
        const { field, live, declared, cause } = describeDifference(difference);
        return `${field}: the org has ${live}, the program ${declared} (${cause})`;
      }),
      ...describeLastChanges(alike.resources),
    ];
    lines.push(
      '',
      `${oneLine(head)}: ${statusText(alike.status)}`,
      ...details.flatMap((detail) => wrapped(`  ${oneLine(detail)}`, lineWidth, '    ')),
    );
  }
  const hidesClean = !showsClean && report.resources.some(({ status }) => status === 'clean');
  lines.push('', `${countResources(report)}${hidesClean ? ' (--all lists the clean ones)' : ''}`);
  lines.push(...describeUnmanaged(report).flatMap((line) => wrapped(line, lineWidth, '  ')));
  lines.push(...report.failures.map((failure) => `${paint('Failed', 'red', hasColours)}: ${failure}`));
  lines.push(...report.notes.flatMap((note) => wrapped(`Note: ${oneLine(note)}`, lineWidth, '  ')));
  const next = nextStep(report);
  lines.push(...(next === undefined ? [] : wrapped(`Next: ${next}`, lineWidth, '  ')));
  return `${lines.join('\n')}\n`;
}
