import { SignJWT } from 'jose';
import { messageOf } from '../errors.js';
import { inspectAccessToken } from './accessToken.js';
import { readPrivateKey } from './privateKey.js';
import { SignInError } from './session.js';
import type { Session } from './session.js';
import type { SignInWay } from './signInWays.js';
import { requestTargetOrgSession } from './targetOrg.js';
import { requestSession } from './tokenRequest.js';

/** How long an assertion is valid, in seconds: long enough for clocks that differ a little. */
const assertionLifetimeSeconds = 180;

/**
 * Signs in.
 *
 * @param label how messages name the org
 * @param requestTimeoutMs the limit of one request, and of one command of the Salesforce CLI, in milliseconds
 * @throws SignInError with the org's or the Salesforce CLI's reason, its cause and its cure, ConfigurationError for a private key
 *   that is none; never with a credential
 */
export async function signIn(way: SignInWay, label: string, requestTimeoutMs?: number): Promise<Session> {
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
      return requestSession(
        {
          grant: way.kind,
          loginUrl: way.loginUrl,
          clientId: way.clientId,
          parameters: { assertion: await makeAssertion(way, label) },
        },
        label,
        requestTimeoutMs,
      );
    case 'clientCredentials':
      return requestSession(
        {
          grant: way.kind,
          loginUrl: way.loginUrl,
          clientId: way.clientId,
          parameters: { client_id: way.clientId, client_secret: way.clientSecret },
        },
        label,
        requestTimeoutMs,
      );
    case 'sfdxAuthUrl':
      return requestSession(
        {
          grant: way.kind,
          loginUrl: way.loginUrl,
          clientId: way.clientId,
          parameters: {
            client_id: way.clientId,
            ...(way.clientSecret === undefined ? {} : { client_secret: way.clientSecret }),
            refresh_token: way.refreshToken,
          },
        },
        label,
        requestTimeoutMs,
      );
    case 'targetOrg':
      return requestTargetOrgSession(way, label, requestTimeoutMs);
  }
}

async function makeAssertion(way: Extract<SignInWay, { kind: 'jwtBearer' }>, label: string): Promise<string> {
  const key = readPrivateKey(way.privateKey.value, way.privateKey.source);
  return new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(way.clientId)
    .setSubject(way.username)
    .setAudience(way.audience ?? defaultAudience(way.loginUrl))
    .setExpirationTime(`${assertionLifetimeSeconds}s`)
    .sign(key)
    .catch((thrown: unknown) => {
      throw new SignInError(`sign-in to org ${label}: the private key cannot sign: ${messageOf(thrown)}`);
    });
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
