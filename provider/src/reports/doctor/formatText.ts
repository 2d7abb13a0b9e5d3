import { orgName } from '../format/orgName.js';
import { oneLine } from '../format/plainText.js';
import { textTable } from '../format/textTable.js';
import type { DoctorReport } from './doctorReport.js';
import type { Who } from './guides.js';

const statusOrder = ['missing', 'unknown', 'advice', 'ok'] as const;

/** A doctor report as lines for a person, missing items first. */
export function formatDoctorText(report: DoctorReport): string {
  const { app, org, orgId, title, isReady, checks, notShown, guide } = report;
  const rows = statusOrder.flatMap((status) =>
    checks
      .filter((check) => check.status === status)
      .map(({ name, text, who }) => [status, name, status === 'ok' ? '' : whoText(who, report), text]),
  );
  return [
    `App ${app} in org ${orgName(org)} (${orgId}) is ${isReady ? '' : 'not '}ready for ${title}`,
    '',
    ...textTable(['STATUS', 'WHAT', 'WHO', 'FOUND'], rows),
    '',
    "Not checked, because the app's settings do not show it:",
    ...notShown.map(({ text, who }) => `  ${oneLine(text)} (${whoText(who, report)})`),
    'A new app, key or setting can take up to 30 minutes to take effect.',
    `Guide: ${guide}`,
    '',
  ].join('\n');
}

function whoText(who: Who, { namespace }: DoctorReport): string {
  switch (who) {
    case 'developer':
      return namespace === undefined ? 'developer of the app' : `developer of the package ${namespace}`;
    case 'subscriberAdmin':
      return 'admin (app policies)';
    case 'orgAdmin':
      return 'admin of the org';
  }
}
