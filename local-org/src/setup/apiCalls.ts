import { readOneOf } from '../readInput.js';
import { versionText } from '../packageXml.js';
import { xmlElement } from '../xml.js';
import type { DeskRequest } from './exchange.js';

/** An API call of the token desk. */
export interface ApiCall {
  name: string;
  readonly request: (accessToken: string) => DeskRequest;
}

/** The last version whose SOAP endpoints refuse JWT-based access tokens (source: jsforce and source-deploy-retrieve). */
const lastVersionWithoutJwt = 67;

/** The calls that the desk offers in an org with this newest API version. */
export function apiCalls(newestVersion: number): ApiCall[] {
  const soapVersions = [...new Set([Math.min(lastVersionWithoutJwt, newestVersion), newestVersion])];
  const query = 'SELECT Id, Name FROM Organization';
  return [
    {
      name: 'REST userinfo',
      request: (accessToken) => ({ method: 'GET', path: '/services/oauth2/userinfo', accessToken }),
    },
    {
      name: `REST query: ${query}`,
      request: (accessToken) => ({
        method: 'GET',
        path: `/services/data/v${versionText(newestVersion)}/query?${String(new URLSearchParams({ q: query }))}`,
        accessToken,
      }),
    },
    ...soapVersions.map((version) => ({
      name: `SOAP describeMetadata at ${versionText(version)}`,
      request: (accessToken: string) => soap('describeMetadata', version, accessToken),
    })),
    {
      name: 'OAuth revoke',
      request: (token) => ({ method: 'POST', path: '/services/oauth2/revoke', form: { token } }),
    },
  ];
}

/**
 * The call with this name.
 * @throws InputError when there is none
 */
export function apiCall(name: string | null, newestVersion: number): ApiCall {
  const calls = apiCalls(newestVersion);
  const known = readOneOf(calls.map((call) => call.name))(name, 'call');
  const call = calls.find((candidate) => candidate.name === known);
  if (!call) throw new Error(`There is no call ${known}.`);
  return call;
}

function soap(operation: string, version: number, accessToken: string): DeskRequest {
  const envelope = xmlElement('Envelope', {
    '@xmlns': 'http://schemas.xmlsoap.org/soap/envelope/',
    Header: {
      SessionHeader: { '@xmlns': 'http://soap.sforce.com/2006/04/metadata', sessionId: accessToken },
    },
    Body: {
      [operation]: {
        '@xmlns': 'http://soap.sforce.com/2006/04/metadata',
        asOfVersion: versionText(version),
      },
    },
  });
  return { method: 'POST', path: `/services/Soap/m/${versionText(version)}`, xml: envelope };
}
