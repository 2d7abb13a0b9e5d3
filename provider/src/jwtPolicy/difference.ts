import { absent, fieldDefinitions, jwtFields, timeoutPairs, unknownValue } from './fields.js';
import type { FieldValue, FieldValues, JwtField } from './fields.js';

/**
 * The values that a program's settings ask for. `UserSession` asks for the absence of its timeout, because an org
 * refuses a timeout beside it (Metadata API Developer Guide, ExtlClntAppOauthConfigurablePolicies).
 */
export function wantedValues(settings: FieldValues): FieldValues {
  const wanted: FieldValues = { ...settings };
  for (const pair of timeoutPairs) {
    if (settings[pair.type] === 'UserSession') {
      wanted[pair.timeout] = absent;
    }
  }
  return wanted;
}

/** The managed fields of a statement about values, in the fixed order of the fields. */
export function fieldsOf(values: FieldValues): JwtField[] {
  return jwtFields.filter((field) => values[field] !== undefined);
}

/**
 * Whether a found value is as good as the wanted one. An element that is absent stands for the org's default: `false` for
 * `isNamedUserJwtEnabled`, and an org may answer the removal of a timeout type with `UserSession`.
 */
export function isSatisfied(field: JwtField, wanted: FieldValue, found: FieldValue): boolean {
  if (wanted === found) {
    return true;
  }
  switch (fieldDefinitions[field].kind) {
    case 'boolean':
      return (wanted === absent ? false : wanted) === (found === absent ? false : found);
    case 'timeoutType':
      return wanted === absent && found === 'UserSession';
    case 'timeout':
      return false;
  }
}

/** The wanted values that the live ones do not satisfy. Nothing differs: an empty object. */
export function difference(wanted: FieldValues, live: FieldValues): FieldValues {
  const differing: FieldValues = {};
  for (const field of fieldsOf(wanted)) {
    const value = wanted[field];
    if (value !== undefined && !isSatisfied(field, value, live[field] ?? absent)) {
      differing[field] = value;
    }
  }
  return differing;
}

/** The fields that a bag of properties holds as a value; anything else in it, unknown values too, is left out. */
export function fieldValuesIn(properties: Readonly<Record<string, unknown>>): FieldValues {
  const values: FieldValues = {};
  for (const field of jwtFields) {
    const value = properties[field];
    if (
      typeof value === 'boolean' ||
      typeof value === 'number' ||
      (typeof value === 'string' && value !== unknownValue)
    ) {
      values[field] = value;
    }
  }
  return values;
}

/** A value as messages show it, with the unit of timeouts; an element may be there and hold nothing. */
export function describeValue(field: JwtField, value: FieldValue): string {
  if (value === '') {
    return '(empty)';
  }
  return fieldDefinitions[field].kind === 'timeout' && typeof value === 'number'
    ? `${value} ${value === 1 ? 'minute' : 'minutes'}`
    : String(value);
}

/** Reads the text of a component's element as the value of a field; no element is `absent`. */
export function parseFieldValue(field: JwtField, text: string | undefined): FieldValue {
  const trimmed = text?.trim();
  if (trimmed === undefined) {
    return absent;
  }
  switch (fieldDefinitions[field].kind) {
    case 'boolean':
      return trimmed === 'true' || trimmed === '1'
        ? true
        : trimmed === 'false' || trimmed === '0'
          ? false
          : trimmed;
    case 'timeoutType':
      return trimmed;
    case 'timeout':
      return /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
  }
}
