import type { OrgRule } from './orgRule.js';

/** How the Metadata API and the queries behave. Enforced in `src/soap/`, `src/rest/` and `src/deploy/`. */
export const metadataApiRules = {
  metadataPermission: {
    rule: 'The Metadata API needs Modify Metadata Through Metadata API Functions or Modify All Data, over SOAP and REST.',
    certainty: 'documented',
    source: 'Metadata API guide; code and text: public issue threads',
  },
  secretPermission: {
    rule: 'The consumer secret is shown only with View External Client Apps Consumer Secrets in Metadata.',
    certainty: 'documented',
    source: 'permission ViewClientSecret, which developers stand for here',
  },
  jwtOnSoap: {
    rule: 'SOAP endpoints below 68.0 refuse JWT-based access tokens as INVALID_SESSION_ID; from 68.0 on they take them.',
    certainty: "Salesforce's tools",
    source: 'jsforce and source-deploy-retrieve',
  },
  soapLogin: {
    rule: 'SOAP login exists up to 64.0.',
    certainty: 'documented',
    source: 'retirement of SOAP login',
  },
  retrieveOverSoap: {
    rule: 'A retrieve exists over SOAP only.',
    certainty: "Salesforce's tools",
    source: 'no REST resource up to 68.0',
  },
  oneDeployAtATime: {
    rule: 'One deploy runs at a time, later ones wait in order as Pending.',
    certainty: 'documented',
    source: 'Metadata API guide',
  },
  checkOnly: { rule: 'A validation changes nothing.', certainty: 'documented', source: 'DeployOptions' },
  rollbackOnError: {
    rule: 'With rollbackOnError one bad component fails all; without it the good ones stay (SucceededPartial).',
    certainty: 'documented',
    source: 'DeployOptions',
  },
  finalizing: {
    rule: 'A deploy that is being finalized is shown as such from 65.0 on, and cannot be cancelled.',
    certainty: 'documented',
    source:
      'DeployResult (FinalizingDeploy) against WSDL and Salesforce CLI (Finalizing); the text is inference',
    switch: 'finalizingStatus',
  },
  canceledDeploy: {
    rule: 'Below 65.0 a Canceled deploy may have committed its data.',
    certainty: 'documented',
    source: 'cancelDeploy',
    switch: 'cancelNextDeploy',
  },
  filesOfPackage: {
    rule: 'A file that package.xml does not name is refused, and a name without its file: `… was not found in zipped directory`.',
    certainty: 'several reports',
    source: 'public issue threads',
  },
  zipLimits: {
    rule: 'A deploy may contain up to 10,000 files and 39 MB of zip; more than 600 MB unpacked is refused (here: 200 MB).',
    certainty: 'documented',
    source: 'Metadata API guide; codes and texts are inference',
  },
  messageLimit: {
    rule: 'A message may have up to 50 MB.',
    certainty: 'documented',
    source: 'Metadata API guide; codes and texts are inference',
  },
  zipHandedOutOnce: {
    rule: 'The status call that completes a retrieve hands the zip out, which is then deleted.',
    certainty: 'documented',
    source: 'checkRetrieveStatus; the text for a second call is inference',
  },
  missingMembers: {
    rule: 'A member that a retrieve does not find is a message; the retrieve succeeds.',
    certainty: "Salesforce's tools",
    source: 'source-deploy-retrieve reads the text',
  },
  partialRetrieve: {
    rule: 'A retrieve may succeed without a component that the org has: with the message `Load of metadata from db failed for metadata of type:T and file name:N.`, or with none.',
    certainty: 'one report',
    source: 'sfdx-hardis#2070 (8 of 20 apps); that a list still shows the component is inference',
    switch: 'hideComponent',
  },
  hiddenComponents: {
    rule: 'A user sees no component that he has no right to, neither in lists nor in retrieves.',
    certainty: 'documented',
    source: 'permissions of external client apps; that the responses succeed without a message is inference',
    switch: 'hideComponent',
  },
  elementsOfVersion: {
    rule: 'retrieve and readMetadata return the elements that the API version has; the others stay in the org.',
    certainty: 'documented',
    source: 'the WSDL of each version, by which strict clients read',
  },
  wildcard: {
    rule: 'The wildcard * names every component of a type.',
    certainty: 'documented',
    source: 'type pages',
  },
  wildcardManaged: {
    rule: 'The wildcard includes components of installed packages.',
    certainty: 'inference',
    source: 'not documented',
    switch: 'wildcardReturnsManaged',
  },
  listQueries: {
    rule: 'listMetadata takes up to three queries.',
    certainty: 'documented',
    source: 'listMetadata; code and text are inference',
  },
  namespacedNames: {
    rule: 'listMetadata and readMetadata name components of installed packages with their namespace.',
    certainty: 'documented',
    source: 'Metadata API guide',
  },
  ownNamespace: {
    rule: "Components of an org with a namespace of its own carry it, and are local; Organization.NamespacePrefix and describeMetadata's organizationNamespace give it.",
    certainty: 'documented',
    source:
      'Object Reference, Metadata API guide; that a name without a namespace means the own one is inference',
  },
  namesApart: {
    rule: 'listMetadata gives the fullName without the namespace, and namespacePrefix beside it.',
    certainty: 'one report',
    source: 'public issue thread (forcedotcom/cli#1697), of other types',
    initially: 'off',
  },
  upsertReplaces: {
    rule: 'upsertMetadata and updateMetadata replace the component, by the rules of a deploy, each for itself.',
    certainty: 'documented',
    source: 'CRUD calls',
  },
  deployRequestQuery: {
    rule: "DeployRequest can be queried through the Tooling API from 49.0 on, with the Metadata API's permission.",
    certainty: 'documented',
    source: 'Tooling API; that the org denies the existence of the object to others is inference',
  },
  appQuery: {
    rule: 'ExternalClientApplication can be queried over REST.',
    certainty: 'one report',
    source: 'one project',
    initially: 'on',
  },
  policiesQuery: {
    rule: 'ExtlClntAppOauthPlcyCnfg can be queried over REST, not through the Tooling API; its timeout types from 65.0 on.',
    certainty: "Salesforce's tools",
    source: 'describe of v64.0 and v67.0; marked for internal use',
  },
  policiesQueryShowsGlobal: {
    rule: "IsNamedUserJwtEnabled of that object follows the global setting instead of the policies' own field.",
    certainty: 'inference',
    source: 'unverified either way',
    initially: 'off',
  },
  authSessionQuery: {
    rule: 'AuthSession needs Manage Users; IsAssociatedWithJwtAccessToken exists from 64.0 on.',
    certainty: 'documented',
    source: 'object reference',
  },
} as const satisfies Record<string, OrgRule>;
