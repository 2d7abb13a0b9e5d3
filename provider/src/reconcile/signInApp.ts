import type { FieldValues } from '../policy/fields.js';
import { elementText } from '../components/componentXml.js';
import type { AppComponents } from '../components/components.js';
import type { OrgConnection } from '../org/orgConnection.js';
import { refusalByGuards } from './preconditions.js';
import type { ReconcileRequest } from './request.js';
import type { Snapshot } from './snapshot.js';

/**
 * Whether the provider signs in with an app whose token format is to change.
 *
 * Every way to sign in but an opaque access token tells the consumer key. With such a token the org is asked which
 * application the session belongs to, where a guard depends on it; it tells a name, which proves that it is the app but never
 * that it is not.
 *
 * @returns `undefined` when nobody tells, and when it is of no account
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
