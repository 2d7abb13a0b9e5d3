import { partsOf, ProviderError } from '../errors.js';
import { inspectAccessToken } from './accessToken.js';
import type { HttpConnections } from '../org/httpConnections.js';
import type { HttpResponse, SendRequest } from '../org/httpMessages.js';
import { HttpTransport } from '../org/httpTransport.js';
import { UnexpectedAnswerError } from '../org/answerFields.js';
import { requestToken } from '../org/jsforce.js';
import { toCaseSafeId } from '../org/organizationId.js';
import { isLoopbackUrl, isSameOrigin, parseOrgUrl } from './orgUrl.js';
import { isTransient, retryTransient } from '../org/retryTransient.js';
import { salesforceErrorOf } from '../org/salesforceFailure.js';
import { SignInError } from './session.js';
import type { Session } from './session.js';
import { adviceForSignIn } from './signInAdvice.js';
import type { TokenGrant } from './signInAdvice.js';
import { orgText } from '../org/orgText.js';
import { assertParsable } from '../org/answerLimits.js';

/** A request to an org's token endpoint. Holds credentials: never print it. */
export interface TokenRequest {
  grant: TokenGrant;
  /** The only origin that it is sent to: redirects are not followed. */
  loginUrl: string;
  /** The consumer key of the app that signs in. */
  clientId: string;
  /** The address that the org must have; `undefined` means the one in the response. */
  instanceUrl: string | undefined;
  /** Creates the parameters of one attempt, apart from the grant type. */
  parameters: () => Promise<Readonly<Record<string, string>>>;
}

const grantTypes: Readonly<Record<TokenGrant, string>> = {
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  clientCredentials: 'client_credentials',
  sfdxAuthUrl: 'refresh_token',
};

/** Parameters that are not credentials. */
const openParameters: ReadonlySet<string> = new Set(['client_id']);

/**
 * Requests an access token from an org's token endpoint. Retries after transient network failures.
 *
 * @param label how messages name the org
 * @param requestTimeoutMs the time limit of the request including retries, in milliseconds
 * @throws SignInError with the org's reason, the cause and what to do; never with a credential
 */
export async function requestSession(
  { grant, loginUrl, clientId, instanceUrl, parameters }: TokenRequest,
  label: string,
  http: HttpConnections,
  requestTimeoutMs: number,
): Promise<Session> {
  const transport = new HttpTransport(http, { requestTimeoutMs });
  const received: { answer?: HttpResponse } = {};
  const send: SendRequest = async (form) => {
    received.answer = await transport.send(form);
    assertParsable(received.answer);
    return received.answer;
  };
  const secrets: string[] = [];
  const request = async (): Promise<unknown> => {
    delete received.answer;
    const sent = await parameters();
    for (const [name, value] of Object.entries(sent)) {
      if (!openParameters.has(name)) secrets.push(value, encodeURIComponent(value));
    }
    try {
      const given = await requestToken(loginUrl, { ...sent, grant_type: grantTypes[grant] }, send);
      // Up to here any text counts as a response, such as a page from a proxy or from an org in maintenance.
      if (!isJson(received.answer)) throw new UnexpectedAnswerError('it is not JSON');
      return given;
    } catch (thrown) {
      throw salesforceErrorOf(thrown, {
        operation: 'token',
        response: received.answer,
        secrets,
      });
    }
  };
  let reply: unknown;
  try {
    reply = await retryTransient(request, requestTimeoutMs);
  } catch (thrown) {
    if (thrown instanceof ProviderError) throw thrown;
    const refusal = refusalOf(received.answer);
    if (refusal === undefined) {
      const { code, cause, advice } = partsOf(thrown);
      throw new SignInError(
        {
          code,
          cause: `sign-in to org ${label} failed: ${cause}`,
          advice:
            advice === undefined
              ? 'Repeat the command later. If it fails again, check the address (My Domain) and the proxy'
              : `${advice}, then repeat the command`,
        },
        isTransient(thrown),
      );
    }
    const code = orgText(refusal.code, secrets, 100);
    const description = orgText(refusal.description, secrets, 300);
    const words = (description === '' ? code : `${code} · ${description}`).replace(/[.\s]+$/, '');
    throw new SignInError({
      cause: `sign-in to org ${label} was refused by ${loginUrl}: ${words}`,
      ...adviceForSignIn(code, description, loginUrl, grant),
    });
  }
  const session = parseReply(reply, loginUrl, clientId, label);
  refuseOtherAddress(session.instanceUrl, loginUrl, instanceUrl, label);
  return session;
}

