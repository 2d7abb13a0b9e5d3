/** Every {@link RequestKind}. */
export const requestKinds = [
  'token',
  'userinfo',
  'introspect',
  'revoke',
  'versions',
  'query',
  'login',
  'listMetadata',
  'describeMetadata',
  'retrieve',
  'checkRetrieveStatus',
  'deploy',
  'checkDeployStatus',
  'cancelDeploy',
  'readMetadata',
  'updateMetadata',
  'upsertMetadata',
  'other',
] as const;

/** What a request asks for. A REST deploy counts as `deploy`, `checkDeployStatus` and `cancelDeploy` like the SOAP calls. */
export type RequestKind = (typeof requestKinds)[number];
