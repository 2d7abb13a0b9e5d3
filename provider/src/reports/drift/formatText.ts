import { countResources, describeDifference, describeResource, statusWords } from './describeDrift.js';
import { oneLine } from '../format/plainText.js';
import type { DriftReport } from './report.js';

/** A report as lines for a person. */
export function formatDriftText(report: DriftReport): string {
  const lines = [`Stack ${report.stack}: ${statusWords[report.status]}`];
  for (const resource of report.resources) {
    lines.push('', oneLine(`${describeResource(resource)}: ${statusWords[resource.status]}`));
    lines.push(...resource.statements.map((statement) => `  ${oneLine(statement)}`));
    for (const difference of resource.differences) {
      const { field, live, declared, cause, lastModified } = describeDifference(difference);
      lines.push(`  ${field}: the org has ${live}, the program ${declared} (${cause})`);
      if (lastModified !== '') {
        lines.push(`    ${lastModified}`);
      }
    }
  }
  lines.push('', countResources(report));
  lines.push(...report.failures.map((failure) => `Failed: ${failure}`));
  lines.push(...report.notes.map((note) => `Note: ${oneLine(note)}`));
  return `${lines.join('\n')}\n`;
}
