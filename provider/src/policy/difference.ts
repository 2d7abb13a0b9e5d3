import { absent, fieldDefinitions, jwtFields, timeoutPairs, unknownValue } from './fields.js';
import type { FieldValue, FieldValues, JwtField } from './fields.js';
import { orgText } from '../org/orgText.js';

/**
 * The values that a program's settings require. `UserSession` requires its timeout to be absent, because an org
 * refuses a timeout with it (Metadata API Developer Guide, ExtlClntAppOauthConfigurablePolicies).
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

/** The managed fields with a value, in the fixed order of the fields. */
export function fieldsOf(values: FieldValues): JwtField[] {
  return jwtFields.filter((field) => values[field] !== undefined);
}

/**
 * Whether nothing has to be sent for a field. An absent `isNamedUserJwtEnabled` equals `false` (its documented default). A timeout type
 * that must be removed is removed even if it is `UserSession`, because an org may refuse it while JWT is off.
 */
export function isSatisfied(field: JwtField, wanted: FieldValue, found: FieldValue): boolean {
  if (fieldDefinitions[field].kind !== 'boolean') {
    return wanted === found;
  }
  return (wanted === absent ? false : wanted) === (found === absent ? false : found);
}

/** The wanted values that the live ones do not satisfy; an empty object if nothing differs. */
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

/**
 * The values to deploy: the {@link difference}. If it consists only of values that the org kept although they were removed, nothing is
 * deployed: the removal is not tried again.
 *
 * @param kept the values that the org kept, from the state
 */
export function valuesToDeploy(wanted: FieldValues, live: FieldValues, kept: FieldValues = {}): FieldValues {
  const differing = difference(wanted, live);
  const isKept = (field: JwtField): boolean => differing[field] === absent && kept[field] === live[field];
  return fieldsOf(differing).every(isKept) ? {} : differing;
}

/** The kept values that are still there. */
export function stillKept(live: FieldValues, kept: FieldValues = {}): FieldValues {
  return Object.fromEntries(
    fieldsOf(kept).flatMap((field) => (kept[field] === live[field] ? [[field, kept[field]]] : [])),
  );
}

/**
 * Whether the values in an org after a deploy are equivalent to what was sent: an org may replace a removed timeout type by
 * `UserSession`, and a timeout with `UserSession` has no effect (from 65.0 it applies only with `Custom`: Metadata API Developer
 * Guide, ExtlClntAppOauthConfigurablePolicies).
 */
export function isGoodAnswer(sent: FieldValues, live: FieldValues): boolean {
  const harmless: readonly JwtField[] = timeoutPairs
    .filter(({ type }) => live[type] === 'UserSession')
    .flatMap(({ type, timeout }) => [type, timeout]);
  const open = difference(sent, live);
  return fieldsOf(open).every((field) => open[field] === absent && harmless.includes(field));
}

/** Whether a value, or one within it, is not known yet. */
export function containsUnknown(value: unknown): boolean {
  return (
    value === unknownValue ||
    (typeof value === 'object' && value !== null && Object.values(value).some(containsUnknown))
  );
}

/** The fields that have a value in a set of properties; everything else, including unknown values, is omitted. */
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

/** A value as messages show it, with the unit of timeouts. An element may exist and be empty. */
export function describeValue(field: JwtField, value: FieldValue): string {
  if (value === '') {
    return '(empty)';
  }
  return fieldDefinitions[field].kind === 'timeout' && typeof value === 'number'
    ? `${value} ${value === 1 ? 'minute' : 'minutes'}`
    : String(value);
}

/** Converts the text of a component's element to the value of a field; a missing element is `absent`. */
export function parseFieldValue(field: JwtField, text: string | undefined): FieldValue {
  if (text === undefined) {
    return absent;
  }
  const trimmed = orgText(text.trim());
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