/** A credential and its session belong to one org: nothing is sent to an address that is not configured. */
function refuseOtherAddress(
  given: string,
  loginUrl: string,
  expected: string | undefined,
  label: string,
): void {
  const subject = `sign-in to org ${label}`;
  if (isLoopbackUrl(given) && !isLoopbackUrl(loginUrl)) {
    throw new SignInError({
      code: 'ECA1604',
      subject,
      cause: `${loginUrl} returned a session for ${given}, an address on this machine. The session was not used`,
      advice: 'Check that this is the My Domain address of the org and that there is no proxy in between',
    });
  }
  if (expected !== undefined && !isSameOrigin(given, expected)) {
    throw new SignInError({
      code: 'ECA1603',
      subject,
      cause: `${loginUrl} returned a session for ${given}, but instanceUrl is ${expected}. The session was not used`,
      advice: 'Correct instanceUrl, or sign in at the address of that org',
    });
  }
}

const isJson = (answer: HttpResponse | undefined): boolean =>
  answer?.body.trimStart().startsWith('{') === true;

/** The code and description of the org's refusal; `undefined` for any other response, which is a transient failure. */
function refusalOf(answer: HttpResponse | undefined): { code: string; description: string } | undefined {
  const { statusCode = 0, body = '' } = answer ?? {};
  if (statusCode < 400 || statusCode >= 500 || statusCode === 420 || statusCode === 429) {
    return undefined;
  }
  const text = body.trim();
  if (!/^[[{]/.test(text)) {
    return text === '' || text.startsWith('<')
      ? undefined
      : { code: `ERROR_HTTP_${statusCode}`, description: text };
  }
  // An OAuth error (RFC 6749, section 5.2), or the error list of a REST API.
  const { error, error_description: description, errorCode, message } = firstObjectIn(text);
  const [code, words] = typeof error === 'string' ? [error, description] : [errorCode, message];
  return typeof code !== 'string' || code === ''
    ? undefined
    : { code, description: typeof words === 'string' ? words : '' };
}

function firstObjectIn(json: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(json);
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return typeof first === 'object' && first !== null ? { ...first } : {};
  } catch {
    return {};
  }
}

/** The characters of a bearer token (RFC 6750, section 2.1), and the `!` of opaque ones. */
const tokenForm = /^[A-Za-z0-9._~+/=!-]+$/;

function parseReply(reply: unknown, loginUrl: string, clientId: string, label: string): Session {
  const fields: Record<string, unknown> = typeof reply === 'object' && reply !== null ? { ...reply } : {};
  const { access_token: accessToken, instance_url: instance, id, refresh_token: nextRefreshToken } = fields;
  const instanceUrl = typeof instance === 'string' ? parseOrgUrl(instance) : undefined;
  if (typeof accessToken !== 'string' || !tokenForm.test(accessToken) || instanceUrl === undefined) {
    throw new SignInError({
      code: 'ECA1602',
      subject: `sign-in to org ${label}`,
      cause: `${loginUrl} responded, but not like a Salesforce org (no access_token or instance_url)`,
      advice: 'Check that this is the My Domain address of the org and that there is no proxy in between',
    });
  }
  const facts = inspectAccessToken(accessToken);
  const idFromReply = typeof id === 'string' ? id.split('/').at(-2) : undefined;
  return {
    accessToken,
    instanceUrl,
    organizationId: toCaseSafeId(idFromReply ?? '') ?? facts.organizationId,
    consumerKey: clientId,
    tokenFormat: facts.format,
    ...(typeof nextRefreshToken === 'string' ? { nextRefreshToken } : {}),
  };
}
