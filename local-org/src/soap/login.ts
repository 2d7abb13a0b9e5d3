import type { OrgState } from '../org/orgState.js';
import { isSecret } from '../keys/secret.js';
import { versionText } from '../packageXml.js';
import { childText, type XmlValue } from '../xml.js';
import { SoapFault, type SoapMessage } from './soapMessage.js';

/** Last version with SOAP login (documented). */
const lastVersion = 64;

/** login of the partner API. All users have the same password, which is generated when the org starts. */
export function login(org: OrgState, version: number, { parameters }: SoapMessage): XmlValue {
  if (version > lastVersion) {
    throw new SoapFault(
      'UNSUPPORTED_API_VERSION',
      `login() is not available from API version 65.0 on; use OAuth`,
    );
  }
  const user = org.users.find(({ username }) => username === childText(parameters, 'username'));
  if (!user || !isSecret(childText(parameters, 'password'), org.password)) {
    throw new SoapFault('INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
  }
  const { token } = org.identity.issueOpaqueToken(user.userId, org.sessionTimeoutMinutes(user));
  const endpoint = (api: string): string =>
    `${org.instanceUrl}/services/Soap/${api}/${versionText(version)}/${org.organizationId.slice(0, 15)}`;
  return {
    metadataServerUrl: endpoint('m'),
    passwordExpired: false,
    sandbox: false,
    serverUrl: endpoint('u'),
    sessionId: token,
    userId: user.userId,
    userInfo: {
      organizationId: org.organizationId,
      organizationName: org.name,
      userEmail: user.email,
      userFullName: user.displayName,
      userId: user.userId,
      userName: user.username,
    },
  };
}
