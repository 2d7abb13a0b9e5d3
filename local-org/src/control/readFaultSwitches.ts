import { switchableRuleNames, type SwitchableRuleName } from '../rules/allRules.js';
import type { FaultSwitchChanges } from '../server/faults.js';
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
    ...optionalField(fields, 'cancelNextDeploy', (name, mode) =>
      readOneOf(name, mode, [false, 'beforeCommit', 'afterCommit']),
    ),
    ...optionalField(fields, 'occupyDeploys', readBoolean),
    ...optionalField(fields, 'orgRules', readOrgRules),
  };
}

/** As in a JSON merge patch, null takes a name away. */
function readFailures(name: string, value: unknown): Record<string, string | null> {
  const failures = [...readObject(name, value)].map(
    ([component, problem]) =>
      [component, problem === null ? null : readText(`${name}.${component}`, problem)] as const,
  );
  return Object.fromEntries(failures);
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
