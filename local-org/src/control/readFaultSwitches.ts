import { switchableRuleNames, type SwitchableRuleName } from '../rules/allRules.js';
import type { FaultSwitchChanges } from '../org/faultSwitches.js';
import { hiddenHows, type HiddenHow } from '../org/hiddenComponents.js';
import {
  optionalField,
  readBoolean,
  readFields,
  readObject,
  readOneOf,
  readText,
  readWholeNumber,
} from './readInput.js';

const switchNames = [
  'returnCertificate',
  'refusePluginSettings',
  'wildcardReturnsManaged',
  'spreadMs',
  'finalizingStatus',
  'failComponent',
  'hideComponent',
  'cancelNextDeploy',
  'occupyDeploys',
  'orgRules',
] as const satisfies readonly (keyof FaultSwitchChanges)[];

/**
 * Reads changes of switches out of parsed JSON.
 * @throws InputError
 */
export function readFaultSwitches(value: unknown): FaultSwitchChanges {
  const fields = readFields('A change of switches', value, switchNames);
  return {
    ...optionalField(fields, 'returnCertificate', readBoolean),
    ...optionalField(fields, 'refusePluginSettings', (name, mode) =>
      readOneOf(name, mode, [true, false, 'strict']),
    ),
    ...optionalField(fields, 'wildcardReturnsManaged', readBoolean),
    ...optionalField(fields, 'spreadMs', (name, spread) => readWholeNumber(name, spread, 0)),
    ...optionalField(fields, 'finalizingStatus', (name, status) =>
      readOneOf(name, status, ['Finalizing', 'FinalizingDeploy']),
    ),
    ...optionalField(fields, 'failComponent', readFailures),
    ...optionalField(fields, 'hideComponent', readHidden),
    ...optionalField(fields, 'cancelNextDeploy', (name, mode) =>
      readOneOf(name, mode, [false, 'beforeCommit', 'afterCommit']),
    ),
    ...optionalField(fields, 'occupyDeploys', readBoolean),
    ...optionalField(fields, 'orgRules', readOrgRules),
  };
}

function readFailures(name: string, value: unknown): Record<string, string | null> {
  return readByComponent(name, value, readText);
}

function readHidden(name: string, value: unknown): Record<string, HiddenHow | null> {
  return readByComponent(name, value, (field, how) => readOneOf(field, how, hiddenHows));
}

/** As in a JSON merge patch, null takes a name away. */
function readByComponent<Value>(
  name: string,
  value: unknown,
  read: (name: string, value: unknown) => Value,
): Record<string, Value | null> {
  const entries = [...readObject(name, value)].map(
    ([component, entry]) => [component, entry === null ? null : read(`${name}.${component}`, entry)] as const,
  );
  return Object.fromEntries(entries);
}

/**
 * Reads which rules hold, by the names of those that can be switched.
 * @throws InputError
 */
export function readOrgRules(name: string, value: unknown): Partial<Record<SwitchableRuleName, boolean>> {
  const fields = readFields(name, value, switchableRuleNames);
  return Object.fromEntries(
    [...fields].map(([rule, holds]) => [rule, readBoolean(`${name}.${rule}`, holds)]),
  );
}
