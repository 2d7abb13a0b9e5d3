import type { OwnSwitch } from '../rules/orgRule.js';
import type { SwitchableRuleName } from '../rules/allRules.js';
import type { HiddenHow } from './hiddenComponents.js';

/** The current switches of {@link Faults}. */
export interface FaultSwitches extends Record<OwnSwitch, unknown> {
  /** See {@link Faults.returnCertificate}. */
  returnCertificate: boolean;
  /** See {@link Faults.refusePluginSettings}. */
  refusePluginSettings: boolean | 'strict';
  /** See {@link Faults.wildcardReturnsManaged}. */
  wildcardReturnsManaged: boolean;
  /** See {@link Faults.refuseReadMetadata}. */
  refuseReadMetadata: readonly string[];
  /** See {@link Faults.omitFromReadMetadata}. */
  omitFromReadMetadata: readonly string[];
  /** See {@link Faults.spreadMs}. */
  spreadMs: number;
  /** See {@link Faults.finalizingStatus}. */
  finalizingStatus: 'Finalizing' | 'FinalizingDeploy';
  /** Problems by the name of a component or app; see {@link Faults.failComponent}. */
  failComponent: Readonly<Record<string, string>>;
  /** How components are hidden, by name; see {@link Faults.hideComponent}. */
  hideComponent: Readonly<Record<string, HiddenHow>>;
  /** See {@link Faults.cancelNextDeploy}. */
  cancelNextDeploy: false | 'beforeCommit' | 'afterCommit';
  /** Whether another deploy blocks the queue; see {@link Faults.occupyDeploys}. */
  occupyDeploys: boolean;
  /** Which rules apply that are based on one report or inferred; by name. */
  orgRules: Readonly<Record<SwitchableRuleName, boolean>>;
}

/** Switches to change; the others stay, also within `orgRules`, `failComponent` and `hideComponent`. In the last two, null removes a name. */
export interface FaultSwitchChanges extends Partial<
  Omit<FaultSwitches, 'failComponent' | 'hideComponent' | 'orgRules'>
> {
  orgRules?: Readonly<Partial<Record<SwitchableRuleName, boolean>>>;
  failComponent?: Readonly<Record<string, string | null>>;
  hideComponent?: Readonly<Record<string, HiddenHow | null>>;
}
