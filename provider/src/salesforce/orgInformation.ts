import { parseApiVersions, parseOrganizationId } from './metadataAnswers.js';
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
 * The 18-character id of the organization that an access token belongs to, from the OAuth userinfo endpoint, which
 * answers 403 for a token that it does not accept.
 *
 * @throws SalesforceApiError, TransportError
 */
export async function requestOrganizationId(
  access: Pick<OrgAccess, 'instanceUrl' | 'signal' | 'requestTimeoutMs'> & { accessToken: string },
): Promise<string> {
  assertOrgAccess(access);
  return callOrg(
    access,
    'userinfo',
    (connection) => connection.requestGet('/services/oauth2/userinfo'),
    parseOrganizationId,
  );
}
