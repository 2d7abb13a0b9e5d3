import { reasonOf } from '../../errors.js';
import { readOrg } from '../../reconcile/readOrg.js';
import type { ConfigurationReader } from '../../signIn/configuration.js';
import { readOrgConfiguration } from '../../signIn/configuration.js';
import { undeclaredApps } from '../stack/declaredApps.js';
import type { ResourceDrift, UnmanagedApps } from './report.js';

/**
 * Reads each org that the resources name, and finds the apps that none of them declares.
 *
 * @param read the stack's current configuration
 * @param exemptApps apps that need no resource
 * @param timeoutMinutes the limit of one wait for an org, in minutes; `undefined`: that of the configuration
 */
export async function findUnmanaged(
  resources: readonly ResourceDrift[],
  read: ConfigurationReader,
  environment: Readonly<Record<string, string | undefined>>,
  exemptApps: readonly string[],
  timeoutMinutes: number | undefined,
): Promise<{ unmanaged: UnmanagedApps[]; failures: string[] }> {
  const failures: string[] = [];
  const unmanaged: UnmanagedApps[] = [];
  for (const org of new Set(resources.map((resource) => resource.org))) {
    try {
      const configuration = readOrgConfiguration(read, environment, org, false);
      const snapshot = await readOrg({
        ...configuration,
        timeoutMinutes: timeoutMinutes ?? configuration.timeoutMinutes,
      });
      const { organizationId } = snapshot;
      // A resource that does not exist yet has no organization; its alias names its org.
      const declared = resources.filter((resource) =>
        resource.organizationId === undefined
          ? resource.org === org
          : resource.organizationId === organizationId,
      );
      const apps = undeclaredApps(snapshot, [...exemptApps, ...declared.map(({ app }) => app)]);
      unmanaged.push({ org, organizationId, apps });
    } catch (thrown) {
      const label = org === undefined ? 'the org' : `org "${org}"`;
      failures.push(`it is unknown which apps of ${label} no resource declares: ${reasonOf(thrown)}`);
    }
  }
  return { unmanaged, failures };
}
