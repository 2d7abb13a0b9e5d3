import type { LocalOrgRole, LocalOrgUser } from '../localOrg.js';
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

/** The password of every user, for the SOAP login call. */
export const password = 'local-org';

/** One user a role: `developer@<org>.example` and so on. */
export function usersOf(orgName: string): OrgUser[] {
  return (Object.entries(displayNames) as [LocalOrgRole, string][]).map(([role, displayName]) => {
    const username = `${role.toLowerCase()}@${orgName.toLowerCase()}.example`;
    return { username, userId: salesforceId(keyPrefix.user, username), role, displayName, email: username };
  });
}
