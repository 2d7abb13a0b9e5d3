import fc from 'fast-check';
import {
  absent,
  jwtFields,
  jwtSessionTimeoutTypes,
  jwtTimeouts,
} from '../../../../provider/src/policy/fields.js';
import type { FieldValue, FieldValues, JwtField } from '../../../../provider/src/policy/fields.js';
import { fieldDefinitions } from '../../../../provider/src/policy/fields.js';

/** Values that a program can ask for, by the kind of the field. */
const knownValues: Record<(typeof fieldDefinitions)[JwtField]['kind'], readonly FieldValue[]> = {
  boolean: [true, false],
  timeoutType: jwtSessionTimeoutTypes,
  timeout: jwtTimeouts,
};

/** Values that an org may hold although this release does not know them. */
const foreignValues: readonly FieldValue[] = ['Sliding', 45, 'yes', ''];

function fieldValues(valuesOf: (field: JwtField) => readonly FieldValue[]): fc.Arbitrary<FieldValues> {
  return fc.record(
    Object.fromEntries(jwtFields.map((field) => [field, fc.constantFrom(...valuesOf(field))])),
    { requiredKeys: [] },
  );
}

/** What a program can ask for: any fields with allowed values. */
export const arbitrarySettings = fieldValues((field) => knownValues[fieldDefinitions[field].kind]);

/** What a job can want: any fields with allowed values, or to be absent. */
export const arbitraryWanted = fieldValues((field) => [...knownValues[fieldDefinitions[field].kind], absent]);

/** What an org can hold: allowed values, absent elements, and values of later releases. */
export const arbitraryOrgValues = fieldValues((field) => [
  ...knownValues[fieldDefinitions[field].kind],
  absent,
  ...foreignValues,
]);
