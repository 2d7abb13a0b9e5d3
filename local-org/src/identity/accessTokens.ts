import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import type { IdentityApp, IdentityOrg, IdentityUser } from './identityOrg.js';
import { shortId } from '../salesforceId.js';
import { hasPlatformScope, oauthScope } from './scopes.js';
import type { Session } from './sessions.js';
import type { SigningKey } from './signingKey.js';

const minuteMs = 60_000;

/**
 * A new access token of an app for a named user, with the format and lifetime of the current settings. The lifetime of an opaque one is
 * `sessionTimeoutInMinutes` or the user's session timeout; that of a JWT-based one is `namedUserJwtTimeout` with `Custom` and the user's session
 * timeout otherwise (documented). An issued token keeps both (inference).
 * @param signingKey is asked only for a JWT-based token
 */
export async function issueAccessToken(
  org: IdentityOrg,
  app: IdentityApp,
  user: IdentityUser,
  signingKey: () => Promise<SigningKey>,
): Promise<Session> {
  const scopes = app.scopes.map(oauthScope);
  if (app.isNamedUserJwtEnabled) {
    const custom = app.namedUserJwtSessionTimeoutType === 'Custom' ? app.namedUserJwtTimeout : undefined;
    const grant = {
      user,
      scopes,
      lifetimeMinutes: custom ?? org.sessionTimeoutMinutes(user),
      uvid: undefined,
    };
    return jwtSession(org, app, grant, await signingKey());
  }
  // 0 is not a lifetime, so it counts as not set.
  const ofApp = app.sessionTimeoutInMinutes === 0 ? undefined : app.sessionTimeoutInMinutes;
  return opaqueSession(org, {
    userId: user.userId,
    lifetimeMinutes: ofApp ?? org.sessionTimeoutMinutes(user),
    consumerKey: app.consumerKey,
    scopes,
  });
}

/**
 * A new access token of an app for a guest of the headless flow, always JWT-based (documented). Its lifetime is `guestJwtTimeout` with `Custom`
 * and otherwise the session timeout of the guest user's profile or of the org (documented).
 * @param uvid the visitor's id
 */
export async function issueGuestToken(
  org: IdentityOrg,
  app: IdentityApp,
  guest: { scopes: readonly string[]; uvid: string },
  signingKey: () => Promise<SigningKey>,
): Promise<Session> {
  const custom = app.guestJwtSessionTimeoutType === 'Custom' ? app.guestJwtTimeout : undefined;
  const user = org.guestUser;
  const grant = { user, ...guest, lifetimeMinutes: custom ?? org.sessionTimeoutMinutes(user) };
  return jwtSession(org, app, grant, await signingKey());
}

/** A new session with an opaque token `<15-character org id>!<rest>`. */
export function opaqueSession(
  org: IdentityOrg,
  grant: {
    userId: string;
    lifetimeMinutes: number;
    consumerKey: string | undefined;
    scopes: readonly string[];
  },
): Session {
  const issuedAt = org.now();
  const lifetimeMs = grant.lifetimeMinutes * minuteMs;
  return {
    // The Salesforce CLI recognises opaque tokens by word characters and dots after the exclamation mark.
    token: `${shortId(org.organizationId)}!AQ${randomBytes(64).toString('base64url').replaceAll('-', '.')}`,
    format: 'opaque',
    userId: grant.userId,
    consumerKey: grant.consumerKey,
    scopes: grant.scopes,
    issuedAt,
    renewedAt: issuedAt,
    lifetimeMs,
    expiresAt: issuedAt + lifetimeMs,
    uvid: undefined,
    grantId: undefined,
  };
}

async function jwtSession(
  org: IdentityOrg,
  app: IdentityApp,
  grant: { user: IdentityUser; scopes: readonly string[]; lifetimeMinutes: number; uvid: string | undefined },
  key: SigningKey,
): Promise<Session> {
  const { user, scopes, uvid } = grant;
  const issuedAt = org.now();
  const iat = Math.floor(issuedAt / 1000);
  const exp = iat + grant.lifetimeMinutes * 60;
  const platform = hasPlatformScope(scopes);
  const token = await new SignJWT({
    scp: scopes.join(' '),
    aud: platform ? [org.instanceUrl, 'https://api.salesforce.com'] : [org.instanceUrl],
    // A guest's subject: one project's report.
    sub: uvid === undefined ? `uid:${user.userId}` : `uvid:${uvid}`,
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
    renewedAt: issuedAt,
    lifetimeMs: exp * 1000 - issuedAt,
    expiresAt: exp * 1000,
    uvid,
    grantId: undefined,
  };
}
