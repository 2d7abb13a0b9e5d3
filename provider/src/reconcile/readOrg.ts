import type { OrgConfiguration } from '../salesforce/configuration.js';
import { connect } from '../salesforce/orgConnection.js';
import { readOrgApps } from './orgApps.js';
import type { OrgApp } from './orgApps.js';

/** What one look at an org showed. */
export interface OrgSnapshot {
  /** How messages name the org: its alias or address. */
  label: string;
  /** The 18-character organization id. */
  organizationId: string;
  /** The Metadata API version that it was read at, for example 66. */
  apiVersion: number;
  /** Every external client app, sorted by name. */
  apps: readonly OrgApp[];
}

/**
 * Signs in to an org and reads every external client app of it in one retrieve.
 *
 * @throws ConfigurationError, SignInError, OrgConnectionError; ProviderError, SalesforceApiError, TransportError when it cannot
 *   be read
 */
export async function readOrg(configuration: OrgConfiguration): Promise<OrgSnapshot> {
  const connection = await connect(configuration);
  const { label, organizationId, apiVersion } = connection;
  return { label, organizationId, apiVersion, apps: await readOrgApps(connection) };
}
