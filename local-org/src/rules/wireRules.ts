import type { OrgRule } from './orgRule.js';

/** What real clients (jsforce, the Salesforce CLI) send and accept; a real org may accept and send more. Enforced in `src/soap/` and `src/rest/`. */
export const wireRules = {
  endpoints: {
    rule: 'A SOAP endpoint may be followed by the organization id, and slashes may be doubled.',
    certainty: "Salesforce's tools",
    source: 'metadataServerUrl of login; the Salesforce CLI',
  },
  prefixes: {
    rule: 'Elements may have any prefix, and SOAPAction may have any value or be absent.',
    certainty: "Salesforce's tools",
    source: 'other SOAP clients',
  },
  replies: {
    rule: 'In a response, Envelope, Body and Fault have a prefix; other elements do not.',
    certainty: "Salesforce's tools",
    source: 'jsforce matches :Envelope',
  },
  expiredSession: {
    rule: 'An unknown or expired session gets HTTP 500 with sf:INVALID_SESSION_ID over SOAP, 401 with INVALID_SESSION_ID over REST, 403 at userinfo.',
    certainty: "Salesforce's tools",
    source: 'how jsforce recognises it',
  },
  retrieveRequest: {
    rule: 'The parameter of retrieve is named request or retrieveRequest.',
    certainty: "Salesforce's tools",
    source: 'jsforce; the WSDL',
  },
  retrieveZip: {
    rule: "Without singlePackage the folder of a retrieve's zip is unpackaged/; the zip is returned unless includeZip is false.",
    certainty: "Salesforce's tools",
    source: 'source-deploy-retrieve',
  },
  packageFolders: {
    rule: 'package.xml is at the root with singlePackage, otherwise in one folder per package; folders may have entries.',
    certainty: "Salesforce's tools",
    source: 'source-deploy-retrieve, jsforce',
  },
  missingRecord: {
    rule: 'readMetadata returns xsi:nil for a record that it does not find.',
    certainty: "Salesforce's tools",
    source: 'jsforce',
  },
  restDeploy: {
    rule: 'A REST deploy is multipart: the zip, then entity_content. The response is 201 with the id.',
    certainty: "Salesforce's tools",
    source: 'jsforce, source-deploy-retrieve',
  },
  soapDetails: {
    rule: 'Every SOAP response about a deploy has details, empty without includeDetails and while the deploy is not done.',
    certainty: 'documented',
    source: 'the WSDL requires the element; that it is empty then is inference',
  },
  restDetails: {
    rule: 'With includeDetails, a finished REST deploy includes its details.',
    certainty: "Salesforce's tools",
    source: 'source-deploy-retrieve',
  },
  cancel: {
    rule: 'cancelDeploy takes String or id; over REST it is a PATCH to Canceling with response 202.',
    certainty: "Salesforce's tools",
    source: 'the WSDL; jsforce; source-deploy-retrieve',
  },
  versions: {
    rule: '/services/data lists the versions as label, url and version.',
    certainty: "Salesforce's tools",
    source: 'jsforce',
  },
} as const satisfies Record<string, OrgRule>;
