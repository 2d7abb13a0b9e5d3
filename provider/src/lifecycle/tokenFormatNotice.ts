/**
 * What JWT-based access tokens mean for an app's clients, each statement as sure as it is known: Salesforce Help ("JWT-Based
 * Access Tokens"), jsforce#1817 and SDR#1835 for SOAP, single projects' reports for the rest.
 */
export function tokenFormatNotice(app: string): string {
  return (
    `"${app}" is to issue JWT-based access tokens to named users. What that means for its clients: tokens issued from now on ` +
    'change, those already issued most likely keep format and expiry; a change can take up to 15 minutes to reach every server. ' +
    '$Api.Session_ID and GETSESSIONID() cannot be used with such tokens, nor can they open a UI session (documented). SOAP APIs ' +
    'refuse them below API version 68.0 (seen in jsforce and the Salesforce CLI). Reported by single projects: the Streaming API ' +
    '(CometD) and UserInfo.getSessionId() in Apex fail with them. Their lifetime is fixed at issue and does not slide with use.'
  );
}
