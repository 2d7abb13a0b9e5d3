import { oneLine } from '../format/plainText.js';
import { describeValue } from '../../policy/difference.js';
import type { DifferenceCause, DriftReport, DriftStatus, FieldDifference, ResourceDrift } from './report.js';
import { driftStatuses } from './report.js';

/** How reports call a state. */
export const statusWords: Readonly<Record<DriftStatus, string>> = {
  clean: 'clean',
  notApplied: 'not applied yet',
  drifted: 'drifted',
  failed: 'failed',
};

const causeWords: Readonly<Record<DifferenceCause, string>> = {
  changedInOrg: 'changed in the org',
  notApplied: 'not applied yet: the program changed, the org did not',
  undetermined:
    'org or program changed: the state was refreshed since the last up, so which of them cannot be told',
};

/** The words for a field that differs. */
export interface DescribedDifference {
  field: string;
  live: string;
  declared: string;
  cause: string;
  /** Empty where the org does not tell. */
  lastModified: string;
}

/** Puts a difference into words. */
export function describeDifference(difference: FieldDifference): DescribedDifference {
  const { field, live, declared, inState, cause, lastModified } = difference;
  const before =
    cause === 'changedInOrg' && inState !== undefined ? `, was ${describeValue(field, inState)}` : '';
  const by = lastModified?.byName === undefined ? '' : ` by ${lastModified.byName}`;
  return {
    field,
    live: live === undefined ? 'not known' : oneLine(describeValue(field, live)),
    declared: declared === undefined ? 'not known' : oneLine(describeValue(field, declared)),
    cause: oneLine(`${causeWords[cause]}${before}`),
    lastModified:
      lastModified === undefined
        ? ''
        : oneLine(
            `${lastModified.componentType} ${lastModified.fullName} was last modified at ${lastModified.date}${by}`,
          ),
  };
}

/** How messages name a resource. */
export function describeResource({ name, app, org, organizationId }: ResourceDrift): string {
  const where = [org === undefined ? undefined : `org "${org}"`, organizationId].filter(
    (part) => part !== undefined,
  );
  return `${name} (app ${app}${where.length === 0 ? '' : `, ${where.join(', ')}`})`;
}

/** How many resources are in which state, such as `3 resources: 2 clean, 1 drifted`. */
export function countResources({ resources }: DriftReport): string {
  const counts = driftStatuses
    .map((status) => [status, resources.filter((resource) => resource.status === status).length] as const)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${statusWords[status]}`);
  const total = `${resources.length} ${resources.length === 1 ? 'resource' : 'resources'}`;
  return counts.length === 0 ? total : `${total}: ${counts.join(', ')}`;
}
