import { describeValue, fieldsOf, isSatisfied, wantedValues } from './difference.js';
import { absent } from './fields.js';
import type { FieldValues, JwtField } from './fields.js';

/**
 * The values that deleting a resource restores: those found before its first change, without the fields that another
 * resource of the running program declares. A timeout found with `UserSession` is not restored: it had no effect, and an
 * org refuses it.
 */
export function valuesToRestore(valuesFound: FieldValues, stillDeclared: ReadonlySet<JwtField>): FieldValues {
  return pick(
    wantedValues(valuesFound),
    fieldsOf(valuesFound).filter((field) => !stillDeclared.has(field)),
  );
}

/** The values of the given fields. */
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
 * @param applied what the resource set last, from the state
 * @param found the values in the org before the restore
 * @param restored the restored values
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
