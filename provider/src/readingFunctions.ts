import { describeExternalClientApp } from './describeExternalClientApp.js';
import { ConfigurationError, ProviderError } from './errors.js';
import type {
  GetExternalClientAppJwtPolicyResult,
  ListExternalClientAppsResult,
} from './externalClientApp.js';
import { validateAppName } from './policy/validation.js';
import type { OrgSnapshot } from './reconcile/apps/readOrg.js';

/** Reads the org of a key of `orgs`; `undefined` for the top-level settings. */
export type Look = (alias: string | undefined) => Promise<OrgSnapshot>;

/**
 * Reads the settings of an app.
 *
 * @throws ProviderError for an invalid name or alias, an org that cannot be read, and an app that does not exist
 */
export async function readJwtPolicy(
  name: string,
  org: string | undefined,
  look: Look,
): Promise<GetExternalClientAppJwtPolicyResult> {
  const [fault] = validateAppName(name);
  if (fault !== undefined) {
    throw new ProviderError({ code: fault.code, cause: `${fault.property} ${fault.reason}` });
  }
  assertAlias(org);
  const snapshot = await look(org);
  // Loaded here, so that a program that reads no org does not wait for the libraries.
  const { appNamed } = await import('./reconcile/apps/readOrg.js');
  return { ...headOf(snapshot), ...describeExternalClientApp(appNamed(snapshot, name)) };
}

/**
 * Reads the settings of every app of an org.
 *
 * @throws ProviderError for an invalid alias, and an org that cannot be read
 */
export async function readApps(org: string | undefined, look: Look): Promise<ListExternalClientAppsResult> {
  assertAlias(org);
  const snapshot = await look(org);
  const { apps, sessionTimeouts } = snapshot;
  return { ...headOf(snapshot), apps: apps.map(describeExternalClientApp), sessionTimeouts };
}

function assertAlias(alias: string | undefined): void {
  if (alias === '') {
    throw new ConfigurationError({
      code: 'ECA1017',
      cause: 'org must be a key of salesforce:orgs, such as "uat"',
    });
  }
}

const headOf = ({ organizationId, apiVersion }: OrgSnapshot): { orgId: string; apiVersion: string } => ({
  orgId: organizationId,
  apiVersion: `${apiVersion}.0`,
});
