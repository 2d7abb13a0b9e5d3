export type {
  DeployRecord,
  DeployStatus,
  LocalOrg,
  LocalOrgOptions,
  LocalOrgRole,
  LocalOrgServer,
  LocalOrgUser,
  RecordedRequest,
} from './localOrg.js';
export type { RequestKind } from './requestKinds.js';
export type {
  ActiveFaultRule,
  Fault,
  FaultRule,
  Faults,
  FaultSwitchChanges,
  FaultSwitches,
} from './server/faults.js';
export type { HiddenHow } from './server/hiddenComponents.js';
export { orgRules, type OrgRuleName, type SwitchableRuleName } from './rules/allRules.js';
export type { Certainty, KnownRule, OrgRule, OwnSwitch } from './rules/orgRule.js';
export { SeedError } from './server/seed.js';
export { LocalOrgOptionsError } from './localOrgOptions.js';
export { startLocalOrg } from './startLocalOrg.js';
export { StateError } from './state/stateError.js';
