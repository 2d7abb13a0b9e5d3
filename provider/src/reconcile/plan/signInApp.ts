import type { FieldValues } from '../../policy/fields.js';
import { elementText } from '../../components/componentXml.js';
import type { AppComponents } from '../../components/components.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { refusalByGuards } from './preconditions.js';
import type { ReconcileRequest } from '../request.js';
import type { Snapshot } from '../snapshot/snapshot.js';

/**
 * Whether the provider signs in with an app whose token format changes.
 *
 * The consumer key is known with every sign-in method except an opaque access token. With such a token, and only if a guard depends on
 * it, the org is asked which application the session belongs to. It returns a name, which can prove that it is this app but not that
 * it is another one.
 *
 * @returns `undefined` when it is unknown or irrelevant
 */
export function isSignInApp(
  request: ReconcileRequest,
  snapshot: Pick<Snapshot, 'answer'>,
  org: Pick<OrgConnection, 'apiVersion' | 'signInConsumerKey'>,
  components: AppComponents,
  changes: FieldValues,
): boolean | undefined {
  const globalSettings = components.ExtlClntAppGlobalOauthSettings;
  if (changes.isNamedUserJwtEnabled === undefined || globalSettings === undefined) {
    return undefined;
  }
  const consumerKey = elementText(globalSettings.elements, 'consumerKey')?.trim() ?? '';
  if (org.signInConsumerKey !== undefined && consumerKey !== '') {
    return consumerKey === org.signInConsumerKey;
  }
  if (refusalByGuards(request, org, components, changes, true) === undefined) {
    return undefined;
  }
  const header = components.ExternalClientApplication;
  const names = [header?.fullName, header && elementText(header.elements, 'label')?.trim()];
  const applications = snapshot.answer('signInApplications');
  return applications.some((application) => names.includes(application)) ? true : undefined;
}
