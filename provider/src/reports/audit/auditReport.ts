import { describeExternalClientApp } from '../../describeExternalClientApp.js';
import type { ExternalClientApp } from '../../externalClientApp.js';
import type { SessionTimeouts } from '../../policy/tokenLifetime.js';
import type { OrgSnapshot } from '../../reconcile/readOrg.js';
import { findingsOf } from './findings.js';
import type { Finding, Requirements } from './findings.js';

/** What an audit of an org showed. */
export interface AuditReport {
  /** How messages name the org: its address or CLI alias. */
  org: string;
  /** The 18-character organization id. */
  orgId: string;
  /** The Metadata API version of the read, such as `66.0`. */
  apiVersion: string;
  /** What `UserSession` means in the org. */
  sessionTimeouts: SessionTimeouts;
  /** Every external client app of the org, sorted by name. */
  apps: readonly ExternalClientApp[];
  /** In the order of the apps. */
  findings: readonly Finding[];
}

/** The report on what an org holds. */
export function auditOrg(snapshot: OrgSnapshot, requirements: Requirements): AuditReport {
  const { label, organizationId, apiVersion, sessionTimeouts, apps } = snapshot;
  return {
    org: label,
    orgId: organizationId,
    apiVersion: `${apiVersion}.0`,
    sessionTimeouts,
    apps: apps.map(describeExternalClientApp),
    findings: apps.flatMap((app) => findingsOf(app, requirements)),
  };
}
