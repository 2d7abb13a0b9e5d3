import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { shortId } from '../salesforceId.js';
import { accessTokenOf } from './clients.js';
import type { IdentityOrg, IdentityUser } from './identityOrg.js';
import type { Session } from './sessions.js';
import { identityUrl } from './tokenRoutes.js';

/** `/services/oauth2/userinfo` (GET and POST) and the identity URL `/id/<org>/<user>`: the user of a token. */
export function registerUserRoutes(
  app: FastifyInstance,
  { org, authenticate }: { org: IdentityOrg; authenticate: (token: string) => Session | undefined },
): void {
  /** The token's user; otherwise sends 403 in plain text, as Salesforce does. */
  const userOf = (request: FastifyRequest, reply: FastifyReply): IdentityUser | undefined => {
    const token = accessTokenOf(request);
    const session = token === undefined ? undefined : authenticate(token);
    const user = org.users().find(({ userId }) => userId === session?.userId);
    if (user === undefined) {
      void reply
        .code(403)
        .type('text/plain')
        .send(token === undefined ? 'Missing_OAuth_Token' : 'Bad_OAuth_Token');
    }
    return user;
  };

  app.route({
    url: '/services/oauth2/userinfo',
    method: ['GET', 'POST'],
    handler: (request, reply) => {
      const user = userOf(request, reply);
      return user === undefined ? reply : reply.send(userInfo(org, user));
    },
  });

  app.get<{ Params: { organizationId: string; userId: string } }>(
    '/id/:organizationId/:userId',
    (request, reply) => {
      const { organizationId, userId } = request.params;
      const user = userOf(request, reply);
      if (user === undefined) return reply;
      const named = isSameId(organizationId, org.organizationId) && isSameId(userId, user.userId);
      // A token gives access only to its own user; the message of a real org for another user is unknown.
      if (!named) return reply.code(403).type('text/plain').send('Bad_Id');
      return reply.send(identity(org, user));
    },
  );
}

/** Ids are compared in their 15-character form, because the suffix is derived from it. */
function isSameId(left: string, right: string): boolean {
  return [15, 18].includes(left.length) && shortId(left) === shortId(right);
}

function userInfo(org: IdentityOrg, user: IdentityUser): object {
  return {
    sub: identityUrl(org, user.userId),
    user_id: user.userId,
    organization_id: org.organizationId,
    preferred_username: user.username,
    nickname: user.username,
    name: user.displayName,
    email: user.email,
    email_verified: true,
    zoneinfo: 'GMT',
    locale: 'en_US',
    language: 'en_US',
    active: true,
    is_app_installed: true,
    user_type: 'STANDARD',
    utcOffset: 0,
    urls: urls(org),
  };
}

function identity(org: IdentityOrg, user: IdentityUser): object {
  return {
    id: identityUrl(org, user.userId),
    asserted_user: true,
    user_id: user.userId,
    organization_id: org.organizationId,
    username: user.username,
    nick_name: user.username,
    display_name: user.displayName,
    email: user.email,
    email_verified: true,
    timezone: 'GMT',
    locale: 'en_US',
    language: 'en_US',
    active: true,
    is_app_installed: true,
    user_type: 'STANDARD',
    utcOffset: 0,
    urls: urls(org),
  };
}

/** The org's endpoints; `{version}` is for the client to fill in. */
function urls(org: IdentityOrg): Record<string, string> {
  return {
    metadata: `${org.instanceUrl}/services/Soap/m/{version}/${org.organizationId}`,
    rest: `${org.instanceUrl}/services/data/v{version}/`,
    sobjects: `${org.instanceUrl}/services/data/v{version}/sobjects/`,
    query: `${org.instanceUrl}/services/data/v{version}/query/`,
    tooling_rest: `${org.instanceUrl}/services/data/v{version}/tooling/`,
  };
}
