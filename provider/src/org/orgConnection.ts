import { partsOf, ProviderError, reasonOf } from '../errors.js';
import type { MessageParts } from '../errors.js';
import { knownApiVersions } from '../signIn/settingValues.js';
import type { OrgConfiguration } from '../signIn/configuration.js';
import { SalesforceApiError } from './errors.js';
import { withinLimit } from './callLimit.js';
import { defaultRequestTimeoutMs } from './httpTransport.js';
import { MetadataApi } from './metadataApi.js';
import { listApiVersions, requestSignedInUser } from './orgInformation.js';
import type { SignedInUser } from './orgInformation.js';
import type { OrgContext } from './orgContext.js';
import { isOwnAddress, isSameOrigin } from '../signIn/orgUrl.js';
import { RenewingSession } from '../signIn/renewingSession.js';
import { isTransient, retryTransient } from './retryTransient.js';
import { adviceForRefusedSession, requestLimitReached } from '../signIn/signInAdvice.js';
import { chooseSignInWay } from '../signIn/signInWays.js';
import type { SignInWay } from '../signIn/signInWays.js';

/** An org that the provider is signed in to. */
export interface OrgConnection {
  /** How messages name the org: its alias or address. */
  readonly label: string;
  /** The address that requests go to. */
  readonly instanceUrl: string;
  /** The 18-character organization id. */
  readonly organizationId: string;
  /** The Metadata API version of every request, for example 66. */
  readonly apiVersion: number;
  /** How the provider signs in. */
  readonly signInWay: SignInWay['kind'];
  /** The consumer key of the app that the provider signs in with; `undefined` if it is not known. */
  readonly signInConsumerKey: string | undefined;
  /**
   * The names of the applications that the org returns for the current session, if its consumer key is not known. Usually empty, because
   * the user needs Manage Users to see them. Requested once.
   */
  signInApplications(): Promise<readonly string[]>;
  /** The org's own namespace, which an org for developing a package has; `undefined` if it has none. Requested once. */
  ownNamespace(): Promise<string | undefined>;
  /** The time limit of one wait, in minutes. */
  readonly timeoutMinutes: number;
  /** The current time of the org's clock, from the Date header of its last response; `undefined` before the first response. */
  orgTime(): Date | undefined;
  /** The id of the user that the provider is signed in as. Requested once. */
  userId(): Promise<string>;
  /**
   * Sends a request that may safely be sent twice: it is retried after transient network failures, and once
   * with a new session when the org reports that the session has expired.
   */
  read<T>(request: (api: MetadataApi) => Promise<T>): Promise<T>;
  /** Sends a request that must not be sent twice: it is retried only if the org refused its session. */
  send<T>(request: (api: MetadataApi) => Promise<T>): Promise<T>;
}

/** The org cannot be used with this release of the provider. */
export class OrgConnectionError extends ProviderError {}

/** The time limit of one request including retries, in milliseconds. */
export function requestLimitOf({ timeoutMinutes }: Pick<OrgConfiguration, 'timeoutMinutes'>): number {
  return Math.min(defaultRequestTimeoutMs, timeoutMinutes * 60_000);
}

/**
 * Signs in to an org and determines the API version: the configured one, otherwise the newest that both the org and this release support.
 *
 * @throws ConfigurationError, SignInError, OrgConnectionError
 */
export async function connect(configuration: OrgConfiguration, context: OrgContext): Promise<OrgConnection> {
  const { http } = context;
  const way = chooseSignInWay(configuration);
  const { timeoutMinutes } = configuration;
  const requestTimeoutMs = requestLimitOf(configuration);
  // A session may be used at another address than the one where it was requested.
  const labelAt = (instanceUrl: string): string =>
    URL.canParse(configuration.label) ? instanceUrl : configuration.label;
  const findVersion = async (instanceUrl: string): Promise<number> => {
    const label = labelAt(instanceUrl);
    return (
      configuration.apiVersion ??
      newestCommonVersion(
        await reach(label, undefined, requestTimeoutMs, () =>
          listApiVersions(instanceUrl, { http, requestTimeoutMs }),
        ),
        label,
      )
    );
  };
  const expectedUrl = expectedInstanceUrl(way);
  const expectedVersion = expectedUrl === undefined ? undefined : unlessIgnored(findVersion(expectedUrl));
  const session = await RenewingSession.open(way, configuration.label, context, requestTimeoutMs);
  const { instanceUrl, consumerKey, organizationId: knownOrganizationId } = session.current;
  const label = labelAt(instanceUrl);
  let clockDifference: number | undefined;
  const send = <T>(request: (api: MetadataApi) => Promise<T>): Promise<T> =>
    withinLimit(requestTimeoutMs, () =>
      session.use(({ instanceUrl, accessToken }) =>
        request(
          new MetadataApi({
            http,
            instanceUrl,
            accessToken,
            apiVersion: `${apiVersion}.0`,
            requestTimeoutMs,
            onServerDate: (date) => {
              clockDifference = date.getTime() - Date.now();
            },
          }),
        ),
      ),
    );
  const requestUser = once((): Promise<SignedInUser> =>
    reach(label, way.kind, requestTimeoutMs, () =>
      session.use(({ instanceUrl, accessToken }) =>
        requestSignedInUser({ http, instanceUrl, accessToken, requestTimeoutMs }),
      ),
    ),
  );
  const organization =
    knownOrganizationId ?? unlessIgnored(requestUser().then(({ organizationId }) => organizationId));
  const isAsExpected = expectedUrl !== undefined && isSameOrigin(expectedUrl, instanceUrl);
  const apiVersion = await ((isAsExpected ? expectedVersion : undefined) ?? findVersion(instanceUrl));
  const organizationId = await organization;
  session.bindTo(organizationId);
  const read: OrgConnection['read'] = (request) => retryTransient(() => send(request), requestTimeoutMs);
  return {
    label,
    instanceUrl,
    organizationId,
    apiVersion,
    signInWay: way.kind,
    signInConsumerKey: consumerKey,
    timeoutMinutes,
    orgTime: () => (clockDifference === undefined ? undefined : new Date(Date.now() + clockDifference)),
    userId: async () => (await requestUser()).userId,
    signInApplications: once(() => requestSignInApplications(read)),
    ownNamespace: once(() => requestOwnNamespace(read)),
    read,
    send,
  };
}

