import type { OrgConfig } from './native/providerArgs.js';
import type { FieldValues } from './policy/fields.js';
import { readOrgConfiguration } from './signIn/configuration.js';

/** The JWT-based access-token settings of an org's external client apps, as read by {@link readOrgSettings}. */
export interface OrgSettings {
  /** The 18-character organization id. */
  orgId: string;
  /** The Metadata API version of the read, such as `66.0`. */
  apiVersion: string;
  /** Every external client app of the org, sorted by name. */
  apps: AppSettings[];
}

/** The settings of one app. */
export interface AppSettings {
  /** The developer name; `ns__Name` for an installed app. */
  externalClientApplication: string;
  /**
   * The five settings by name. A value is exactly the org's, also one that this release does not know; `absent` if the component has no
   * such element. Without the component a setting is missing.
   */
  settings: Readonly<Record<string, boolean | number | string>>;
  /** Why the values are missing although the app exists. */
  problem: string | undefined;
}

/**
 * Reads the settings of every app of one org, outside of a Pulumi program: one sign-in, one retrieve. Changes nothing.
 *
 * Everything that it needs are its arguments. It reads no configuration of a stack and none of the provider's environment variables, and
 * keeps nothing between calls, so that a process may read many orgs, also at the same time.
 *
 * @param org how to reach the org: exactly one sign-in method
 * @throws Error, whose message begins with a code of docs/troubleshooting.md, when the sign-in fails or the org cannot be read
 */
export async function readOrgSettings(org: OrgConfig): Promise<OrgSettings> {
  const given = new Map<string, unknown>(
    Object.entries(org).map(([key, value]) => [`salesforce:${key}`, value]),
  );
  const configuration = readOrgConfiguration((key) => given.get(key), {}, undefined, false);
  // Loaded here, so that a program that reads no org does not wait for the libraries.
  const { readOrg } = await import('./reconcile/apps/readOrg.js');
  const { organizationId, apiVersion, apps } = await readOrg(configuration);
  return {
    orgId: organizationId,
    apiVersion: `${apiVersion}.0`,
    apps: apps.map(({ name, settings, problem }) => ({
      externalClientApplication: name,
      settings: { ...(settings satisfies FieldValues) },
      problem,
    })),
  };
}
