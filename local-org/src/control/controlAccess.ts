import type { FastifyRequest } from 'fastify';
import { accessTokenOf } from '../identity/clients.js';
import type { OrgState } from '../server/orgState.js';
import { webPageRefusal } from './webPageRefusal.js';

/** Why a request may not drive the org, with the HTTP status to say it with. */
export interface ControlRefusal {
  statusCode: 401 | 403;
  message: string;
}

/**
 * Whether a request may drive the org; undefined when it may. From this machine everybody may but the web pages of other sites. A request
 * from another machine, which comes only where the org listens on such an address, needs the developer's access token: without a session
 * it must not reach more than a real org serves.
 */
export function controlRefusal(request: FastifyRequest, org: OrgState): ControlRefusal | undefined {
  if (isThisMachine(request.socket.remoteAddress)) {
    const message = webPageRefusal(request.headers, org.instanceHost, request.protocol);
    return message === undefined ? undefined : { statusCode: 403, message };
  }
  const session = org.identity.session(accessTokenOf(request) ?? '');
  const user = org.users.find(({ userId }) => userId === session?.userId);
  if (user?.role === 'developer') return undefined;
  return {
    statusCode: 401,
    message:
      "From another machine the control API needs the developer's access token: Authorization: Bearer TOKEN.",
  };
}

function isThisMachine(address: string | undefined): boolean {
  return address !== undefined && /^(?:::1$|(?:::ffff:)?127\.)/.test(address);
}
