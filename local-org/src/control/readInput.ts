/** Input that is not as documented; the message says what was found and what is allowed. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The fields of a JSON object by name. */
export type Fields = ReadonlyMap<string, unknown>;

/**
 * Reads a JSON object that has no other fields than the named ones.
 * @param what names the object in messages, such as `A fault rule`
 * @throws InputError
 */
export function readFields(what: string, value: unknown, allowed: readonly string[]): Fields {
  const fields = readObject(what, value);
  const unknown = [...fields.keys()].filter((name) => !allowed.includes(name));
  if (unknown.length === 0) return fields;
  throw new InputError(
    `${what} has no ${unknown.map(shown).join(', ')}; it may have: ${allowed.join(', ')}.`,
  );
}

/**
 * Reads a JSON object of any fields.
 * @throws InputError
 */
export function readObject(what: string, value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return new Map<string, unknown>(Object.entries(value));
  }
  throw new InputError(`${what} is a JSON object, not ${shown(value)}.`);
}

/**
 * An optional field as an object to spread: empty where the field is missing.
 * @param read called with the field's name and value
 */
export function optionalField<Name extends string, Value>(
  fields: Fields,
  name: Name,
  read: (name: string, value: unknown) => Value,
): Partial<Record<Name, Value>> {
  if (!fields.has(name)) return {};
  return { [name]: read(name, fields.get(name)) } as Partial<Record<Name, Value>>;
}

/** @throws InputError when the value is none of those allowed */
export function readOneOf<const Value extends string | boolean>(
  name: string,
  value: unknown,
  allowed: readonly Value[],
): Value {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new InputError(`${name} is ${shown(value)}; it takes one of: ${allowed.join(', ')}.`);
}

/** @throws InputError when the value is no whole number in the range, both ends included */
export function readWholeNumber(
  name: string,
  value: unknown,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum && value <= maximum) {
    return value;
  }
  const range = maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum} on` : `from ${minimum} to ${maximum}`;
  throw new InputError(`${name} is ${shown(value)}; it takes a whole number ${range}.`);
}

/** @throws InputError */
export function readBoolean(name: string, value: unknown): boolean {
  return readOneOf(name, value, [true, false]);
}

/** @throws InputError */
export function readText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new InputError(`${name} is ${shown(value)}; it takes a text.`);
}

/** @throws InputError when the value is no list */
export function readList(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new InputError(`${name} is ${shown(value)}; it takes a list.`);
}

/** @throws InputError when the value is no list of texts */
export function readTexts(name: string, value: unknown): readonly string[] {
  return readList(name, value).map((text) => readText(`an entry of ${name}`, text));
}

/** @throws InputError for text that cannot be the value of a header */
export function readHeaderValue(name: string, value: unknown): string {
  if (typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) return value;
  throw new InputError(`${name} is ${shown(value)}; it takes the text of a header, printable ASCII.`);
}

/** A value as messages show it: as JSON, `missing`, cut after 60 characters. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
