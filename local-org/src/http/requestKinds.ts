import type { FastifyRequest } from 'fastify';
import { SoapMessage } from '../soap/soapMessage.js';

/** The endpoints below `/services/oauth2/`. */
const oauthKinds = ['token', 'userinfo', 'introspect', 'revoke'] as const;

/** SOAP calls, by their operation. */
const soapKinds = [
  'login',
  'listMetadata',
  'describeMetadata',
  'retrieve',
  'checkRetrieveStatus',
  'deploy',
  'checkDeployStatus',
  'cancelDeploy',
  'readMetadata',
  'updateMetadata',
  'upsertMetadata',
] as const;

/** Every {@link RequestKind}. */
export const requestKinds = [...oauthKinds, 'versions', 'query', ...soapKinds, 'other'] as const;

/** The kind of a request. A REST deploy counts as `deploy`, `checkDeployStatus` and `cancelDeploy` like the SOAP calls. */
export type RequestKind = (typeof requestKinds)[number];

const paths: readonly [method: string, path: RegExp, kind: RequestKind][] = [
  ['GET', /^\/services\/data$/, 'versions'],
  ['GET', /^\/services\/data\/[^/]+\/(?:tooling\/)?query$/, 'query'],
  ['POST', /^\/services\/data\/[^/]+\/metadata\/deployRequest$/, 'deploy'],
  ['GET', /^\/services\/data\/[^/]+\/metadata\/deployRequest\/[^/]+$/, 'checkDeployStatus'],
  ['PATCH', /^\/services\/data\/[^/]+\/metadata\/deployRequest\/[^/]+$/, 'cancelDeploy'],
];

/** The kind of a request: of a SOAP call by its operation, otherwise by method and path. */
export function requestKind(request: FastifyRequest): RequestKind {
  const { body } = request;
  if (body instanceof SoapMessage) return soapKinds.find((kind) => kind === body.operation) ?? 'other';
  const path = (request.url.split('?')[0] ?? '').replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
  const endpoint = /^\/services\/oauth2\/(\w+)$/.exec(path)?.[1];
  const oauth = oauthKinds.find((kind) => kind === endpoint);
  if (oauth !== undefined) return oauth;
  return paths.find(([method, pattern]) => method === request.method && pattern.test(path))?.[2] ?? 'other';
}

/** Whether the request goes to a SOAP endpoint. */
export function isSoap(request: FastifyRequest): boolean {
  return /^\/+services\/+Soap\//.test(request.url);
}

/** Whether the request goes to an OAuth endpoint. */
export function isOAuth(request: FastifyRequest): boolean {
  return /^\/+services\/+oauth2\//.test(request.url);
}

/** The path of the control API, which no Salesforce org has. */
export const controlPath = '/local-org';

/** Whether the request goes to the control API, by its route, because an address can be written in several ways. */
export function isControl(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith(controlPath) ?? false;
}
