import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { IdentityApp, IdentityOrg, IdentityUser } from './identityOrg.js';
import { hasPlatformScope, oauthScope } from './scopes.js';
import type { Session } from './sessions.js';

/** The RSA key that an org signs its JWT-based access tokens with; made at run time, one for each org. */
export interface SigningKey {
  /** `CORE_ATJWT.<15-character org id>.<epoch ms>` */
  readonly keyId: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function createSigningKey(org: IdentityOrg): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048 });
  const keyId = `CORE_ATJWT.${shortId(org.organizationId)}.${org.now()}`;
  const publicJwk = { ...(await exportJWK(publicKey)), use: 'sig', alg: 'RS256', kid: keyId };
  return { keyId, privateKey, publicJwk };
}

/** The 15-character form of an id. */
export function shortId(id: string): string {
  return id.slice(0, 15);
}

/**
 * A new access token of an app, in the format and with the life that the app's settings say now.
 * An opaque one lives `sessionTimeoutInMinutes` or the org's session timeout, a JWT-based one `namedUserJwtTimeout` with `Custom` and the
 * org's session timeout otherwise.
 */
export async function issueAccessToken(
  org: IdentityOrg,
  app: IdentityApp,
  user: IdentityUser,
  key: SigningKey,
): Promise<Session> {
  const scopes = app.scopes.map(oauthScope);
  if (app.isNamedUserJwtEnabled) return jwtSession(org, app, user, scopes, key);
  return opaqueSession(org, {
    userId: user.userId,
    // 0 is no lifetime: taken as not set.
    lifetimeMinutes: app.sessionTimeoutInMinutes === 0 ? undefined : app.sessionTimeoutInMinutes,
    consumerKey: app.consumerKey,
    scopes,
  });
}

/** A new session with an opaque token `<15-character org id>!<rest>`; the lifetime defaults to the org's session timeout. */
export function opaqueSession(
  org: IdentityOrg,
  grant: {
    userId: string;
    lifetimeMinutes: number | undefined;
    consumerKey: string | undefined;
    scopes: readonly string[];
  },
): Session {
  const issuedAt = org.now();
  return {
    // The Salesforce CLI recognises opaque tokens by word characters and dots after the exclamation mark.
    token: `${shortId(org.organizationId)}!AQ${randomBytes(64).toString('base64url').replaceAll('-', '.')}`,
    format: 'opaque',
    userId: grant.userId,
    consumerKey: grant.consumerKey,
    scopes: grant.scopes,
    issuedAt,
    expiresAt: issuedAt + (grant.lifetimeMinutes ?? org.sessionTimeoutMinutes) * 60_000,
  };
}

async function jwtSession(
  org: IdentityOrg,
  app: IdentityApp,
  user: IdentityUser,
  scopes: readonly string[],
  key: SigningKey,
): Promise<Session> {
  const issuedAt = org.now();
  const iat = Math.floor(issuedAt / 1000);
  const exp = iat + jwtLifetimeMinutes(org, app) * 60;
  const platform = hasPlatformScope(scopes);
  const token = await new SignJWT({
    scp: scopes.join(' '),
    aud: platform ? [org.instanceUrl, 'https://api.salesforce.com'] : [org.instanceUrl],
    sub: `uid:${user.userId}`,
    nbf: iat - 15,
    mty: 'oauth',
    sfi: randomBytes(32).toString('hex'),
    roles: [],
    iss: org.instanceUrl,
    hsc: false,
    exp,
    iat,
    client_id: app.consumerKey,
    // The names are one project's report; the values are examples.
    ...(platform ? { sfap_op: 'MCPService', sfap_rh: 'local' } : {}),
  })
    .setProtectedHeader({
      tnk: `core/${org.name}/${org.organizationId}`,
      ver: '1.0',
      kid: key.keyId,
      tty: 'sfdc-core-token',
      typ: 'JWT',
      alg: 'RS256',
    })
    .sign(key.privateKey);
  return {
    token,
    format: 'jwt',
    userId: user.userId,
    consumerKey: app.consumerKey,
    scopes,
    issuedAt,
    expiresAt: exp * 1000,
  };
}

function jwtLifetimeMinutes(org: IdentityOrg, app: IdentityApp): number {
  const custom = app.namedUserJwtSessionTimeoutType === 'Custom' ? app.namedUserJwtTimeout : undefined;
  return custom ?? org.sessionTimeoutMinutes;
}
