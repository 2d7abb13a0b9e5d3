import {
  parseApiVersions,
  parsePublishedKeys,
  parseSignedInUser,
  parseTokenTimes,
  type PublishedKey,
  type SignedInUser,
  type TokenTimes,
} from './orgInformationAnswers.js';
export type { SignedInUser, TokenTimes } from './orgInformationAnswers.js';
import { assertOrgAccess, callOrg, type OrgAccess } from './orgCall.js';

/**
 * The API versions that an org offers, for instance 66 for 66.0, in the org's order. Needs no sign-in.
 *
 * @throws SalesforceApiError, TransportError
 */
export async function listApiVersions(
  instanceUrl: string,
  options: Pick<OrgAccess, 'http' | 'signal' | 'requestTimeoutMs'>,
): Promise<number[]> {
  const access: OrgAccess = { ...options, instanceUrl };
  assertOrgAccess(access);
  return callOrg(access, 'versions', (api) => api.request('GET', '/services/data'), parseApiVersions);
}

/**
 * The organization and the user that an access token belongs to, from the OAuth userinfo endpoint, which
 * responds with 403 to a token that it does not accept.
 *
 * @throws SalesforceApiError, TransportError
 */
export async function requestSignedInUser(
  access: Pick<OrgAccess, 'http' | 'instanceUrl' | 'signal' | 'requestTimeoutMs'> & { accessToken: string },
): Promise<SignedInUser> {
  assertOrgAccess(access);
  return callOrg(
    access,
    'userinfo',
    (api) => api.request('GET', '/services/oauth2/userinfo'),
    parseSignedInUser,
  );
}

/**
 * The public keys for the JWT-based access tokens of an org, which it publishes.
 *
 * @throws SalesforceApiError, TransportError
 */
export async function listPublishedKeys(
  instanceUrl: string,
  options: Pick<OrgAccess, 'http' | 'signal' | 'requestTimeoutMs' | 'onServerDate'>,
): Promise<PublishedKey[]> {
  const access: OrgAccess = { ...options, instanceUrl };
  assertOrgAccess(access);
  return callOrg(access, 'keys', (api) => api.request('GET', '/id/keys'), parsePublishedKeys);
}

/**
 * When an access token was issued and expires, from the OAuth introspection endpoint, which an app calls for its own tokens. The call does
 * not count as use of the token. `undefined` if the org does not return the times.
 *
 * @throws SalesforceApiError, TransportError
 */
export async function introspectToken(
  token: string,
  app: { clientId: string; clientSecret: string },
  access: Pick<OrgAccess, 'http' | 'instanceUrl' | 'signal' | 'requestTimeoutMs'>,
): Promise<TokenTimes | undefined> {
  assertOrgAccess(access);
  const form = new URLSearchParams({
    token,
    client_id: app.clientId,
    client_secret: app.clientSecret,
    token_type_hint: 'access_token',
  });
  return callOrg(
    access,
    'introspect',
    (api) =>
      api.request('POST', '/services/oauth2/introspect', {
        type: 'application/x-www-form-urlencoded',
        body: form.toString(),
      }),
    parseTokenTimes,
  );
}
