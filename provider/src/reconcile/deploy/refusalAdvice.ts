import { orgNotChanged, partsOf, ProviderError, SessionRefusedError, withParts } from '../../errors.js';
import type { MessageParts } from '../../errors.js';
import { fieldDefinitions, jwtFields } from '../../policy/fields.js';
import type { JwtField } from '../../policy/fields.js';
import { jwtNotSupportedBySoap, SalesforceApiError, textWithCode } from '../../org/errors.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { isTransient, outlookOf, retryAfterOf } from '../../org/retryTransient.js';
import { adviceForRefusedSession, requestLimitReached } from '../../signIn/signInAdvice.js';
import type { Advice } from '../../signIn/signInAdvice.js';
import { WaitTimeoutError } from '../../org/waiting.js';
import { aboutApp, describeApp } from '../request.js';
import type { NamedOrg, ReconcileRequest } from '../request.js';

const conjunction = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** SOAP refuses a JWT-based access token (below 68.0). */
const jwtRefusal = /JWT_NOT_SUPPORTED_BY_SOAP|SOAP API does not support JWT/i;

/** What a refusal by the org means and what to do, by its code and message. Messages: single projects' reports unless documented. */
const knownProblems: readonly Advice[] = [
  requestLimitReached,
  {
    // `Cannot use: <type> in this organization`, `… in this version`, `Unknown type:<type>` (forcedotcom/cli#2858, CumulusCI#259).
    code: 'ECA5010',
    pattern: /INVALID_TYPE/,
    advice:
      'The org does not have this type at this API version, or this user has no access to it: set salesforce:apiVersion to ' +
      'a newer one if the org has it, and check that the org has external client apps and that this user may see them',
  },
  {
    code: 'ECA5003',
    pattern: /INSUFFICIENT_ACCESS|insufficient access|not have (?:the )?(?:permission|access)/i,
    advice: rightsAdvice(jwtFields),
  },
  {
    code: 'ECA5005',
    pattern: jwtRefusal,
    advice:
      'The provider signs in with an app that issues JWT-based access tokens, and SOAP refuses them below API version 68.0: ' +
      'set salesforce:apiVersion to 68.0 if the org has it, or sign in with another app',
  },
  {
    code: 'ECA5004',
    pattern: /API_DISABLED_FOR_ORG|API_CURRENTLY_DISABLED|API is not enabled/i,
    advice:
      'The org or the user has no access to the API: the edition must include it, and the user needs API Enabled',
  },
  {
    code: 'ECA5006',
    pattern: /not valid in version/i,
    advice:
      'The element does not exist at this API version: set salesforce:apiVersion to a newer one, or leave it out',
  },
  {
    code: 'ECA5008',
    pattern: /Invalid plugin settings/i,
    advice:
      'The policies contain JWT settings, but the app does not issue JWT-based access tokens. Turn on isNamedUserJwtEnabled in the ' +
      'same program; for an app that was installed from a package, only its developer can do that',
  },
  {
    code: 'ECA5009',
    pattern: /valid OAuth settings configuration/i,
    advice:
      'OAuth is not enabled for the app, or its ExtlClntAppOauthSettings component is missing: enable the OAuth plugin in Setup, ' +
      'External Client App Manager, the app, Settings',
  },
  {
    code: 'ECA5011',
    pattern: /INVALID_CROSS_REFERENCE_KEY|parent external client app/i,
    advice:
      'The org does not have the app that the component refers to: check whether it was removed in the meantime',
  },
  {
    code: 'ECA5012',
    pattern: /DUPLICATE_VALUE|duplicate/i,
    advice: 'The app already has a component of this type: run pulumi refresh so that the provider finds it',
  },
  {
    code: 'ECA5013',
    pattern: /ALREADY_IN_PROCESS/i,
    advice: 'Another setup change has locked the org: run pulumi up again in a few minutes',
  },
  {
    code: 'ECA5007',
    pattern: /is not a valid value for the enum/i,
    advice:
      'The org does not accept this value at this API version: use a newer salesforce:apiVersion or another value',
  },
];

/** The rights that some fields need. Sources: docs/permissions.md. */
function rightsAdvice(fields: readonly JwtField[]): string {
  const types = fields.map((field) => fieldDefinitions[field].componentType);
  const isGlobal = types.includes('ExtlClntAppGlobalOauthSettings');
  const rights = [
    'API Enabled',
    '"Modify Metadata Through Metadata API Functions"',
    ...(types.includes('ExtlClntAppOauthConfigurablePolicies')
      ? ['"View all External Client Apps, view their settings, and edit their policies"']
      : []),
    ...(isGlobal ? ['"Create, edit, and delete External Client Apps"'] : []),
  ];
  return (
    `The user that the provider signs in as lacks a permission. This needs ${conjunction.format(rights)}` +
    (isGlobal
      ? '. Some orgs also require "View External Client Apps Consumer Secrets in Metadata" for isNamedUserJwtEnabled'
      : '')
  );
}

