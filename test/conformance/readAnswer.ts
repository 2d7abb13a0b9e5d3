/** The output of another program is not as expected; the message says what was found. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

/** A field of an object; undefined if there is none, or no object. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/**
 * A text in a field.
 * @throws AnswerError
 */
export function textOf(value: unknown, name: string): string {
  const found = fieldOf(value, name);
  if (typeof found === 'string') return found;
  throw new AnswerError(`the answer has no text "${name}": ${JSON.stringify(value)}`);
}

/** A string in a field; undefined if there is none, or an empty one. */
export function optionalText(value: unknown, name: string): string | undefined {
  const found = fieldOf(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** A whole number from 1 on in a field, which some clients pass on as a string; undefined if there is none. */
export function optionalNumber(value: unknown, name: string): number | undefined {
  const number = Number(fieldOf(value, name));
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

/** The elements of a field with a list or a single element; none if there is no such field. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const found = fieldOf(value, name);
  return found === undefined || found === null ? [] : [found].flat();
}

/**
 * JSON that a program printed, without what comes before its first brace.
 * @throws AnswerError
 */
export function parseJson(printed: string): unknown {
  try {
    const parsed: unknown = JSON.parse(printed.slice(printed.indexOf('{')));
    return parsed;
  } catch {
    throw new AnswerError(`this is not JSON: ${printed.slice(0, 500)}`);
  }
}
