import { reasonOf } from '../../errors.js';
import { readOrg } from '../../reconcile/apps/readOrg.js';
import type { OrgSnapshot } from '../../reconcile/apps/readOrg.js';
import { describeSignInApp, undeclaredApps, undeclaredSignInApp } from '../stack/declaredApps.js';
import { unknownExemptApps } from '../stack/exemptApps.js';
import type { ResourceDrift, UnmanagedApps } from './report.js';
import type { ResourceOrgs } from './resourceOrgs.js';

/**
 * Reads each org that the resources name, and finds the apps that none of them declares.
 *
 * @param orgs how to sign in to the orgs of the resources
 * @param exemptApps apps that need no resource
 */
export async function findUnmanaged(
  resources: readonly ResourceDrift[],
  orgs: ResourceOrgs,
  exemptApps: readonly string[],
): Promise<{ unmanaged: UnmanagedApps[]; failures: string[]; notes: string[] }> {
  const failures: string[] = [];
  const notes: string[] = [];
  /** The orgs by id: several sign-ins may lead to one. */
  const found = new Map<string, { snapshot: OrgSnapshot; org: string | undefined; keys: string[] }>();
  for (const [key, resource] of new Map(resources.map((each) => [orgs.keyOf(each), each]))) {
    try {
      const snapshot = await readOrg(orgs.configurationOf(resource));
      const keys = found.get(snapshot.organizationId)?.keys ?? [];
      found.set(snapshot.organizationId, { snapshot, org: resource.org, keys: [...keys, key] });
    } catch (thrown) {
      failures.push(
        `it is unknown which apps of ${orgs.labelOf(resource)} no resource declares: ${reasonOf(thrown)}`,
      );
    }
  }
  const unmanaged = [...found].map(([organizationId, { snapshot, org, keys }]) => {
    // A resource that does not exist yet has no organization; its sign-in leads to its org.
    const declared = resources.filter((resource) =>
      resource.organizationId === undefined
        ? keys.includes(orgs.keyOf(resource))
        : resource.organizationId === organizationId,
    );
    const names = [...exemptApps, ...declared.map(({ app }) => app)];
    const apps = undeclaredApps(snapshot, names);
    const signInApp = undeclaredSignInApp(snapshot, names);
    if (signInApp !== undefined) notes.push(describeSignInApp(signInApp));
    return { org, organizationId, apps };
  });
  if (failures.length === 0 && found.size > 0) {
    const apps = [...found.values()].flatMap(({ snapshot }) => snapshot.apps.map(({ name }) => name));
    failures.push(...unknownExemptApps(exemptApps, apps));
  }
  return { unmanaged, failures, notes };
}
