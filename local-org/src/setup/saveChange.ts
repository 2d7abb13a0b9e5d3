import { renderComponent } from '../components/renderComponent.js';
import { componentType } from '../components/types.js';
import { saveComponent } from '../deploy/saveComponent.js';
import type { OrgState } from '../org/orgState.js';
import type { OrgUser } from '../org/users.js';
import type { Outcome } from './appPage.js';
import type { SetupComponent } from './setupApp.js';

/**
 * Changes a component as a user in Setup: what this user sees of it is edited and stored, by the rules of a deploy.
 * @param change gives the new text
 */
export function saveChange(
  org: OrgState,
  user: OrgUser,
  { stored }: SetupComponent,
  change: (xml: string) => string,
): Outcome {
  const type = componentType(stored.type);
  if (!type) throw new Error(`${stored.type} is not a type of this org.`);
  const version = org.newestVersion;
  const seen = renderComponent(stored, {
    version,
    role: user.role,
    returnCertificate: org.faults.returnCertificate,
  });
  const xml = change(seen);
  if (xml === seen) return { saved: false };
  const { problem } = saveComponent(org, user, version, { type, fullName: stored.fullName, xml });
  return problem === undefined ? { saved: true } : { problem };
}
