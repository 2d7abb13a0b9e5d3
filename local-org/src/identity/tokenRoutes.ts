import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import {
  clientCredentials,
  findApp,
  formParameters,
  queryParameters,
  type ClientCredentials,
} from './clients.js';
import type { Granted, Grants } from './grants.js';
import type { IdentityOrg } from './identityOrg.js';
import { oauthErrors, sendOAuthError } from './oauthErrors.js';
import type { Session, Sessions } from './sessions.js';

/** `/services/oauth2/token`, `/services/oauth2/introspect` and `/services/oauth2/revoke`. */
export function registerTokenRoutes(
  app: FastifyInstance,
  { org, sessions, grants }: { org: IdentityOrg; sessions: Sessions; grants: Grants },
): void {
  const errorHandler = sendOAuthError;

  app.post('/services/oauth2/token', { errorHandler }, async (request, reply) => {
    const form = formParameters(request);
    const granted = await grants.grant(form, clientCredentials(request.headers.authorization, form));
    void reply.header('cache-control', 'no-store');
    return tokenReply(org, granted);
  });

  app.post('/services/oauth2/introspect', { errorHandler }, (request) => {
    const form = formParameters(request);
    const consumerKey = introspectingClient(org, clientCredentials(request.headers.authorization, form));
    const session = sessions.peek(form.get('token') ?? '');
    return introspection(org, session, consumerKey);
  });

  app.route({
    url: '/services/oauth2/revoke',
    method: ['GET', 'POST'],
    errorHandler,
    handler: (request, reply) => {
      const token = formParameters(request).get('token') ?? queryParameters(request).get('token');
      if (token === undefined || !sessions.revoke(token)) throw oauthErrors.invalidToken();
      return reply.code(200).send();
    },
  });
}

/** The address that names a user of an org, `…/id/ORG/USER`. */
export function identityUrl(org: IdentityOrg, userId: string): string {
  return `${org.instanceUrl}/id/${org.organizationId}/${userId}`;
}

function tokenReply(org: IdentityOrg, { session, app }: Granted): Record<string, string> {
  const id = identityUrl(org, session.userId);
  const issuedAt = String(session.issuedAt);
  return {
    access_token: session.token,
    // Clients that check it hold the secret; for an app without one it only has the shape.
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

/** The app that asks; its secret is checked where the org knows one. */
function introspectingClient(org: IdentityOrg, { id, secret }: ClientCredentials): string {
  const app = org.apps().find(({ consumerKey }) => consumerKey === id);
  if (app === undefined || (app.consumerSecret !== undefined && app.consumerSecret !== secret)) {
    throw oauthErrors.invalidClientCredentials(401);
  }
  return findApp(org, id).consumerKey;
}

/** What introspection says of a session: times in seconds; another app's token is not active, a token of no app is shown to all. */
function introspection(org: IdentityOrg, session: Session | undefined, consumerKey: string): object {
  if (session === undefined || (session.consumerKey !== undefined && session.consumerKey !== consumerKey)) {
    return { active: false };
  }
  const iat = Math.floor(session.issuedAt / 1000);
  return {
    active: true,
    scope: session.scopes.join(' '),
    client_id: session.consumerKey,
    username: org.users().find(({ userId }) => userId === session.userId)?.username,
    sub: session.format === 'jwt' ? `uid:${session.userId}` : identityUrl(org, session.userId),
    token_type: 'access_token',
    exp: Math.floor(session.expiresAt / 1000),
    iat,
    nbf: session.format === 'jwt' ? iat - 15 : iat,
  };
}
