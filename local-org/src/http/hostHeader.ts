import type { FastifyInstance, FastifyRequest } from 'fastify';
import { OAuthError } from '../identity/oauthErrors.js';
import { hostInUrl, isWildcard } from '../localOrgOptions.js';
import type { OrgState } from '../org/orgState.js';
import { isOAuth } from './requestKinds.js';

/** A request for another host; the error has the form of its API. */
class HostError extends Error {
  override readonly name = 'HostError';
  readonly statusCode = 403;
}

/**
 * Refuses every request whose Host header is not one of the org's. A page of a site whose name resolves to this machine (DNS
 * rebinding) could read all responses, because the browser treats them as the site's own; but `Host` still has the site's name.
 */
export function checkHostHeaders(app: FastifyInstance, org: Pick<OrgState, 'host' | 'instanceHost'>): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const refusal = hostRefusal(request.headers.host, namesOf(org, request));
    if (refusal === undefined) done();
    else done(isOAuth(request) ? new OAuthError('invalid_request', refusal, 403) : new HostError(refusal));
  });
}

/** The names and addresses that the org answers to. */
function namesOf({ host, instanceHost }: Pick<OrgState, 'host' | 'instanceHost'>, request: FastifyRequest) {
  const names = ['localhost', '127.0.0.1', '::1', host, instanceHost];
  // If the org listens on all addresses, the one that the client connected to is one of them.
  const { localAddress } = request.socket;
  if (isWildcard(host) && localAddress !== undefined) names.push(localAddress.replace(/^::ffff:/i, ''));
  return [...new Set(names.map((name) => hostInUrl(name).toLowerCase()))];
}

/**
 * Why a request is refused; undefined if it is not.
 * @param header of the request; its port counts for nothing, for it may be that of a container's host
 * @param names in lower case, IPv6 addresses in brackets
 */
function hostRefusal(header: string | undefined, names: readonly string[]): string | undefined {
  if (header !== undefined && names.includes(header.replace(/:\d{1,5}$/, '').toLowerCase())) return undefined;
  const found = header === undefined ? 'missing' : `'${header}'`;
  return (
    `The Host header is ${found}; this org answers to ${names.join(', ')} only. ` +
    'Start it with --instance-host NAME to have it answer to another name.'
  );
}
