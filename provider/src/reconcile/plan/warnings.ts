import type { MessageParts } from '../../errors.js';
import { absent } from '../../policy/fields.js';
import type { FieldValues } from '../../policy/fields.js';
import { elementText } from '../../components/componentXml.js';
import type { AppComponents } from '../../components/components.js';
import { isInstalledApp, needsOwnNamespace } from './installedApp.js';
import { isTrue, refusalByGuards } from './preconditions.js';
import type { ApiOfOrg } from './preconditions.js';
import type { ReconcileRequest } from '../request.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { tokenFormatOf } from './tokenFormat.js';

/** What a user should know about a change although it is valid. */
export interface Warning extends MessageParts {
  /** Whether it is about the run or the org rather than the app. */
  readonly isGeneral?: boolean;
}

/**
 * What JWT-based access tokens mean for the app's clients. Sources: Salesforce Help ("JWT-Based Access Tokens"), jsforce#1817 and
 * SDR#1835 for SOAP, single projects' reports for the rest; the message says which.
 */
export const tokenFormatNotice: Warning = {
  code: 'ECA3101',
  isGeneral: true,
  cause: [
    'this program turns on JWT-based access tokens. What that means for the clients of an app:',
    '- Only tokens issued from now on are JSON Web Tokens; their lifetime is fixed when they are issued. A change can take up to 15 minutes to reach every server.',
    '- $Api.Session_ID and GETSESSIONID() cannot be used with such tokens, and they open no UI session (documented).',
    '- SOAP APIs refuse them below API version 68.0 (seen with jsforce and the Salesforce CLI).',
    '- Reported by single projects: the Streaming API (CometD) and UserInfo.getSessionId() in Apex fail with them.',
  ].join('\n'),
};

/** The warnings about a change that is valid. */
export function warningsFor(
  request: ReconcileRequest,
  snapshot: Pick<Snapshot, 'answer' | 'components' | 'types'>,
  org: ApiOfOrg,
  components: AppComponents,
  changes: FieldValues,
  isSignInApp: boolean | undefined,
): Warning[] {
  const warnings: Warning[] = changes.isNamedUserJwtEnabled === true ? [tokenFormatNotice] : [];
  const ifItWere =
    isSignInApp === undefined ? refusalByGuards(request, org, components, changes, true) : undefined;
  if (ifItWere?.guard === 'lockOut') {
    warnings.push({
      code: 'ECA4005',
      cause:
        'neither the access token nor the org shows which app the token was issued to. If it was this app, do not continue ' +
        `(guard lockOut): ${ifItWere.reason}.`,
    });
  }
  if (request.isRestore !== true) {
    warnings.push(...ineffectiveLifetimes(request, snapshot, components, changes));
  }
  if (changes.isNamedUserJwtEnabled !== undefined && isCertificateUnread(components, snapshot)) {
    warnings.push({
      code: 'ECA3105',
      isGeneral: true,
      cause:
        'the org returned no certificate with the global OAuth settings. Some orgs never return it: if clients of the app sign in with a ' +
        'certificate (JWT bearer), check that they still can after this change.',
    });
  }
  return warnings;
}

/** Which of the lifetimes that a change sets have no effect, or may have none. Nothing is said of a component that was not read. */
function ineffectiveLifetimes(
  request: ReconcileRequest,
  snapshot: Pick<Snapshot, 'answer' | 'types'>,
  components: AppComponents,
  changes: FieldValues,
): Warning[] {
  const warnings: Warning[] = [];
  const setsNamedUsers = sets(changes, 'namedUserJwt');
  const setsGuests = sets(changes, 'guestJwt');
  if (request.fields.includes('isNamedUserJwtEnabled') || !(setsNamedUsers || setsGuests)) {
    // The program decides about the format itself.
  } else if (components.ExtlClntAppGlobalOauthSettings !== undefined) {
    if (setsNamedUsers && tokenFormatOf(components, false).tokenFormat === 'opaque') {
      warnings.push({
        code: 'ECA3107',
        cause:
          'the lifetime for named users has no effect yet: the app issues opaque access tokens (isNamedUserJwtEnabled is not true in ' +
          'its global OAuth settings).',
      });
    }
  } else if (isInstalled(components, snapshot)) {
    const isRead = snapshot.types.includes('ExtlClntAppGlobalOauthSettings');
    warnings.push({
      code: 'ECA3102',
      cause:
        'the app is installed from a package, so its lifetimes apply only if its developer has turned on JWT-based access tokens. ' +
        (isRead ? formatNotReturned : formatNotRead),
    });
  }
  const policies = components.ExtlClntAppOauthConfigurablePolicies;
  if (setsGuests && !isTrue(policies, 'isGuestCodeCredFlowEnabled')) {
    warnings.push({
      code: 'ECA3103',
      cause:
        'guest timeouts have no effect yet: the guest flow is off for this app (isGuestCodeCredFlowEnabled in its policies).',
    });
  }
  return warnings;
}

const formatNotReturned = 'The org does not return that setting: ask the developer.';

const formatNotRead =
  'This run did not read that setting: run pulumi-salesforce-eca audit, which shows it if the org returns it.';

function isInstalled(
  { ExternalClientApplication: header }: AppComponents,
  snapshot: Pick<Snapshot, 'answer'>,
): boolean {
  return (
    header !== undefined &&
    isInstalledApp(header, needsOwnNamespace(header) ? snapshot.answer('ownNamespace') : undefined)
  );
}

/** Whether a change sets the lifetime of a kind of user. */
function sets(changes: FieldValues, user: 'namedUserJwt' | 'guestJwt'): boolean {
  const values = [changes[`${user}SessionTimeoutType`], changes[`${user}Timeout`]];
  return values.some((value) => value !== undefined && value !== absent);
}

/** Whether no app's certificate was returned: if the org returns others' certificates but not this app's, this app has none. */
function isCertificateUnread(
  { ExtlClntAppGlobalOauthSettings: globalSettings }: AppComponents,
  { components }: Pick<Snapshot, 'components'>,
): boolean {
  return (
    globalSettings !== undefined &&
    elementText(globalSettings.elements, 'certificate') === undefined &&
    !components.some(
      ({ type, elements }) =>
        type === 'ExtlClntAppGlobalOauthSettings' && elementText(elements, 'certificate') !== undefined,
    )
  );
}
