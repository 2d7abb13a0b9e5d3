import { switchableRuleNames, type SwitchableRuleName } from '../rules/allRules.js';
import type { FaultSwitchChanges } from '../org/faultSwitches.js';
import { componentTypeNames } from '../components/types.js';
import { hiddenHows } from '../org/hiddenComponents.js';
import {
  readBoolean,
  readFields,
  readList,
  readObject,
  readOneOf,
  readRecord,
  readText,
  readWholeNumber,
  type Reader,
} from '../readInput.js';

/**
 * Reads changes of switches from parsed JSON.
 * @throws InputError
 */
export const readFaultSwitches: (value: unknown) => FaultSwitchChanges = readFields(
  'A change of switches',
  {},
  {
    returnCertificate: readBoolean,
    refusePluginSettings: readOneOf([true, false, 'strict']),
    wildcardReturnsManaged: readBoolean,
    refuseReadMetadata: readList(readOneOf(componentTypeNames)),
    omitFromReadMetadata: readList(readText),
    spreadMs: readWholeNumber(0),
    finalizingStatus: readOneOf(['Finalizing', 'FinalizingDeploy']),
    failComponent: readRecord(orNull(readText)),
    hideComponent: readRecord(orNull(readOneOf(hiddenHows))),
    cancelNextDeploy: readOneOf([false, 'beforeCommit', 'afterCommit']),
    occupyDeploys: readBoolean,
    orgRules: readOrgRules,
  } satisfies { [Name in keyof Required<FaultSwitchChanges>]: Reader<FaultSwitchChanges[Name]> },
);

/** As in a JSON merge patch, null removes a name. */
function orNull<Value>(read: Reader<Value>): Reader<Value | null> {
  return (value, name) => (value === null ? null : read(value, name));
}

/**
 * Reads which rules apply, by the names of those with a switch.
 * @throws InputError
 */
export function readOrgRules(value: unknown, name: string): Partial<Record<SwitchableRuleName, boolean>> {
  readObject(value, name, switchableRuleNames);
  return readRecord(readBoolean)(value, name);
}
