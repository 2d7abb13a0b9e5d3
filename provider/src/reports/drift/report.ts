import type { FieldValue, JwtField } from '../../policy/fields.js';
import type { LastModified } from '../../reconcile/apps/orgApp.js';

/**
 * How a resource, or a stack as a whole, compares with its org:
 *
 * - `clean`: the org has what the program declares
 * - `pending`: it does not, because the program changed and `up` has not run or has not succeeded
 * - `drifted`: it does not, because the org changed, or because it is unknown which of the two changed
 * - `both`: drifted and pending
 * - `failed`: not compared
 */
export type DriftStatus = 'clean' | 'pending' | 'drifted' | 'both' | 'failed';

/** The statuses, those that need attention first. */
export const driftStatuses = [
  'failed',
  'both',
  'drifted',
  'pending',
  'clean',
] as const satisfies DriftStatus[];

/** Why a field differs; `undetermined` if a refresh has written the org's value to the state, so that the cause is unknown. */
export type DifferenceCause = 'changedInOrg' | 'notApplied' | 'undetermined';

/** A field whose value in the org is not the one that the program declares. */
export interface FieldDifference {
  field: JwtField;
  /** `undefined` if it is known only after `up`, or is a secret. */
  declared: FieldValue | undefined;
  /** The value in the org, `absent` for no element; `undefined` if it was not read, or is a secret. */
  live: FieldValue | undefined;
  /** The value in the state: the one that `up` set last, or one from a refresh. */
  inState: FieldValue | undefined;
  cause: DifferenceCause;
  /** The last change of the component with the field; `undefined` if the org does not return it. */
  lastModified: LastModified | undefined;
}

/** One resource of the stack or of the program. */
export interface ResourceDrift {
  urn: string;
  name: string;
  /** The developer name of the app; empty if unknown. */
  app: string;
  /** The key of `salesforce:orgs`; `undefined` for the top-level settings. */
  org: string | undefined;
  /** The 18-character organization id; `undefined` before the resource exists. */
  organizationId: string | undefined;
  status: DriftStatus;
  /** Statements about the resource as a whole; no full stop at the end. */
  statements: readonly string[];
  differences: readonly FieldDifference[];
}

/** The apps of an org that no resource of the stack declares. */
export interface UnmanagedApps {
  /** The key of `salesforce:orgs`; `undefined` for the top-level settings. */
  org: string | undefined;
  organizationId: string;
  /** Developer names, sorted; those without OAuth issue no tokens and do not count. */
  apps: readonly string[];
}

/** The result of comparing a stack with its orgs. */
export interface DriftReport {
  stack: string;
  status: DriftStatus;
  /** In the order of their URNs. */
  resources: readonly ResourceDrift[];
  /** The apps that issue tokens and that no resource declares; left out if they were not asked for. */
  unmanaged?: readonly UnmanagedApps[];
  /** Why the stack could not be compared completely; no full stop at the end. */
  failures: readonly string[];
  /** Notes that are no failures, such as why an org did not return when its components were modified. */
  notes: readonly string[];
}

/** Combines statuses into one: the worst of them, `both` for drifted and pending, `clean` for none. */
export function combined(statuses: readonly DriftStatus[]): DriftStatus {
  const worst = driftStatuses.find((status) => statuses.includes(status)) ?? 'clean';
  return worst === 'drifted' && statuses.includes('pending') ? 'both' : worst;
}

/** A report from its parts: failures make the stack `failed`. */
export function makeReport(parts: Omit<DriftReport, 'status'>): DriftReport {
  const statuses = parts.resources.map(({ status }) => status);
  return { ...parts, status: parts.failures.length > 0 ? 'failed' : combined(statuses) };
}
