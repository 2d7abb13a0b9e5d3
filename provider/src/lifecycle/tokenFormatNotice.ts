import { formatMessage } from '../errors.js';

/**
 * What JWT-based access tokens mean for an app's clients, each statement as sure as it is known: Salesforce Help ("JWT-Based
 * Access Tokens"), jsforce#1817 and SDR#1835 for SOAP, single projects' reports for the rest.
 */
export const tokenFormatNotice = formatMessage({
  code: 'ECA3101',
  cause: [
    'this program turns JWT-based access tokens on. For the clients of the app that means:',
    '- Only tokens issued from now on are JSON Web Tokens; their lifetime is fixed at issue. A change can take up to 15 minutes to reach every server.',
    '- $Api.Session_ID and GETSESSIONID() cannot be used with such tokens, and they open no UI session (documented).',
    '- SOAP APIs refuse them below API version 68.0 (seen with jsforce and the Salesforce CLI).',
    '- Reported by single projects: the Streaming API (CometD) and UserInfo.getSessionId() in Apex fail with them.',
  ].join('\n'),
});
