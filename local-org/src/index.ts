export type {
  DeployRecord,
  DeployStatus,
  JobTime,
  LocalOrg,
  LocalOrgOptions,
  LocalOrgRole,
  LocalOrgServer,
  LocalOrgUser,
  RecordedRequest,
} from './localOrg.js';
export type { RequestKind } from './http/requestKinds.js';
export type { ActiveFaultRule, Fault, FaultRule } from './org/faultRules.js';
export type { Faults } from './org/faults.js';
export type { FaultSwitchChanges, FaultSwitches } from './org/faultSwitches.js';
export type { HiddenHow } from './org/hiddenComponents.js';
export { orgRules, type OrgRuleName, type SwitchableRuleName } from './rules/allRules.js';
export type { Certainty, KnownRule, OrgRule, OwnSwitch } from './rules/orgRule.js';
export { SeedError } from './org/seed.js';
export { LocalOrgOptionsError } from './localOrgOptions.js';
export { startLocalOrg } from './startLocalOrg.js';
export { StateError } from './state/stateError.js';
