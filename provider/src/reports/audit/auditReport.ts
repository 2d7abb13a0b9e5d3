import { describeExternalClientApp } from '../../describeExternalClientApp.js';
import type { ExternalClientApp } from '../../externalClientApp.js';
import type { SessionTimeouts } from '../../policy/tokenLifetime.js';
import { readOrg } from '../../reconcile/apps/readOrg.js';
import type { OrgSnapshot } from '../../reconcile/apps/readOrg.js';
import type { OrgConfiguration } from '../../signIn/configuration.js';
import type { StateResource } from '../drift/engineEvents.js';
import { declaredApps, undeclaredApps, undeclaredSignInApp } from '../stack/declaredApps.js';
import { findingsOf, notDeclared } from './findings.js';
import type { Finding, Requirements } from './findings.js';

/** The result of an audit of an org. */
export interface AuditReport {
  /** The alias of the org if it has one, otherwise its address. */
  org: string;
  /** The address of the org. */
  instanceUrl: string;
  /** The 18-character organization id. */
  orgId: string;
  /** The Metadata API version of the read, such as `66.0`. */
  apiVersion: string;
  /** What `UserSession` means in the org. */
  sessionTimeouts: SessionTimeouts;
  /**
   * The app that the audit signs in with, if it issues tokens and no resource declares it: it is not a finding. `undefined` without a
   * stack, and if the org does not return its consumer key.
   */
  signInApp: string | undefined;
  /** Every external client app of the org, sorted by name. */
  apps: readonly ExternalClientApp[];
  /** In the order of the apps. */
  findings: readonly Finding[];
}

/** The results of audits of several orgs. */
export interface AuditedOrgs {
  reports: readonly AuditReport[];
  /** The orgs that could not be read, by alias or address. */
  failures: readonly { org: string; thrown: unknown }[];
}

/** An org that could not be read, and why. */
export interface AuditFailure {
  /** The alias of the org if it has one, otherwise its address. */
  org: string;
  message: string;
}

/** An audit of one or more orgs, as the formats show it. */
export interface Audit {
  /** When the report was made, ISO 8601. */
  generatedAt: string;
  /** The name of the stack; `undefined` without one. */
  stack: string | undefined;
  requirements: Requirements;
  reports: readonly AuditReport[];
  failures: readonly AuditFailure[];
}

/**
 * Reads orgs and audits them. If one cannot be read, the others are still audited.
 *
 * @param state the resources of the stack that the orgs belong to; `undefined` without a stack
 * @param onProgress called with the current step, to show it as progress
 */
export async function auditOrgs(
  configurations: readonly OrgConfiguration[],
  requirements: Requirements,
  state: readonly StateResource[] | undefined,
  stack = '',
  onProgress: (text: string) => void = () => undefined,
): Promise<AuditedOrgs> {
  onProgress(`reading ${configurations.map(({ label }) => `org ${label}`).join(', ')}`);
  const outcomes = await Promise.allSettled(configurations.map((configuration) => readOrg(configuration)));
  const reports: AuditReport[] = [];
  const failures: { org: string; thrown: unknown }[] = [];
  outcomes.forEach((outcome, index) => {
    const alias = configurations[index]?.alias;
    if (outcome.status === 'fulfilled') {
      const declared = state === undefined ? undefined : declaredApps(state, outcome.value.organizationId);
      const report = auditOrg(outcome.value, requirements, declared, stack);
      reports.push({ ...report, org: alias ?? report.org });
    } else {
      failures.push({ org: alias ?? configurations[index]?.label ?? '', thrown: outcome.reason });
    }
  });
  return { reports, failures };
}

/**
 * The audit report on an org.
 *
 * @param declared the apps that a stack declares; `undefined` without a stack
 * @param stack the name of the stack
 */
export function auditOrg(
  snapshot: OrgSnapshot,
  requirements: Requirements,
  declared?: readonly string[],
  stack = '',
): AuditReport {
  const { label, instanceUrl, organizationId, apiVersion, sessionTimeouts, apps } = snapshot;
  const undeclared = declared === undefined ? [] : undeclaredApps(snapshot, declared);
  return {
    org: label,
    instanceUrl,
    orgId: organizationId,
    apiVersion: `${apiVersion}.0`,
    sessionTimeouts,
    signInApp: declared === undefined ? undefined : undeclaredSignInApp(snapshot, declared),
    apps: apps.map(describeExternalClientApp),
    findings: apps.flatMap((app) => [
      ...findingsOf(app, requirements, app.name === snapshot.signInApp),
      ...(undeclared.includes(app.name) ? [notDeclared(app, stack, requirements)] : []),
    ]),
  };
}
