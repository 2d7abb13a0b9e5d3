export { ExternalClientAppJwtPolicy } from './externalClientAppJwtPolicy.js';
export type { ExternalClientAppJwtPolicyArgs } from './externalClientAppJwtPolicy.js';
export {
  getExternalClientAppJwtPolicy,
  getExternalClientAppJwtPolicyOutput,
  listExternalClientApps,
  listExternalClientAppsOutput,
} from './externalClientApps.js';
export type {
  ExternalClientApp,
  GetExternalClientAppJwtPolicyArgs,
  GetExternalClientAppJwtPolicyOutputArgs,
  GetExternalClientAppJwtPolicyResult,
  ListExternalClientAppsArgs,
  ListExternalClientAppsOutputArgs,
  ListExternalClientAppsResult,
} from './externalClientApps.js';
export type { JwtField, JwtSessionTimeoutType, JwtTimeout } from './jwtPolicy/fields.js';
export type { Guard } from './jwtPolicy/guards.js';
