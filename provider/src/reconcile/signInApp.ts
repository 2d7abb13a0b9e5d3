import type { FieldValues } from '../policy/fields.js';
import { elementText } from '../components/componentXml.js';
import type { AppComponents } from '../components/components.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { ReconcileJob } from './job.js';
import { refusalByGuards } from './preconditions.js';

/**
 * Whether the provider signs in with an app whose token format is to change.
 *
 * Every way to sign in but an opaque access token tells the consumer key. With such a token the org is asked which
 * application the session belongs to, where a guard depends on it; it tells a name, which proves that it is the app but never
 * that it is not.
 *
 * @returns `undefined` when nobody tells, and when it is of no account
 */
export async function isSignInApp(
  job: ReconcileJob,
  connection: Pick<OrgConnection, 'apiVersion' | 'signInConsumerKey' | 'signInApplications'>,
  components: AppComponents,
  changes: FieldValues,
): Promise<boolean | undefined> {
  const globalSettings = components.ExtlClntAppGlobalOauthSettings;
  if (changes.isNamedUserJwtEnabled === undefined || globalSettings === undefined) {
    return undefined;
  }
  const consumerKey = elementText(globalSettings.elements, 'consumerKey')?.trim() ?? '';
  if (connection.signInConsumerKey !== undefined && consumerKey !== '') {
    return consumerKey === connection.signInConsumerKey;
  }
  if (refusalByGuards(job, connection, components, changes, true) === undefined) {
    return undefined;
  }
  const header = components.ExternalClientApplication;
  const names = [header?.fullName, header && elementText(header.elements, 'label')?.trim()];
  const applications = await connection.signInApplications();
  return applications.some((application) => names.includes(application)) ? true : undefined;
}