/** A message about one resource: a missing permission is one that its fields need. */
export function forFields(parts: MessageParts, fields: readonly JwtField[]): MessageParts {
  return parts.code === 'ECA5003' ? { ...parts, advice: rightsAdvice(fields) } : parts;
}

/**
 * The org's message with what it means and what to do.
 *
 * @param text the sentence that quotes it, if that is longer
 */
export function withAdvice(problem: string, text = problem): MessageParts {
  const { code, advice } = knownProblems.find(({ pattern }) => pattern.test(problem)) ?? {
    code: 'ECA5001' as const,
    advice: undefined,
  };
  return { code, cause: text.replace(/[.\s]+$/, ''), advice };
}

/** A message with advice, if it has none yet. */
export function orAdvice(parts: MessageParts, advice: string): MessageParts {
  return { ...parts, advice: parts.advice ?? advice };
}

/** What to do about a component that the org refuses, for a reason that only its words tell. */
export const correctAndRepeat = 'Correct what the org reports, and repeat the command';

/** Whether a refusal is temporary: another change has locked the org's setup. */
export function isLockedRefusal(problem: string): boolean {
  return problem.includes('ALREADY_IN_PROCESS');
}

/** Whether the org refused policies because JWT-based tokens are off (one project's report, weak). */
export function isPluginSettingsRefusal(problem: string): boolean {
  return problem.includes('Invalid plugin settings');
}

/** The properties of an org that messages about failures use. */
export type DescribedOrg = NamedOrg & Pick<OrgConnection, 'signInWay'>;

/** What went wrong and what to do, for anything that was thrown. */
export function causeOf({ signInWay }: Pick<OrgConnection, 'signInWay'>, thrown: unknown): MessageParts {
  if (!(thrown instanceof SalesforceApiError)) {
    return partsOf(thrown);
  }
  const words = textWithCode(thrown);
  const refusal = `${thrown.operation} was refused: ${words}`;
  // The code of a component's failure in a deploy means something else than the same code for a job.
  if (thrown.outlook === 'notFound') {
    return { code: 'ECA5001', cause: refusal };
  }
  if (isSessionRefusal(thrown) && !jwtRefusal.test(words)) {
    return { ...adviceForRefusedSession[signInWay], cause: refusal };
  }
  const parts = withAdvice(words, refusal);
  if (parts.advice !== undefined) {
    return parts;
  }
  const wait = retryAfterOf(thrown);
  return wait > 0
    ? { ...parts, code: 'ECA5015', advice: `The org asks to wait ${Math.ceil(wait / 60_000)} minutes` }
    : { ...parts, code: thrown.eca ?? parts.code };
}

/** As {@link causeOf}, about the app of a request. */
function causeForApp(
  { app, fields }: Pick<ReconcileRequest, 'app' | 'fields'>,
  org: DescribedOrg,
  thrown: unknown,
): MessageParts {
  return aboutApp(forFields(causeOf(org, thrown), fields), app, org);
}

/**
 * The error of a failure before this run changed anything, for anything that was thrown.
 *
 * @param orgState what is known about the org's settings
 */
export function failureForApp(
  request: Pick<ReconcileRequest, 'app' | 'fields'>,
  org: DescribedOrg,
  thrown: unknown,
  orgState = orgNotChanged,
): ProviderError {
  if (thrown instanceof ProviderError && thrown.parts.subject === describeApp(request.app, org)) {
    return thrown;
  }
  const mayPass =
    isTransient(thrown) || outlookOf(thrown) === 'notFound' || thrown instanceof WaitTimeoutError;
  const cause = causeForApp(request, org, thrown);
  const isUnknown = cause.code === 'ECA5001' && cause.advice === undefined;
  const general = isUnknown ? 'Check what the org reports, and repeat the command' : undefined;
  const parts = withParts(cause, { advice: mayPass ? 'Repeat the command later' : general, orgState });
  return isSessionRefusal(thrown) ? new SessionRefusedError(parts) : new ProviderError(parts);
}

/** Whether the org refused a request because of its session: ended, or JWT-based while SOAP accepts no such token. */
function isSessionRefusal(thrown: unknown): boolean {
  return (
    thrown instanceof SalesforceApiError &&
    (thrown.outlook === 'sessionEnded' || thrown.errorCode === jwtNotSupportedBySoap)
  );
}
