import { describeValue, fieldsOf, isSatisfied, wantedValues } from './difference.js';
import { absent } from './fields.js';
import type { FieldValues, JwtField } from './fields.js';

/**
 * The values that deleting a resource brings back: those found before its first change, less the fields that something
 * else in the running program declares. A timeout found beside `UserSession` does not come back: it had no effect there, and an
 * org refuses it.
 */
export function valuesToRestore(valuesFound: FieldValues, stillDeclared: ReadonlySet<JwtField>): FieldValues {
  return pick(
    wantedValues(valuesFound),
    fieldsOf(valuesFound).filter((field) => !stillDeclared.has(field)),
  );
}

/** The named fields of a statement about values. */
export function pick(values: FieldValues, fields: Iterable<JwtField>): FieldValues {
  const picked: FieldValues = {};
  for (const field of fields) {
    const value = values[field];
    if (value !== undefined) {
      picked[field] = value;
    }
  }
  return picked;
}

/**
 * One sentence for every restored field that somebody changed after the resource set it.
 *
 * @param applied what the resource set last, as the state holds it
 * @param found what the org held before the restore
 * @param restored what the restore brings back
 */
export function describeForeignChanges(
  applied: FieldValues,
  found: FieldValues,
  restored: FieldValues,
): string[] {
  return fieldsOf(restored).flatMap((field) => {
    const was = applied[field] ?? absent;
    const now = found[field] ?? absent;
    const then = restored[field] ?? absent;
    return isSatisfied(field, was, now) || isSatisfied(field, then, now)
      ? []
      : [
          `${field} was changed outside of this stack to ${describeValue(field, now)} ` +
            `(the stack had set ${describeValue(field, was)}); it is restored to ${describeValue(field, then)}.`,
        ];
  });
}
