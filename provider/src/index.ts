import './refuseOldNode.js';
export { ExternalClientAppJwtPolicy } from './externalClientAppJwtPolicy.js';
export type { ExternalClientAppJwtPolicyConstructor } from './externalClientAppJwtPolicy.js';
export type { ExternalClientAppJwtPolicyArgs } from './externalClientAppJwtPolicyArgs.js';
export {
  getExternalClientAppJwtPolicy,
  getExternalClientAppJwtPolicyOutput,
  listExternalClientApps,
  listExternalClientAppsOutput,
} from './externalClientApps.js';
export type {
  ExternalClientApp,
  GetExternalClientAppJwtPolicyResult,
  ListExternalClientAppsResult,
} from './externalClientApp.js';
export type {
  GetExternalClientAppJwtPolicyArgs,
  GetExternalClientAppJwtPolicyOutputArgs,
  ListExternalClientAppsArgs,
  ListExternalClientAppsOutputArgs,
} from './externalClientApps.js';
export { readOrgSettings } from './orgSettings.js';
export type { AppSettings, OrgSettings } from './orgSettings.js';
export type { OrgConfig } from './native/providerArgs.js';
export type { JwtField, JwtSessionTimeoutType, JwtTimeout } from './policy/fields.js';
export type { Guard } from './policy/guards.js';
export type { SessionTimeouts, TokenLifetime } from './policy/tokenLifetime.js';
