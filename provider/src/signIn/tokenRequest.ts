import { partsOf, ProviderError, reasonOf } from '../errors.js';
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
  /** The origin that it goes to, and no other: a redirect is not followed. */
  loginUrl: string;
  /** The consumer key of the app that asks. */
  clientId: string;
  /** The address that the org must have; `undefined`: the one in the reply. */
  instanceUrl: string | undefined;
  /** Makes what one attempt sends besides the type of the grant. */
  parameters: () => Promise<Readonly<Record<string, string>>>;
}

const grantTypes: Readonly<Record<TokenGrant, string>> = {
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  clientCredentials: 'client_credentials',
  sfdxAuthUrl: 'refresh_token',
};

/** Parameters that are no credentials. */
const openParameters: ReadonlySet<string> = new Set(['client_id']);

/**
 * Asks an org's token endpoint for an access token; after passing faults of the network some more times.
 *
 * @param label how messages name the org
 * @param requestTimeoutMs the limit of the request with its repeats, in milliseconds
 * @throws SignInError with the org's reason, its cause and its cure; never with a credential
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
      // Any text counts as a reply so far: the page of a proxy, or of an org in maintenance.
      if (!isJson(received.answer)) throw new UnexpectedAnswerError('it is no JSON');
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
      throw new SignInError(
        {
          code: partsOf(thrown).code,
          cause: `sign-in to org ${label} did not get through: ${reasonOf(thrown)}`,
          advice:
            'Repeat the command later; if that does not help, check the address (My Domain) and the proxy',
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

/** A credential and the session that it opens belong to one org: nothing is sent to an address that the configuration does not mean. */
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
      cause: `${loginUrl} gave a session for ${given}, an address of this machine, which it cannot know. The session was not used`,
      advice: 'Is this the address of the org (My Domain), and no proxy in between?',
    });
  }
  if (expected !== undefined && !isSameOrigin(given, expected)) {
    throw new SignInError({
      code: 'ECA1603',
      subject,
      cause: `${loginUrl} gave a session for ${given}, but instanceUrl is ${expected}. The session was not used`,
      advice: 'Correct instanceUrl, or sign in where that org does',
    });
  }
}

const isJson = (answer: HttpResponse | undefined): boolean =>
  answer?.body.trimStart().startsWith('{') === true;

/** The code and the words with which the org's sign-in says no; any other answer is not about what was asked, but about the moment. */
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
  // OAuth's errors (RFC 6749, 5.2), or the list of a REST API.
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

/** What a bearer token consists of (RFC 6750, 2.1), and the `!` of opaque ones. */
const tokenForm = /^[A-Za-z0-9._~+/=!-]+$/;

function parseReply(reply: unknown, loginUrl: string, clientId: string, label: string): Session {
  const fields: Record<string, unknown> = typeof reply === 'object' && reply !== null ? { ...reply } : {};
  const { access_token: accessToken, instance_url: instance, id, refresh_token: nextRefreshToken } = fields;
  const instanceUrl = typeof instance === 'string' ? parseOrgUrl(instance) : undefined;
  if (typeof accessToken !== 'string' || !tokenForm.test(accessToken) || instanceUrl === undefined) {
    throw new SignInError({
      code: 'ECA1602',
      subject: `sign-in to org ${label}`,
      cause: `${loginUrl} answered, but not as a Salesforce org does (no access_token or instance_url)`,
      advice: 'Is this the address of the org (My Domain), and no proxy in between?',
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
