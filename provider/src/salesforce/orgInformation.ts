import {
  parseApiVersions,
  parsePublishedKeys,
  parseSignedInUser,
  type PublishedKey,
  type SignedInUser,
} from './metadataAnswers.js';
export type { SignedInUser } from './metadataAnswers.js';
import { assertOrgAccess, callOrg, type OrgAccess } from './orgCall.js';

/**
 * The API versions that an org offers, for instance 66 for 66.0, in the org's order. Needs no sign-in.
 *
 * @throws SalesforceApiError, TransportError
 */
export async function listApiVersions(
  instanceUrl: string,
  options: Pick<OrgAccess, 'signal' | 'requestTimeoutMs'> = {},
): Promise<number[]> {
  const access: OrgAccess = { ...options, instanceUrl };
  assertOrgAccess(access);
  return callOrg(
    access,
    'versions',
    (connection) => connection.requestGet('/services/data'),
    parseApiVersions,
  );
}

/**
 * The organization and the user that an access token belongs to, from the OAuth userinfo endpoint, which
 * answers 403 for a token that it does not accept.
 *
 * @throws SalesforceApiError, TransportError
 */
export async function requestSignedInUser(
  access: Pick<OrgAccess, 'instanceUrl' | 'signal' | 'requestTimeoutMs'> & { accessToken: string },
): Promise<SignedInUser> {
  assertOrgAccess(access);
  return callOrg(
    access,
    'userinfo',
    (connection) => connection.requestGet('/services/oauth2/userinfo'),
    parseSignedInUser,
  );
}

/**
 * The keys with which an org signs its JWT-based access tokens, as it publishes them for everybody.
 *
 * @throws SalesforceApiError, TransportError
 */
export async function listPublishedKeys(
  instanceUrl: string,
  options: Pick<OrgAccess, 'signal' | 'requestTimeoutMs' | 'onServerDate'> = {},
): Promise<PublishedKey[]> {
  const access: OrgAccess = { ...options, instanceUrl };
  assertOrgAccess(access);
  // jsforce puts the path of the REST API before one that does not begin with /services.
  const address = new URL('/id/keys', instanceUrl).href;
  return callOrg(access, 'keys', (connection) => connection.requestGet(address), parsePublishedKeys);
}
