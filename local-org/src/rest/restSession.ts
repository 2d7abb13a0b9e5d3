import type { FastifyRequest } from 'fastify';
import type { OrgState, UserSession } from '../org/orgState.js';
import { expiredSession, notFound } from './restError.js';

/** Oldest version of REST paths; the oldest default of a client is 50.0. */
const oldestVersion = 31;

/**
 * The user and session of the request's bearer token.
 * @throws RestError 401
 */
export function authenticate(org: OrgState, request: FastifyRequest): UserSession {
  const token = /^(?:Bearer|OAuth) (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const session = token === undefined ? undefined : org.session(token);
  if (!session) throw expiredSession();
  return session;
}

/**
 * The version in a path, `v66.0` → 66.
 * @throws RestError 404 when the org does not offer it
 */
export function apiVersion(org: OrgState, text: string): number {
  const version = /^v\d{2}\.0$/.test(text) ? Number(text.slice(1)) : NaN;
  if (version >= oldestVersion && version <= org.newestVersion) return version;
  throw notFound();
}
