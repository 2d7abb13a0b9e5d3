export type {
  DeployRecord,
  DeployStatus,
  LocalOrg,
  LocalOrgOptions,
  LocalOrgRole,
  LocalOrgServer,
  LocalOrgUser,
  RecordedRequest,
  RequestKind,
} from './localOrg.js';
export type { Fault, FaultRule, Faults } from './server/faults.js';
export { SeedError } from './server/seed.js';
export { LocalOrgOptionsError, startLocalOrg } from './startLocalOrg.js';
