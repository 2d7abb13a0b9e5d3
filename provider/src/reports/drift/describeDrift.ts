import { countOf } from '../format/count.js';
import { oneLine } from '../format/plainText.js';
import { wholeSeconds } from '../format/wholeSeconds.js';
import { describeValue } from '../../policy/difference.js';
import type { FieldValue, JwtField } from '../../policy/fields.js';
import type { LastModified } from '../../reconcile/apps/orgApp.js';
import type { DifferenceCause, DriftReport, DriftStatus, FieldDifference, ResourceDrift } from './report.js';
import { driftStatuses } from './report.js';

/** The words for a status in reports. */
export const statusWords: Readonly<Record<DriftStatus, string>> = {
  clean: 'clean',
  pending: 'pending',
  drifted: 'drifted',
  both: 'drifted and pending',
  failed: 'failed',
};

const causeWords: Readonly<Record<DifferenceCause, string>> = {
  changedInOrg: 'changed in the org',
  notApplied: 'not applied yet',
  undetermined: 'org or program changed',
};

/** The words for a field that differs. */
export interface DescribedDifference {
  field: string;
  live: string;
  declared: string;
  cause: string;
  /** The component that was last modified; empty if the org does not return that. */
  component: string;
  /** When and by whom it was modified; empty if the org does not return that. */
  lastModified: string;
}

/** Puts a difference into words. */
export function describeDifference(difference: FieldDifference): DescribedDifference {
  const { lastModified } = difference;
  return {
    ...describeValues(difference),
    component: lastModified === undefined ? '' : `${lastModified.componentType} ${lastModified.fullName}`,
    lastModified: lastModified === undefined ? '' : describeChange(lastModified),
  };
}

function describeValues({
  field,
  live,
  declared,
  inState,
  cause,
}: FieldDifference): Omit<DescribedDifference, 'component' | 'lastModified'> {
  const isNews = cause === 'changedInOrg' && inState !== undefined && inState !== declared;
  const before = isNews ? `, was ${describeValue(field, inState)}` : '';
  return {
    field,
    live: live === 'absent' ? 'no value' : valueText(field, live),
    declared: valueText(field, declared),
    cause: oneLine(`${causeWords[cause]}${before}`),
  };
}

const describeChange = ({ date, byName }: LastModified): string =>
  oneLine(`was last modified at ${wholeSeconds(date)}${byName === undefined ? '' : ` by ${byName}`}`);

const valueText = (field: JwtField, value: FieldValue | undefined): string =>
  value === undefined ? 'an unknown value' : oneLine(describeValue(field, value));

/** The name of a resource in messages. */
export function describeResource({ name, app, org, organizationId }: ResourceDrift): string {
  return withDetails(name, name === app ? undefined : `app ${app}`, ...orgDetails(org, organizationId));
}

/** What equal resources are called: the number of them, then the names of their apps. */
export function describeResources({ org, organizationId, resources }: AlikeResources): string[] {
  const [first, ...others] = resources;
  return others.length === 0
    ? [describeResource(first)]
    : [
        withDetails(countOf(resources.length, 'resource'), ...orgDetails(org, organizationId)),
        resources.map(({ name, app }) => (app === '' ? name : app)).join(', '),
      ];
}

const orgDetails = (org: string | undefined, organizationId: string | undefined): (string | undefined)[] => [
  org === undefined ? undefined : `org "${org}"`,
  organizationId,
];

function withDetails(name: string, ...details: readonly (string | undefined)[]): string {
  const known = details.filter((detail) => detail !== undefined);
  return known.length === 0 ? name : `${name} (${known.join(', ')})`;
}

/** How many resources have which status, such as `3 resources: 1 drifted, 2 clean`. */
export function countResources({ resources }: DriftReport): string {
  const counts = driftStatuses
    .map((status) => [status, resources.filter((resource) => resource.status === status).length] as const)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${statusWords[status]}`);
  const total = countOf(resources.length, 'resource');
  return counts.length === 0 ? total : `${total}: ${counts.join(', ')}`;
}

/** The status of a stack in words, with the apps that no resource declares. */
export function describeStatus({ status, unmanaged = [] }: DriftReport): string {
  const count = unmanaged.reduce((sum, { apps }) => sum + apps.length, 0);
  if (count === 0) {
    return statusWords[status];
  }
  const undeclared = `${countOf(count, 'app')} ${count === 1 ? 'is' : 'are'} not declared`;
  return status === 'clean'
    ? `clean, but ${undeclared} (exit code 3)`
    : `${statusWords[status]}, and ${undeclared}`;
}

/** One line per org with its apps that no resource declares; none if they were not asked for. */
export function describeUnmanaged({ unmanaged = [] }: DriftReport): string[] {
  return unmanaged.map(({ org, organizationId, apps }) => {
    const where = org === undefined ? organizationId : `org "${org}", ${organizationId}`;
    return oneLine(
      `Not declared by any resource (${where}): ${apps.length === 0 ? 'no app' : apps.join(', ')}`,
    );
  });
}

/** Resources of one org with the same status, statements and differences, whenever the components were modified. */
export interface AlikeResources extends Pick<
  ResourceDrift,
  'org' | 'organizationId' | 'status' | 'statements' | 'differences'
> {
  resources: readonly [ResourceDrift, ...ResourceDrift[]];
}

/**
 * The resources in the order of a report: those that differ first, clean ones only on request, and equal ones in one group.
 */
export function groupAlike({ resources }: DriftReport, showsClean: boolean): AlikeResources[] {
  const groups = new Map<string, [ResourceDrift, ...ResourceDrift[]]>();
  const shown = driftStatuses
    .filter((status) => showsClean || status !== 'clean')
    .flatMap((status) => resources.filter((resource) => resource.status === status));
  for (const resource of shown) {
    const { status, org, organizationId, statements, differences } = resource;
    const values = differences.map(describeValues);
    const key = JSON.stringify([status, org, organizationId, statements, values]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [resource]);
    else group.push(resource);
  }
  return [...groups.values()].map((alike) => ({ ...alike[0], resources: alike }));
}

/** What to do about a report: the command, and all that it does; `undefined` if there is nothing to do, or something failed. */
export function nextStep({ stack, resources, failures }: DriftReport): string | undefined {
  // An app that is gone has no differences: up cannot restore it.
  const drifted = resources.filter(({ differences }) =>
    differences.some(({ cause }) => cause !== 'notApplied'),
  ).length;
  const pending = resources.filter(({ status }) => status === 'pending' || status === 'both').length;
  if (failures.length > 0 || drifted + pending === 0) {
    return undefined;
  }
  const effects = [
    ...(drifted === 0 ? [] : [`restores what the program declares (${countOf(drifted, 'resource')})`]),
    ...(pending === 0 ? [] : [`applies what is pending (${countOf(pending, 'resource')})`]),
  ];
  return `pulumi up ${drifted === 0 ? '' : '--refresh --diff '}--stack ${stack} ${effects.join(' and ')}`;
}
