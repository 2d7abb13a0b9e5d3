import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import {
  clientCredentials,
  findApp,
  formParameters,
  queryParameters,
  type ClientCredentials,
} from './clients.js';
import type { Granted, Grants, TokenStores } from './grants.js';
import type { IdentityApp, IdentityOrg } from './identityOrg.js';
import { oauthErrors, sendOAuthError } from './oauthErrors.js';
import { refreshTokenExpiry, type RefreshGrant } from './refreshTokens.js';
import { oauthScope } from './scopes.js';
import type { Session } from './sessions.js';

/** `authorize` (for guests), `token`, `introspect` and `revoke` under `/services/oauth2`. */
export function registerTokenRoutes(app: FastifyInstance, stores: TokenStores, grants: Grants): void {
  const { org } = stores;
  const errorHandler = sendOAuthError;

  app.post('/services/oauth2/authorize', { errorHandler }, (request, reply) =>
    // The code comes with a redirect (one project's report).
    reply.redirect(stores.guestFlow.authorize(formParameters(request), request.headers), 302),
  );

  app.post('/services/oauth2/token', { errorHandler }, async (request, reply) => {
    const form = formParameters(request);
    const client = clientCredentials(request.headers.authorization, form);
    const granted = await grants.grant(form, client, request.headers);
    void reply.header('cache-control', 'no-store');
    return tokenReply(org, granted);
  });

  app.post('/services/oauth2/introspect', { errorHandler }, (request) => {
    const form = formParameters(request);
    const client = introspectingApp(org, clientCredentials(request.headers.authorization, form));
    return introspection(stores, form.get('token') ?? '', client);
  });

  app.route({
    url: '/services/oauth2/revoke',
    method: ['GET', 'POST'],
    errorHandler,
    handler: (request, reply) => {
      const token = formParameters(request).get('token') ?? queryParameters(request).get('token');
      if (token === undefined || !revoke(stores, token)) throw oauthErrors.invalidToken();
      return reply.code(200).send();
    },
  });
}

/** The address that names a user of an org, `…/id/ORG/USER`. */
export function identityUrl(
  org: Pick<IdentityOrg, 'instanceUrl' | 'organizationId'>,
  userId: string,
): string {
  return `${org.instanceUrl}/id/${org.organizationId}/${userId}`;
}

function tokenReply(org: IdentityOrg, { session, app, refreshToken }: Granted): Record<string, string> {
  const id = identityUrl(org, session.userId);
  const issuedAt = String(session.issuedAt);
  return {
    access_token: session.token,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    // Clients that verify it have the secret; for an app without one, only the format is right.
    signature: createHmac('sha256', app.consumerSecret ?? '')
      .update(id + issuedAt)
      .digest('base64'),
    scope: session.scopes.join(' '),
    instance_url: org.instanceUrl,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
    // A real org names https://api.salesforce.com; a token of this org must not be sent there.
    ...(session.format === 'jwt' ? { token_format: 'jwt', api_instance_url: org.instanceUrl } : {}),
  };
}

/**
 * Ends an access token, or a refresh token with all access tokens that came from it (documented).
 * @returns false when the token is neither
 */
function revoke({ sessions, refreshTokens }: TokenStores, token: string): boolean {
  const grant = refreshTokens.find(token);
  if (grant === undefined) return sessions.revoke(token);
  refreshTokens.revoke(token);
  sessions.revokeGrant(grant.id);
  return true;
}

/** The app that sent the request; its secret is checked if it has one. */
function introspectingApp(org: IdentityOrg, { id, secret }: ClientCredentials): IdentityApp {
  const app = id === undefined ? undefined : org.appWithKey(id);
  if (app === undefined || (app.consumerSecret !== undefined && app.consumerSecret !== secret)) {
    throw oauthErrors.invalidClientCredentials(401);
  }
  return findApp(org, id);
}

/**
 * The introspection of an access or refresh token (documented: both), times in seconds. Another app's token is not active unless the
 * app may introspect all (documented); a token without an app is shown to all.
 */
function introspection(stores: TokenStores, token: string, client: IdentityApp): object {
  const mayAsk = ({ consumerKey }: { consumerKey: string | undefined }): boolean =>
    consumerKey === undefined || consumerKey === client.consumerKey || client.isIntrospectAllTokens;
  const session = stores.sessions.peek(token);
  if (session !== undefined && mayAsk(session)) return accessTokenState(stores.org, session);
  const grant = stores.refreshTokens.find(token);
  if (grant !== undefined && mayAsk(grant)) return refreshTokenState(stores.org, grant);
  return { active: false };
}

function accessTokenState(org: IdentityOrg, session: Session): object {
  const iat = seconds(session.issuedAt);
  const named = session.format === 'jwt' ? `uid:${session.userId}` : identityUrl(org, session.userId);
  return {
    active: true,
    scope: session.scopes.join(' '),
    client_id: session.consumerKey,
    username: usernameOf(org, session.userId),
    sub: session.uvid === undefined ? named : `uvid:${session.uvid}`,
    token_type: 'access_token',
    exp: seconds(session.expiresAt),
    iat,
    nbf: session.format === 'jwt' ? iat - 15 : iat,
  };
}

/** The fields are those of an access token. Inference: a token that does not expire has no `exp`. */
function refreshTokenState(org: IdentityOrg, grant: RefreshGrant): object {
  const app = org.appWithKey(grant.consumerKey);
  const expiry = app === undefined ? 0 : refreshTokenExpiry(app, grant);
  if (app === undefined || expiry <= org.now()) return { active: false };
  const iat = seconds(grant.issuedAt);
  return {
    active: true,
    scope: app.scopes.map(oauthScope).join(' '),
    client_id: grant.consumerKey,
    username: usernameOf(org, grant.userId),
    sub: identityUrl(org, grant.userId),
    token_type: 'refresh_token',
    ...(expiry === Infinity ? {} : { exp: seconds(expiry) }),
    iat,
    nbf: iat,
  };
}

function usernameOf(org: IdentityOrg, id: string): string | undefined {
  return [...org.users(), org.guestUser].find(({ userId }) => userId === id)?.username;
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
