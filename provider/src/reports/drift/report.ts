import type { FieldValue, JwtField } from '../../policy/fields.js';
import type { LastModified } from '../../reconcile/orgApp.js';

/**
 * How a resource, or a stack as a whole, compares with its org:
 *
 * - `clean`: the org has what the program declares
 * - `pending`: it does not, because the program changed and `up` has not run, or has not ended well
 * - `drifted`: it does not, because the org changed, or because it is not known which of the two changed
 * - `both`: drifted and pending
 * - `failed`: not compared
 */
export type DriftStatus = 'clean' | 'pending' | 'drifted' | 'both' | 'failed';

/** The states, those that need somebody first. */
export const driftStatuses = [
  'failed',
  'both',
  'drifted',
  'pending',
  'clean',
] as const satisfies DriftStatus[];

/** Why a field differs; `undetermined` where a refresh has taken the org's value into the state, so that nothing tells. */
export type DifferenceCause = 'changedInOrg' | 'notApplied' | 'undetermined';

/** A field of which the org does not hold what the program declares. */
export interface FieldDifference {
  field: JwtField;
  /** `undefined` where it is known only after `up`, or is a secret. */
  declared: FieldValue | undefined;
  /** What the org holds, `absent` for no element; `undefined` where it was not read, or is a secret. */
  live: FieldValue | undefined;
  /** What the state holds: what `up` set last, or what a refresh took over. */
  inState: FieldValue | undefined;
  cause: DifferenceCause;
  /** The last change of the component that holds the field; `undefined` where the org does not tell. */
  lastModified: LastModified | undefined;
}

/** One resource of the stack or of the program. */
export interface ResourceDrift {
  urn: string;
  name: string;
  /** The developer name of the app; empty where it is not known. */
  app: string;
  /** The key of `salesforce:orgs`; `undefined` for the top-level settings. */
  org: string | undefined;
  /** The 18-character organization id; `undefined` before the resource exists. */
  organizationId: string | undefined;
  status: DriftStatus;
  /** What is to be said of the resource as a whole; no full stop at the end. */
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

/** What a look at a stack showed. */
export interface DriftReport {
  stack: string;
  status: DriftStatus;
  /** In the order of their URNs. */
  resources: readonly ResourceDrift[];
  /** The apps that issue tokens and that no resource declares; without it nobody asked. */
  unmanaged?: readonly UnmanagedApps[];
  /** Why the stack could not be compared, or not wholly; no full stop at the end. */
  failures: readonly string[];
  /** Why an org did not tell when and by whom its components were modified; no failure of the report. */
  notes: readonly string[];
}

/** Several states as one: the worst of them, and `both` for drifted and pending; `clean` for none. */
export function combined(statuses: readonly DriftStatus[]): DriftStatus {
  const worst = driftStatuses.find((status) => statuses.includes(status)) ?? 'clean';
  return worst === 'drifted' && statuses.includes('pending') ? 'both' : worst;
}

/** A report from its parts: failures make the stack `failed`. */
export function makeReport(parts: Omit<DriftReport, 'status'>): DriftReport {
  const statuses = parts.resources.map(({ status }) => status);
  return { ...parts, status: parts.failures.length > 0 ? 'failed' : combined(statuses) };
}
