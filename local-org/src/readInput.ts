/** Input that is not as documented; the message says what was found and what is allowed. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/**
 * Reads a value from parsed JSON.
 * @param name names the value in messages, such as `times`
 * @throws InputError
 */
export type Reader<Value> = (value: unknown, name: string) => Value;

type Readers = Readonly<Record<string, Reader<unknown>>>;

type ValuesOf<Fields extends Readers> = { -readonly [Name in keyof Fields]: ReturnType<Fields[Name]> };

/**
 * Reads an object of these fields and no others.
 * @param what names the object in messages, such as `A fault rule`
 * @param optional the fields that may be missing, and then are missing in what is read
 */
export function readFields<Fields extends Readers, Optional extends Readers = Fields>(
  what: string,
  fields: Fields,
  optional?: Optional,
): (value: unknown) => ValuesOf<Fields> & Partial<ValuesOf<Optional>> {
  const readers: [name: string, read: Reader<unknown>][] = Object.entries({ ...fields, ...optional });
  return (value) => {
    const found = readObject(
      value,
      what,
      readers.map(([name]) => name),
    );
    const read = readers
      .filter(([name]) => found.has(name) || name in fields)
      .map(([name, reader]) => [name, reader(found.get(name), name)]);
    return Object.fromEntries(read) as ValuesOf<Fields> & Partial<ValuesOf<Optional>>;
  };
}

/** Reads an object with any names, and values of one kind. */
export function readRecord<Value>(read: Reader<Value>): Reader<Record<string, Value>> {
  return (value, name) =>
    Object.fromEntries(
      [...readObject(value, name)].map(([key, entry]) => [key, read(entry, `${name}.${key}`)]),
    );
}

/**
 * The fields of an object by name.
 * @param allowed the fields that it may have; default: any
 * @throws InputError
 */
export function readObject(
  value: unknown,
  what: string,
  allowed?: readonly string[],
): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(`${what} is a JSON object, not ${shown(value)}.`);
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const unknown = [...fields.keys()].filter((name) => allowed?.includes(name) === false);
  if (unknown.length === 0) return fields;
  throw new InputError(
    `${what} has no ${unknown.map(shown).join(', ')}; it may have: ${allowed?.join(', ') ?? ''}.`,
  );
}

/** Reads a field that may be missing; it is undefined then. */
export function orUndefined<Value>(read: Reader<Value>): Reader<Value | undefined> {
  return (value, name) => (value === undefined ? undefined : read(value, name));
}

/** Reads one of these values. */
export function readOneOf<const Value extends string | boolean>(allowed: readonly Value[]): Reader<Value> {
  return (value, name) => {
    const found = allowed.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    throw new InputError(`${name} is ${shown(value)}; it takes one of: ${allowed.join(', ')}.`);
  };
}

/** Reads a whole number in a range, both ends included. */
export function readWholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (value, name) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum && value <= maximum) {
      return value;
    }
    const range =
      maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum} on` : `from ${minimum} to ${maximum}`;
    throw new InputError(`${name} is ${shown(value)}; it takes a whole number ${range}.`);
  };
}

/** Reads a time, in milliseconds since 1970. */
export const readTime = readWholeNumber(0);

export const readBoolean = readOneOf([true, false]);

/** @throws InputError */
export function readText(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new InputError(`${name} is ${shown(value)}; it takes a text.`);
}

/** Reads a list; messages call its entries `an entry of` the list. */
export function readList<Value>(read: Reader<Value>): Reader<Value[]> {
  return (value, name) => {
    if (Array.isArray(value)) return value.map((entry: unknown) => read(entry, `an entry of ${name}`));
    throw new InputError(`${name} is ${shown(value)}; it takes a list.`);
  };
}

/** Text that can be the value of a header. */
export function readHeaderValue(value: unknown, name: string): string {
  if (typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) return value;
  throw new InputError(`${name} is ${shown(value)}; it takes the text of a header, printable ASCII.`);
}

/** A value in messages: as JSON of at most 60 characters, or `missing`. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
