import type { FastifyRequest } from 'fastify';
import type { OrgState } from '../org/orgState.js';
import { isSecret } from '../keys/secret.js';

/** Why a request may not control the org, with the HTTP status. */
export interface ControlRefusal {
  statusCode: 401 | 403;
  message: string;
}

/**
 * Why a request may not control the org; undefined if it may. From this machine everybody may, except web pages of other sites. A request
 * from another machine, which is possible only if the org listens on such an address, needs the control token: a session of the org must not
 * give access to more than in a real org.
 */
export function controlRefusal(
  { headers, protocol, socket }: FastifyRequest,
  { controlToken }: Pick<OrgState, 'controlToken'>,
): ControlRefusal | undefined {
  const { host = '', origin } = headers;
  // A browser names the site of the page that sends the request.
  if (origin !== undefined && origin.toLowerCase() !== `${protocol}://${host.toLowerCase()}`) {
    return {
      statusCode: 403,
      message: `The Origin header is '${origin}'; the control API does not answer pages of other sites.`,
    };
  }
  if (isThisMachine(socket.remoteAddress)) return undefined;
  if (isSecret(/^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1], controlToken)) return undefined;
  return {
    statusCode: 401,
    message:
      'From another machine the control API needs the control token that the start printed: Authorization: Bearer TOKEN.',
  };
}

function isThisMachine(address: string | undefined): boolean {
  return address !== undefined && /^(?:::1$|(?:::ffff:)?127\.)/.test(address);
}
