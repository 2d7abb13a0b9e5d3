import { OAuth2 } from '@jsforce/jsforce-node/lib/oauth2.js';
import { SignJWT } from 'jose';
import { messageOf, ProviderError } from '../errors.js';
import { inspectAccessToken } from './accessToken.js';
import type { HttpResponse } from '@jsforce/jsforce-node/lib/types/common';
import { redactSecrets, SalesforceApiError, TransportError } from './errors.js';
import { HttpTransport } from './httpTransport.js';
import { UnexpectedAnswerError } from './metadataAnswers.js';
import { toCaseSafeId } from './organizationId.js';
import { readPrivateKey } from './privateKey.js';
import { retryTransient } from './retryTransient.js';
import { salesforceErrorOf } from './salesforceFailure.js';
import { adviceForSignIn } from './signInAdvice.js';
import { parseOrgUrl } from './signInWays.js';
import type { SignInWay } from './signInWays.js';

/** A session with an org. Holds the access token: never print it. */
export interface Session {
  accessToken: string;
  /** The origin that API requests go to. */
  instanceUrl: string;
  /** The 18-character organization id; `undefined` where neither the token nor the reply told it. */
  organizationId: string | undefined;
  /** The consumer key of the app that the provider signs in with; `undefined` where it cannot be told. */
  consumerKey: string | undefined;
  /** The format of the access token. */
  tokenFormat: 'jwt' | 'opaque';
}

/** The org refused the sign-in, or cannot be reached. */
export class SignInError extends ProviderError {}

/** How long an assertion is valid, in seconds: long enough for clocks that differ a little. */
const assertionLifetimeSeconds = 180;

/**
 * Signs in.
 *
 * @param label how messages name the org
 * @param requestTimeoutMs the limit of one request, in milliseconds
 * @throws SignInError with the org's reason, its cause and its cure, ConfigurationError for a private key that is none; never
 *   with a credential
 */
export async function signIn(way: SignInWay, label: string, requestTimeoutMs?: number): Promise<Session> {
  if (way.kind === 'accessToken') {
    const facts = inspectAccessToken(way.accessToken);
    return {
      accessToken: way.accessToken,
      instanceUrl: way.instanceUrl,
      organizationId: facts.organizationId,
      consumerKey: facts.consumerKey,
      tokenFormat: facts.format,
    };
  }
  const key = readPrivateKey(way.privateKey.value, way.privateKey.source);
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(way.clientId)
    .setSubject(way.username)
    .setAudience(way.audience ?? defaultAudience(way.loginUrl))
    .setExpirationTime(`${assertionLifetimeSeconds}s`)
    .sign(key)
    .catch((thrown: unknown) => {
      throw new SignInError(`sign-in to org ${label}: the private key cannot sign: ${messageOf(thrown)}`);
    });
  return requestSession(
    way.loginUrl,
    { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion },
    way.clientId,
    label,
    requestTimeoutMs,
  );
}

/**
 * The audience of a JWT bearer assertion by the kind of host: sandboxes and scratch orgs take `https://test.salesforce.com`,
 * the others `https://login.salesforce.com` (Salesforce Help, "OAuth 2.0 JWT Bearer Flow").
 */
export function defaultAudience(loginUrl: string): string {
  const host = new URL(loginUrl).hostname;
  return host === 'test.salesforce.com' || /--[^.]+\.|\.(?:sandbox|scratch)\.my\./.test(host)
    ? 'https://test.salesforce.com'
    : 'https://login.salesforce.com';
}

async function requestSession(
  loginUrl: string,
  parameters: { grant_type: string; assertion: string },
  clientId: string,
  label: string,
  requestTimeoutMs: number | undefined,
): Promise<Session> {
  const oauth2 = new OAuth2({ loginUrl });
  const received: { answer?: HttpResponse } = {};
  oauth2._transport = new HttpTransport({
    requestTimeoutMs,
    onResponse: (response) => {
      received.answer = response;
    },
  });
  const request = async (): Promise<unknown> => {
    delete received.answer;
    try {
      const given: unknown = await oauth2.requestToken(parameters);
      // jsforce takes any text for a reply: the page of a proxy, or of an org in maintenance.
      if (!isJson(received.answer)) throw new UnexpectedAnswerError('it is no JSON');
      return given;
    } catch (thrown) {
      throw isRefusal(received.answer)
        ? thrown
        : salesforceErrorOf(thrown, {
            operation: 'token',
            response: received.answer,
            accessToken: undefined,
          });
    }
  };
  let reply: unknown;
  try {
    reply = await retryTransient(request);
  } catch (thrown) {
    if (thrown instanceof TransportError || thrown instanceof SalesforceApiError) {
      throw new SignInError(
        `sign-in to org ${label} did not get through: ${messageOf(thrown)}. Repeat the command later; if that does not help, ` +
          'check the address (My Domain) and the proxy',
      );
    }
    const code = thrown instanceof Error ? thrown.name : '';
    const description = redactSecrets(messageOf(thrown)).slice(0, 300);
    throw new SignInError(
      `sign-in to org ${label} was refused by ${loginUrl}: ${code} · ${description}. ` +
        adviceForSignIn(code, description, loginUrl),
    );
  }
  return parseReply(reply, clientId, label, loginUrl);
}

const isJson = (answer: HttpResponse | undefined): boolean =>
  answer?.body.trimStart().startsWith('{') === true;

/** Whether the org's sign-in has said no; any other answer is not about what was asked, but about the moment. */
function isRefusal(answer: HttpResponse | undefined): boolean {
  const status = answer?.statusCode ?? 0;
  return status >= 400 && status < 500 && status !== 420 && status !== 429;
}

function parseReply(reply: unknown, clientId: string, label: string, loginUrl: string): Session {
  const fields: Record<string, unknown> = typeof reply === 'object' && reply !== null ? { ...reply } : {};
  const { access_token: accessToken, instance_url: instance, id } = fields;
  const instanceUrl = typeof instance === 'string' ? parseOrgUrl(instance) : undefined;
  if (typeof accessToken !== 'string' || accessToken === '' || instanceUrl === undefined) {
    throw new SignInError(
      `sign-in to org ${label}: ${loginUrl} answered, but not as a Salesforce org does (no access_token or instance_url). ` +
        'Is this the address of the org (My Domain), and no proxy in between?',
    );
  }
  const facts = inspectAccessToken(accessToken);
  const idFromReply = typeof id === 'string' ? id.split('/').at(-2) : undefined;
  return {
    accessToken,
    instanceUrl,
    organizationId: toCaseSafeId(idFromReply ?? '') ?? facts.organizationId,
    consumerKey: clientId,
    tokenFormat: facts.format,
  };
}
