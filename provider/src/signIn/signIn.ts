import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { ConfigurationError, reasonOf } from '../errors.js';
import { defaultRequestTimeoutMs } from '../org/httpTransport.js';
import type { OrgContext } from '../org/orgContext.js';
import { inspectAccessToken } from './accessToken.js';
import { isLoopback, isSalesforceHost } from './orgUrl.js';
import { readPrivateKey } from './privateKey.js';
import { SignInError } from './session.js';
import type { Session } from './session.js';
import type { TokenGrant } from './signInAdvice.js';
import type { SignInWay } from './signInWays.js';
import { requestTargetOrgSession } from './targetOrg.js';
import { requestSession } from './tokenRequest.js';
import type { TokenRequest } from './tokenRequest.js';

/** How long an assertion is valid, in seconds: long enough for clocks that differ a little. */
const assertionLifetimeSeconds = 180;

/** How far an assertion's time of issue is in the past, in seconds: an org whose clock is behind would refuse one of the future. */
const clockDifferenceSeconds = 15;

/**
 * Signs in.
 *
 * @param label how messages name the org
 * @param requestTimeoutMs the limit of one request with its repeats, and of one command of the Salesforce CLI, in milliseconds
 * @throws SignInError with the org's or the Salesforce CLI's reason, its cause and its cure, ConfigurationError for a private key
 *   that is none; never with a credential
 */
export async function signIn(
  way: SignInWay,
  label: string,
  context: OrgContext,
  requestTimeoutMs = defaultRequestTimeoutMs,
): Promise<Session> {
  const { http, warn } = context;
  switch (way.kind) {
    case 'accessToken': {
      const facts = inspectAccessToken(way.accessToken);
      return {
        accessToken: way.accessToken,
        instanceUrl: way.instanceUrl,
        organizationId: facts.organizationId,
        consumerKey: facts.consumerKey,
        tokenFormat: facts.format,
      };
    }
    case 'jwtBearer':
      return requestSession(tokenRequest(way, assertionsOf(way, label, warn)), label, http, requestTimeoutMs);
    case 'clientCredentials': {
      const parameters = { client_id: way.clientId, client_secret: way.clientSecret };
      return requestSession(
        tokenRequest(way, () => Promise.resolve(parameters)),
        label,
        http,
        requestTimeoutMs,
      );
    }
    case 'sfdxAuthUrl': {
      const parameters = {
        client_id: way.clientId,
        ...(way.clientSecret === undefined ? {} : { client_secret: way.clientSecret }),
        refresh_token: way.refreshToken,
      };
      return requestSession(
        tokenRequest(way, () => Promise.resolve(parameters)),
        label,
        http,
        requestTimeoutMs,
      );
    }
    case 'targetOrg':
      return requestTargetOrgSession(way, label, requestTimeoutMs);
  }
}

function tokenRequest(
  { kind, loginUrl, clientId, instanceUrl }: Extract<SignInWay, { kind: TokenGrant }>,
  parameters: TokenRequest['parameters'],
): TokenRequest {
  return { grant: kind, loginUrl, clientId, instanceUrl, parameters };
}

/**
 * What signs the assertions of JWT bearer, each with an id of its own: an org may take an id once only (RFC 7523, 3, `jti`), and an answer
 * that was lost does not say whether it has.
 */
function assertionsOf(
  way: Extract<SignInWay, { kind: 'jwtBearer' }>,
  label: string,
  warn: OrgContext['warn'],
): () => Promise<{ assertion: string }> {
  const audience = way.audience ?? defaultAudience(way.loginUrl);
  if (audience === undefined) {
    throw new ConfigurationError({
      code: 'ECA1217',
      subject: `sign-in to org ${label}`,
      cause:
        `${way.loginUrl} is not known to be an address of Salesforce, so the audience of the assertion must be ` +
        'set (salesforce:audience): whoever answers there could use one for https://login.salesforce.com to sign in as the user',
    });
  }
  const key = readPrivateKey(way.privateKey.value, way.privateKey.source, warn);
  return async () => {
    const now = Math.floor(Date.now() / 1000);
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(way.clientId)
      .setSubject(way.username)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(now - clockDifferenceSeconds)
      .setExpirationTime(now + assertionLifetimeSeconds)
      .sign(key)
      .catch((thrown: unknown) => {
        throw new SignInError({
          code: 'ECA1108',
          subject: `sign-in to org ${label}`,
          cause: `the private key cannot sign: ${reasonOf(thrown)}`,
        });
      });
    return { assertion };
  };
}

/**
 * The audience of a JWT bearer assertion by the kind of host: sandboxes and scratch orgs take `https://test.salesforce.com`,
 * the others `https://login.salesforce.com` (Salesforce Help, "OAuth 2.0 JWT Bearer Flow"). `undefined` for a host that is neither
 * Salesforce's nor this machine: it could use the assertion at Salesforce.
 */
export function defaultAudience(loginUrl: string): string | undefined {
  const host = new URL(loginUrl).hostname;
  if (!isSalesforceHost(host) && !isLoopback(host)) {
    return undefined;
  }
  return host === 'test.salesforce.com' || /--[^.]+\.|\.(?:sandbox|scratch)\.my\./.test(host)
    ? 'https://test.salesforce.com'
    : 'https://login.salesforce.com';
}
