import { randomUUID } from 'node:crypto';
// By its path: the whole of jose takes three times as long to load.
import { SignJWT } from 'jose/jwt/sign';
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

/** How long an assertion is valid, in seconds: long enough for clocks that differ slightly. */
const assertionLifetimeSeconds = 180;

/** How far an assertion's issue time is set back, in seconds: an org whose clock is slow would refuse one issued in the future. */
const clockDifferenceSeconds = 15;

/**
 * Signs in.
 *
 * @param label how messages name the org
 * @param requestTimeoutMs the time limit of one request including retries, and of one Salesforce CLI command, in milliseconds
 * @throws SignInError with the org's or the Salesforce CLI's reason, the cause and what to do; ConfigurationError for an
 *   invalid private key; never with a credential
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
 * Returns a function that signs a new JWT bearer assertion, each with its own id: an org may accept an id only once (RFC 7523, section 3,
 * `jti`), and a lost response does not show whether it was used.
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
        `${way.loginUrl} is not a known Salesforce address, so salesforce:audience must be set: the server at that address ` +
        'could use an assertion for https://login.salesforce.com to sign in as the user',
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
          cause: `signing with the private key failed: ${reasonOf(thrown)}`,
        });
      });
    return { assertion };
  };
}

/**
 * The audience of a JWT bearer assertion for a host: `https://test.salesforce.com` for sandboxes and scratch orgs,
 * `https://login.salesforce.com` for all others (Salesforce Help, "OAuth 2.0 JWT Bearer Flow"). `undefined` for a host that is neither
 * Salesforce's nor this machine: it could use the assertion to sign in to Salesforce.
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
