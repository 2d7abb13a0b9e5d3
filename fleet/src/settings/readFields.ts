import { isAbsolute, resolve } from 'node:path';

/** A settings file that cannot be used, with everything that is wrong in it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(file: string, faults: readonly string[]) {
    super([`${file} cannot be used:`, ...faults.map((fault) => `  ${fault}`)].join('\n'));
  }
}

/** Reads the fields of an object that a file contains, and collects what is wrong with them. */
export class FieldReader {
  readonly #used = new Set<string>();

  private constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    /** How messages name the object. */
    private readonly path: string,
    /** Paths in the file are relative to it. */
    private readonly folder: string,
    private readonly faults: string[],
  ) {}

  /** Of a whole file. */
  static of(value: unknown, folder: string, faults: string[]): FieldReader {
    return FieldReader.#over(value, 'the file', '', folder, faults);
  }

  static #over(value: unknown, what: string, path: string, folder: string, faults: string[]): FieldReader {
    if (isRecord(value)) return new FieldReader(value, path, folder, faults);
    faults.push(`${what} must have fields`);
    return new FieldReader({}, path, folder, faults);
  }

  /** Complains about something that only the caller can know. */
  fault(message: string): void {
    this.faults.push(message);
  }

  names(): string[] {
    return Object.keys(this.values);
  }

  has(name: string): boolean {
    return (this.values[name] ?? undefined) !== undefined;
  }

  text(name: string): string | undefined {
    return this.#read(name, 'text', (value) =>
      typeof value === 'string' && value !== '' ? value : undefined,
    );
  }

  /** A path, made absolute. */
  file(name: string): string | undefined {
    const path = this.text(name);
    return path === undefined ? undefined : this.absolute(path);
  }

  /** A path in the file, made absolute. */
  absolute(path: string): string {
    return isAbsolute(path) ? path : resolve(this.folder, path);
  }

  /** An integer from `least` on. */
  count(name: string, least = 0): number | undefined {
    return this.#read(name, `an integer from ${least} on`, (value) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : undefined,
    );
  }

  texts(name: string): string[] | undefined {
    return this.#read(name, 'a list of texts', (value) =>
      Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined,
    );
  }

  counts(name: string): number[] | undefined {
    return this.#read(name, 'a list of numbers', (value) =>
      Array.isArray(value) && value.every((item) => typeof item === 'number') ? value : undefined,
    );
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    return this.#read(name, `one of ${allowed.join(', ')}`, (value) =>
      allowed.find((candidate) => candidate === value),
    );
  }

  /** The fields of a field. */
  fields(name: string): FieldReader | undefined {
    this.#used.add(name);
    if (!this.has(name)) return undefined;
    const path = this.#pathOf(name);
    return FieldReader.#over(this.values[name], path, path, this.folder, this.faults);
  }

  /** The fields of each item of a list. */
  list(name: string): FieldReader[] | undefined {
    const items = this.#read(name, 'a list', (value): unknown[] | undefined =>
      Array.isArray(value) ? value : undefined,
    );
    return items?.map((item, index) => {
      const path = `${this.#pathOf(name)}[${index}]`;
      return FieldReader.#over(item, path, path, this.folder, this.faults);
    });
  }

  /** Complains about a field that is not there. */
  require(...names: readonly string[]): void {
    for (const name of names) if (!this.has(name)) this.fault(`${this.#pathOf(name)} is missing`);
  }

  /** Complains about fields that nobody has asked for. */
  end(): void {
    for (const name of Object.keys(this.values).filter((candidate) => !this.#used.has(candidate))) {
      this.fault(`${this.#pathOf(name)} is not known; known are ${[...this.#used].join(', ')}`);
    }
  }

  #pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  #read<T>(name: string, what: string, parse: (value: unknown) => T | undefined): T | undefined {
    this.#used.add(name);
    if (!this.has(name)) return undefined;
    const parsed = parse(this.values[name]);
    if (parsed === undefined) this.fault(`${this.#pathOf(name)} must be ${what}`);
    return parsed;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
