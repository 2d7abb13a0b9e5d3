import type { FastifyRequest } from 'fastify';
import type { IdentityApp, IdentityOrg } from './identityOrg.js';
import { oauthErrors } from './oauthErrors.js';

/** Parameters of an OAuth request, by name; repeated ones are ignored. */
export type Parameters = ReadonlyMap<string, string>;

/** The identification of a client. */
export interface ClientCredentials {
  readonly id: string | undefined;
  readonly secret: string | undefined;
}

/** The form of a request; empty if the body is not a form, because Salesforce does not accept JSON here. */
export function formParameters(request: FastifyRequest): Parameters {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return isForm ? stringEntries(request.body) : new Map();
}

/** The query of a request's address. */
export function queryParameters(request: FastifyRequest): Parameters {
  return stringEntries(request.query);
}

function stringEntries(source: unknown): Parameters {
  if (typeof source !== 'object' || source === null) return new Map();
  const entries: [string, unknown][] = Object.entries(source);
  return new Map(
    entries.flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [[name, value]] : [])),
  );
}

/** Id and secret from the Basic header, otherwise from the form. */
export function clientCredentials(authorization: string | undefined, form: Parameters): ClientCredentials {
  const basic = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) return { id: form.get('client_id'), secret: form.get('client_secret') };
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0
    ? { id: text, secret: undefined }
    : { id: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/**
 * The app of a consumer key, with its current settings.
 * @throws OAuthError `invalid_client_id` when no app of this org has the key, `app_not_found` when its OAuth is off.
 */
export function findApp(org: IdentityOrg, consumerKey: string | undefined): IdentityApp {
  const app = consumerKey === undefined ? undefined : org.appWithKey(consumerKey);
  if (app === undefined) throw oauthErrors.invalidClientId();
  if (!app.oauthEnabled) throw oauthErrors.appNotFound();
  return app;
}

/**
 * A secret that was sent must be correct, even if none is required (documented).
 * @throws OAuthError `invalid_client`
 */
export function checkSecret(app: IdentityApp, secret: string | undefined, isRequired: boolean): void {
  if (secret === undefined ? isRequired : secret !== app.consumerSecret) {
    throw oauthErrors.invalidClientCredentials();
  }
}

/** The access token of a request: Bearer (or Salesforce's older OAuth) header, otherwise the parameter `access_token` or `oauth_token`. */
export function accessTokenOf(request: FastifyRequest): string | undefined {
  const header = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const form = formParameters(request);
  const query = queryParameters(request);
  return header ?? form.get('access_token') ?? query.get('access_token') ?? query.get('oauth_token');
}
