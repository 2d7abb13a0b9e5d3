import type { OwnSwitch } from '../rules/orgRule.js';
import type { SwitchableRuleName } from '../rules/allRules.js';
import type { HiddenHow } from './hiddenComponents.js';

/** The switches of {@link Faults} as they stand. */
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
  /** How components are kept back, by name; see {@link Faults.hideComponent}. */
  hideComponent: Readonly<Record<string, HiddenHow>>;
  /** See {@link Faults.cancelNextDeploy}. */
  cancelNextDeploy: false | 'beforeCommit' | 'afterCommit';
  /** Whether another deploy holds up the queue; see {@link Faults.occupyDeploys}. */
  occupyDeploys: boolean;
  /** Which rules hold that are known by one report or by inference only; by name. */
  orgRules: Readonly<Record<SwitchableRuleName, boolean>>;
}

/** Switches to change; the others stay, of `orgRules`, `failComponent` and `hideComponent` too. Of the last two null takes a name away. */
export interface FaultSwitchChanges extends Partial<
  Omit<FaultSwitches, 'failComponent' | 'hideComponent' | 'orgRules'>
> {
  orgRules?: Readonly<Partial<Record<SwitchableRuleName, boolean>>>;
  failComponent?: Readonly<Record<string, string | null>>;
  hideComponent?: Readonly<Record<string, HiddenHow | null>>;
}
