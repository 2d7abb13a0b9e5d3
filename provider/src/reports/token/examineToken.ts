import { setTimeout as sleep } from 'node:timers/promises';
import { partsOf, reasonOf } from '../../errors.js';
import type { MessageParts } from '../../errors.js';
import type { OrgConfiguration } from '../../signIn/configuration.js';
import { refuseOtherHost } from '../../signIn/renewingSession.js';
import type { Session } from '../../signIn/session.js';
import { signIn } from '../../signIn/signIn.js';
import type { HttpConnections } from '../../org/httpConnections.js';
import { requestLimitOf } from '../../org/orgConnection.js';
import { contextWithoutEngine } from '../../org/orgContext.js';
import { introspectToken } from '../../org/orgInformation.js';
import { compareToken } from './compareToken.js';
import type { Comparison } from './compareToken.js';
import { orgSignIn } from './credentials.js';
import type { AppSignInWay } from './credentials.js';
import { inspectToken } from './inspectedToken.js';
import type { InspectedToken } from './inspectedToken.js';
import { readAppSettings, spreadMinutes } from './readAppSettings.js';
import type { AppSettings } from './readAppSettings.js';
import type { TokenReport } from './tokenReport.js';
import { verifySignature } from './verifySignature.js';
import type { SignatureCheck } from './verifySignature.js';

/** What to do with the token. */
export interface ExamineOptions {
  /** The developer name of the app; `undefined`: the app with the consumer key. */
  app: string | undefined;
  /** Whether the settings of the app are read and compared. */
  compares: boolean;
  /** Whether the signature is checked. */
  verifies: boolean;
  /** For how many minutes a token that differs from the settings is replaced by a new one; 0: never. */
  waitMinutes: number;
  /** Whether the report contains the token. */
  showsToken: boolean;
}

const flows = { jwtBearer: 'JWT bearer', clientCredentials: 'client credentials' } as const;

/** A report, and why the settings could not be read. */
export interface ExaminedToken {
  report: TokenReport;
  settingsFailure: MessageParts | undefined;
}

/**
 * Gets a token for an app and inspects it. If the settings cannot be read, the report says so; all other errors are thrown.
 *
 * @param way the app and how it gets a token
 * @param configuration the whole configuration, which also has the sign-in for reading the settings
 * @throws SignInError, SalesforceApiError, TransportError
 */
export async function examineToken(
  way: AppSignInWay,
  configuration: OrgConfiguration,
  options: ExamineOptions,
): Promise<ExaminedToken> {
  const { label } = configuration;
  const context = contextWithoutEngine();
  const { http } = context;
  const limitMs = requestLimitOf(configuration);
  const getToken = (): Promise<Session> => signIn(way, label, context, limitMs);
  let session = await getToken();
  // Inspected before anything uses it: every use moves the expiry of an opaque token.
  let token = await inspect(session, way, http, limitMs);
  let settings: AppSettings | undefined;
  let settingsProblem: string | undefined;
  let settingsFailure: MessageParts | undefined;
  if (options.compares) {
    try {
      settings = await readAppSettings(
        orgSignIn(configuration, session),
        {
          name: options.app,
          consumerKey: way.clientId,
          organizationId: session.organizationId,
        },
        context,
      );
    } catch (thrown) {
      settingsProblem = reasonOf(thrown);
      settingsFailure = partsOf(thrown);
    }
  }
  const hasSecret = way.kind === 'clientCredentials';
  const compare = (): Comparison[] =>
    settings === undefined ? [] : compareToken(token, settings.app, hasSecret);
  const differs = (): boolean => compare().some(({ status }) => status === 'differs');
  const start = performance.now();
  while (differs()) {
    const elapsed = performance.now() - start;
    if (elapsed >= options.waitMinutes * 60_000) {
      break;
    }
    await sleep(pauseBeforeNextToken(elapsed));
    const next = await getToken();
    refuseOtherHost(label, session, next);
    session = next;
    token = await inspect(session, way, http, limitMs);
  }
  const report = {
    instanceUrl: session.instanceUrl,
    flow: flows[way.kind],
    token,
    signature: options.verifies ? await checkSignature(session, way, http, limitMs) : undefined,
    app: settings?.app,
    settingsProblem,
    comparisons: compare(),
    note: differs() ? describeSpread(settings?.modifiedMinutesAgo) : undefined,
    accessToken: options.showsToken ? session.accessToken : undefined,
  };
  return { report, settingsFailure };
}

/**
 * Reads a token. For an opaque one the org is asked if there is a secret for that. The secret is sent to the configured address, as it was
 * for the token, not to the address in the token response.
 */
async function inspect(
  { accessToken, tokenFormat }: Session,
  way: AppSignInWay,
  http: HttpConnections,
  requestTimeoutMs: number,
): Promise<InspectedToken> {
  if (tokenFormat === 'jwt' || way.kind !== 'clientCredentials') {
    return inspectToken(accessToken);
  }
  try {
    return inspectToken(
      accessToken,
      await introspectToken(accessToken, way, { http, instanceUrl: way.loginUrl, requestTimeoutMs }),
    );
  } catch {
    // The org may not allow the app to introspect; the times are unknown then. Its response may contain the secret.
    return inspectToken(accessToken);
  }
}

/** The keys of the configured address are used, not those of an address in the token response. */
async function checkSignature(
  { accessToken, tokenFormat }: Session,
  { loginUrl }: AppSignInWay,
  http: HttpConnections,
  limitMs: number,
): Promise<SignatureCheck> {
  return tokenFormat === 'jwt'
    ? verifySignature(accessToken, loginUrl, http, limitMs)
    : { isValid: false, text: 'an opaque token has no signature' };
}

const shortestPause = 1000;
const longestPause = 30_000;

/** In milliseconds. An org limits sign-ins: these pauses make about fifty tokens in a quarter of an hour. */
function pauseBeforeNextToken(elapsed: number): number {
  return Math.min(Math.max(shortestPause, elapsed / 4), longestPause);
}

function describeSpread(modifiedMinutesAgo: number | undefined): string | undefined {
  return modifiedMinutesAgo === undefined
    ? undefined
    : `the app was modified ${modifiedMinutesAgo} minutes ago, and settings can take up to ${spreadMinutes} minutes to take effect: ` +
        `check again later, or use --wait ${spreadMinutes}`;
}
