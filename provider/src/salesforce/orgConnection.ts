import { messageOf, ProviderError } from '../errors.js';
import { knownApiVersions } from './configuration.js';
import type { OrgConfiguration } from './configuration.js';
import { SalesforceApiError } from './errors.js';
import { MetadataApi } from './metadataApi.js';
import { listApiVersions, requestSignedInUser } from './orgInformation.js';
import type { SignedInUser } from './orgInformation.js';
import { retryTransient } from './retryTransient.js';
import { signIn } from './signIn.js';
import type { Session } from './signIn.js';
import { chooseSignInWay } from './signInWays.js';

/** An org that the provider is signed in to. */
export interface OrgConnection {
  /** How messages name the org: its alias or address. */
  readonly label: string;
  /** The 18-character organization id. */
  readonly organizationId: string;
  /** The Metadata API version of every request, for example 66. */
  readonly apiVersion: number;
  /** The consumer key of the app that the provider signs in with; `undefined` where it cannot be told. */
  readonly signInConsumerKey: string | undefined;
  /** The limit of one wait, in minutes. */
  readonly timeoutMinutes: number;
  /** The org's clock now, from the Date of its last answer; `undefined` before the first. */
  orgTime(): Date | undefined;
  /** The id of the user that the provider is signed in as; asked for once. */
  userId(): Promise<string>;
  /**
   * Sends a request that changes nothing when it is sent twice: it is repeated after passing faults of the network, and once
   * with a new session when the org says that the session has expired.
   */
  read<T>(request: (api: MetadataApi) => Promise<T>): Promise<T>;
  /** Sends a request that must not be sent twice: repeated only when the org refused it for its session. */
  send<T>(request: (api: MetadataApi) => Promise<T>): Promise<T>;
}

/** The org cannot serve this release of the provider. */
export class OrgConnectionError extends ProviderError {}

/** The limit of one request, in milliseconds, where the limit of a wait is not shorter. */
const longestRequestMilliseconds = 120_000;

/** How often one run signs in again after an expired session, so that a dead session never becomes a loop. */
const mostRenewals = 3;

/**
 * Signs in to an org and finds the API version: the configured one, else the newest that the org and this release know.
 *
 * @throws ConfigurationError, SignInError, OrgConnectionError
 */
export async function connect(configuration: OrgConfiguration): Promise<OrgConnection> {
  const way = chooseSignInWay(configuration);
  const { label, timeoutMinutes } = configuration;
  const requestTimeoutMs = Math.min(longestRequestMilliseconds, timeoutMinutes * 60_000);
  let session = await signIn(way, label, requestTimeoutMs);
  const apiVersion =
    configuration.apiVersion ??
    newestCommonVersion(
      await reach(label, () => listApiVersions(session.instanceUrl, { requestTimeoutMs })),
      label,
    );
  let clockDifference: number | undefined;
  const apiOf = ({ instanceUrl, accessToken }: Session): MetadataApi =>
    new MetadataApi({
      instanceUrl,
      accessToken,
      apiVersion: `${apiVersion}.0`,
      requestTimeoutMs,
      onServerDate: (date) => {
        clockDifference = date.getTime() - Date.now();
      },
    });
  let api = apiOf(session);
  let user: Promise<SignedInUser> | undefined;
  const requestUser = (): Promise<SignedInUser> =>
    (user ??= reach(label, () => requestSignedInUser({ ...session, requestTimeoutMs })));
  const organizationId = session.organizationId ?? (await requestUser()).organizationId;

  let renewals = 0;
  let renewing: Promise<void> | undefined;
  const renew = async (): Promise<void> => {
    renewals += 1;
    session = await signIn(way, label, requestTimeoutMs);
    if (session.organizationId !== undefined && session.organizationId !== organizationId) {
      throw new OrgConnectionError(
        `org ${label}: a new sign-in led to organization ${session.organizationId} instead of ${organizationId}; nothing more was sent`,
      );
    }
    api = apiOf(session);
  };
  const withSession = async <T>(request: (current: MetadataApi) => Promise<T>): Promise<T> => {
    const used = api;
    try {
      return await request(used);
    } catch (thrown) {
      if (!isExpiredSession(thrown) || way.kind === 'accessToken' || renewals >= mostRenewals) {
        throw thrown;
      }
      if (used === api) {
        renewing ??= renew().finally(() => {
          renewing = undefined;
        });
        await renewing;
      }
      return await request(api);
    }
  };
  return {
    label,
    organizationId,
    apiVersion,
    signInConsumerKey: session.consumerKey,
    timeoutMinutes,
    orgTime: () => (clockDifference === undefined ? undefined : new Date(Date.now() + clockDifference)),
    userId: async () => (await requestUser()).userId,
    read: (request) => retryTransient(() => withSession(request)),
    send: withSession,
  };
}

/** Sends one of the first requests to an org, and says which org did not answer. */
async function reach<T>(label: string, request: () => Promise<T>): Promise<T> {
  try {
    return await retryTransient(request);
  } catch (thrown) {
    throw new OrgConnectionError(
      `org ${label} did not answer as an org does: ${messageOf(thrown)}. Check the address, the network and the session, then repeat the command`,
    );
  }
}

function isExpiredSession(thrown: unknown): boolean {
  return (
    thrown instanceof SalesforceApiError &&
    thrown.errorCode === 'INVALID_SESSION_ID' &&
    !/JWT-based access tokens/i.test(thrown.message)
  );
}

function newestCommonVersion(offered: readonly number[], label: string): number {
  const common = offered.filter((version) => version <= knownApiVersions.newest);
  const newest = Math.max(...common);
  if (!(newest >= knownApiVersions.oldest)) {
    throw new OrgConnectionError(
      `org ${label} offers no Metadata API version from ${knownApiVersions.oldest}.0 to ${knownApiVersions.newest}.0: ` +
        'is this the address of a Salesforce org?',
    );
  }
  return newest;
}