/** The address that a session should be used at, if it is known before the sign-in: requesting its API versions needs no session. */
function expectedInstanceUrl(way: SignInWay): string | undefined {
  const { instanceUrl } = way;
  return instanceUrl ?? ('loginUrl' in way && isOwnAddress(way.loginUrl) ? way.loginUrl : undefined);
}

/** A promise that may be ignored: only code that awaits it gets its rejection. */
function unlessIgnored<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Sends the request at the first call, and again only after a failure. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let response: Promise<T> | undefined;
  return () =>
    (response ??= ask().catch((thrown: unknown) => {
      response = undefined;
      throw thrown;
    }));
}

/** Every API user may read the Organization, with any token format (Object Reference; the Salesforce CLI does the same). */
async function requestOwnNamespace(read: OrgConnection['read']): Promise<string | undefined> {
  const [organization] = await read((api) => api.query('SELECT NamespacePrefix FROM Organization'));
  const namespace = organization?.['NamespacePrefix'];
  return typeof namespace === 'string' && namespace !== '' ? namespace : undefined;
}

/**
 * The applications of the current session's sign-ins (AuthSession.IsCurrent, since 37.0, and LoginHistory.Application; Object
 * Reference). That the application is the label of an external client app is inference.
 */
async function requestSignInApplications(read: OrgConnection['read']): Promise<readonly string[]> {
  try {
    const sessions = await read((api) =>
      api.query('SELECT LoginHistory.Application FROM AuthSession WHERE IsCurrent = true'),
    );
    return sessions.flatMap(({ LoginHistory: history }) =>
      typeof history === 'object' &&
      history !== null &&
      'Application' in history &&
      typeof history.Application === 'string'
        ? [history.Application]
        : [],
    );
  } catch (thrown) {
    // For a user without the permission the org reports that the object does not exist.
    if (thrown instanceof SalesforceApiError && !isTransient(thrown)) {
      return [];
    }
    throw thrown;
  }
}

/**
 * Sends one of the first requests to an org. Its error names the org.
 *
 * @param way the sign-in method of the request's session; `undefined` for a request without a session
 */
async function reach<T>(
  label: string,
  way: SignInWay['kind'] | undefined,
  limitMs: number,
  request: () => Promise<T>,
): Promise<T> {
  try {
    return await retryTransient(request, limitMs);
  } catch (thrown) {
    throw new OrgConnectionError({
      ...whyNotReached(thrown, way),
      subject: `org ${label}`,
      isOneSentence: true,
    });
  }
}

function whyNotReached(thrown: unknown, way: SignInWay['kind'] | undefined): MessageParts {
  const reason = reasonOf(thrown);
  if (thrown instanceof SalesforceApiError) {
    const { operation, errorCode, statusCode } = thrown;
    if (requestLimitReached.pattern.test(errorCode)) {
      const { code, advice } = requestLimitReached;
      return { code, cause: `refused ${operation}: ${errorCode}: ${reason}`, advice };
    }
    if (way !== undefined && (statusCode === 401 || statusCode === 403)) {
      return { ...adviceForRefusedSession[way], cause: `refused the session: ${reason}` };
    }
  }
  const { code, advice } = partsOf(thrown);
  return {
    code: thrown instanceof SalesforceApiError ? (thrown.eca ?? 'ECA1601') : code,
    cause: `did not respond as expected: ${reason}`,
    advice: `${advice ?? 'Check the address, the network and the proxy'}, then repeat the command`,
  };
}

function newestCommonVersion(offered: readonly number[], label: string): number {
  const common = offered.filter((version) => version <= knownApiVersions.newest);
  const newest = common.reduce((newer, version) => Math.max(newer, version), -Infinity);
  if (!(newest >= knownApiVersions.oldest)) {
    throw new OrgConnectionError({
      code: 'ECA1606',
      subject: `org ${label}`,
      isOneSentence: true,
      cause:
        `offers no Metadata API version from ${knownApiVersions.oldest}.0 to ${knownApiVersions.newest}.0. ` +
        'Check that this is the address of a Salesforce org',
    });
  }
  return newest;
}
