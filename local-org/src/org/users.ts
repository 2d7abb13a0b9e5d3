import type { LocalOrgRole, LocalOrgUser } from '../localOrg.js';
import type { IdentityUser } from '../identity/identity.js';
import { keyPrefix, salesforceId } from '../salesforceId.js';

/** A user without a session. */
export interface OrgUser extends Omit<LocalOrgUser, 'accessToken'> {
  displayName: string;
  email: string;
}

const displayNames: Readonly<Record<LocalOrgRole, string>> = {
  developer: 'Dana Developer',
  subscriberAdmin: 'Sam Subscriber',
  viewer: 'Vera Viewer',
  none: 'Ian Integration',
};

/** Names of profiles in metadata, with their names in Setup. */
const profiles: Readonly<Record<LocalOrgRole, readonly [name: string, label: string]>> = {
  developer: ['Admin', 'System Administrator'],
  subscriberAdmin: ['Standard', 'Standard User'],
  viewer: ['ReadOnly', 'Read Only'],
  none: ['Minimum Access - API Only Integrations', 'Minimum Access - API Only Integrations'],
};

/** The profile of the guest user: Salesforce names it after the site. */
export const guestProfile = 'Portal Profile';

/** The name in Setup of a role's profile. */
export function profileLabel(role: LocalOrgRole): string {
  return profiles[role][1];
}

/** One user per role: `developer@<org>.example` and so on. */
export function usersOf(orgName: string): OrgUser[] {
  return (Object.entries(displayNames) as [LocalOrgRole, string][]).map(([role, displayName]) => {
    const username = `${role.toLowerCase()}@${orgName.toLowerCase()}.example`;
    const userId = salesforceId(keyPrefix.user, username);
    return { username, userId, role, profile: profiles[role][0], displayName, email: username };
  });
}

/** The user that guests of the headless flow act as. It has no permissions for the APIs of the org. */
export function guestUserOf(orgName: string): IdentityUser {
  const username = `guest@${orgName.toLowerCase()}.example`;
  const userId = salesforceId(keyPrefix.user, username);
  return { username, userId, displayName: 'Portal Site Guest User', email: username };
}
