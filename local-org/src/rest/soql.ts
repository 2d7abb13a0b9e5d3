import { RestError } from './restError.js';

/** A value in a query: text, a number, a boolean, null, or an instant (milliseconds since 1970). */
export type SoqlValue = string | number | boolean | null | Date;

/** A row that can be queried; names are compared without regard to case, as SOQL does. */
export type SoqlRow = Readonly<Record<string, SoqlValue>>;

/** The subset of SOQL that clients use to look up apps and deploys. */
export interface SoqlQuery {
  fields: string[];
  object: string;
  matches: (row: SoqlRow) => boolean;
  orderBy: { field: string; descending: boolean }[];
  limit: number;
  /** Every field that the query names, in any clause. */
  namedFields: string[];
}

/** How deep conditions may be nested; the limit of real orgs is not documented. */
const maximumDepth = 100;

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN';

/**
 * Parses `SELECT fields FROM object [WHERE …] [ORDER BY …] [LIMIT n]` with AND, OR, NOT, parentheses and the comparison operators.
 * @throws RestError MALFORMED_QUERY
 */
export function parseSoql(text: string): SoqlQuery {
  return new SoqlParser(tokenize(text)).parse();
}

/** The value of a field, ignoring case. */
export function fieldOf(row: SoqlRow, field: string): SoqlValue | undefined {
  const name = Object.keys(row).find((key) => key.toLowerCase() === field.toLowerCase());
  return name === undefined ? undefined : row[name];
}

/** Orders two values as ORDER BY does: null first. */
export function compareValues(a: SoqlValue | undefined, b: SoqlValue | undefined): number {
  const [left, right] = [comparable(a), comparable(b)];
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return left < right ? -1 : left > right ? 1 : 0;
}

function tokenize(text: string): string[] {
  const pattern = /\s*('(?:[^'\\]|\\.)*'|[()=,]|!=|<>|<=|>=|<|>|[^\s()=,<>!']+)/y;
  const tokens: string[] = [];
  while (pattern.lastIndex < text.trimEnd().length) {
    const match = pattern.exec(text);
    if (!match?.[1]) throw malformed(text.slice(0, 40));
    tokens.push(match[1]);
  }
  return tokens;
}

class SoqlParser {
  #index = 0;
  #depth = 0;
  readonly #namedFields: string[] = [];

  constructor(private readonly tokens: readonly string[]) {}

  parse(): SoqlQuery {
    this.#expect('SELECT');
    const fields = this.#list(() => this.#field());
    this.#expect('FROM');
    const object = this.#next();
    const matches = this.#take('WHERE') ? this.#either() : () => true;
    const orderBy = this.#take('ORDER') ? this.#orderBy() : [];
    const limit = this.#take('LIMIT') ? Number(this.#next()) : Infinity;
    if (this.#index < this.tokens.length || Number.isNaN(limit))
      throw malformed(this.tokens[this.#index] ?? '');
    return { fields, object, matches, orderBy, limit, namedFields: this.#namedFields };
  }

  #orderBy(): SoqlQuery['orderBy'] {
    this.#expect('BY');
    return this.#list(() => {
      const field = this.#field();
      const descending = this.#take('DESC');
      if (!descending) this.#take('ASC');
      if (this.#take('NULLS')) this.#next();
      return { field, descending };
    });
  }

  #either(): (row: SoqlRow) => boolean {
    const terms = [this.#all()];
    while (this.#take('OR')) terms.push(this.#all());
    return (row) => terms.some((holdsFor) => holdsFor(row));
  }

  #all(): (row: SoqlRow) => boolean {
    const terms = [this.#condition()];
    while (this.#take('AND')) terms.push(this.#condition());
    return (row) => terms.every((holdsFor) => holdsFor(row));
  }

  #condition(): (row: SoqlRow) => boolean {
    if (this.#take('NOT')) {
      const inner = this.#inside(() => this.#condition());
      return (row) => !inner(row);
    }
    if (this.#take('(')) {
      const inner = this.#inside(() => this.#either());
      this.#expect(')');
      return inner;
    }
    const field = this.#field();
    const operator = this.#operator();
    const values = operator.endsWith('IN') ? this.#valueList() : [this.#value()];
    return (row) => holds(fieldOf(row, field) ?? null, operator, values);
  }

  /** Reads what is in parentheses or after NOT, to a depth that the stack certainly allows. */
  #inside<Inner>(read: () => Inner): Inner {
    this.#depth += 1;
    if (this.#depth > maximumDepth) {
      throw new RestError(
        400,
        'MALFORMED_QUERY',
        `the conditions are nested deeper than ${maximumDepth} levels, the most that the local org reads`,
      );
    }
    const inner = read();
    this.#depth -= 1;
    return inner;
  }

  #operator(): Operator {
    const token = this.#next().toUpperCase();
    if (token === 'NOT') {
      this.#expect('IN');
      return 'NOT IN';
    }
    const operator = (['=', '!=', '<', '<=', '>', '>=', 'LIKE', 'IN'] as const).find(
      (known) => known === token,
    );
    if (operator) return operator;
    if (token === '<>') return '!=';
    throw malformed(token);
  }

  #valueList(): SoqlValue[] {
    this.#expect('(');
    const values = this.#list(() => this.#value());
    this.#expect(')');
    return values;
  }

  #value(): SoqlValue {
    const token = this.#next();
    if (token.startsWith("'")) return token.slice(1, -1).replace(/\\(.)/g, '$1');
    if (/^true$/i.test(token)) return true;
    if (/^false$/i.test(token)) return false;
    if (/^null$/i.test(token)) return null;
    if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
    const instant = Date.parse(token);
    if (Number.isNaN(instant)) throw malformed(token);
    return new Date(instant);
  }

  #field(): string {
    const field = this.#next();
    this.#namedFields.push(field);
    return field;
  }

  #list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.#take(',')) items.push(item());
    return items;
  }

  #take(token: string): boolean {
    const found = this.tokens[this.#index]?.toUpperCase() === token;
    if (found) this.#index += 1;
    return found;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw malformed(this.tokens[this.#index] ?? '');
  }

  #next(): string {
    const token = this.tokens[this.#index];
    if (token === undefined) throw malformed('');
    this.#index += 1;
    return token;
  }
}

function holds(actual: SoqlValue, operator: Operator, values: readonly SoqlValue[]): boolean {
  const [expected = null] = values;
  switch (operator) {
    case '=':
      return isEqual(actual, expected);
    case '!=':
      return !isEqual(actual, expected);
    case 'IN':
      return values.some((value) => isEqual(actual, value));
    case 'NOT IN':
      return !values.some((value) => isEqual(actual, value));
    case 'LIKE':
      return actual !== null && like(String(actual), String(expected));
    default:
      return isOrdered(actual, operator, expected);
  }
}

function isOrdered(actual: SoqlValue, operator: '<' | '<=' | '>' | '>=', expected: SoqlValue): boolean {
  if (actual === null || expected === null) return false;
  const order = compareValues(actual, expected);
  if (order === 0) return operator.endsWith('=');
  return operator.startsWith('<') ? order < 0 : order > 0;
}

/** Strings are compared without case; an id of 15 characters equals that of 18. */
function isEqual(actual: SoqlValue, expected: SoqlValue): boolean {
  if (typeof actual === 'string' && typeof expected === 'string') {
    if (/^[A-Za-z0-9]{18}$/.test(actual) && expected.length === 15) return actual.slice(0, 15) === expected;
    return actual.toLowerCase() === expected.toLowerCase();
  }
  return comparable(actual) === comparable(expected);
}

function comparable(value: SoqlValue | undefined): string | number | null {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.getTime();
  return typeof value === 'boolean' ? Number(value) : value;
}

/** `%` matches any characters, `_` one. Each `%` is tried once from left to right, so no pattern takes long. */
function like(text: string, pattern: string): boolean {
  const characters = text.toLowerCase();
  const wanted = pattern.toLowerCase();
  let at = 0;
  let next = 0;
  /** After the last `%`: where the pattern continues, and the position in the text that was last tried. */
  let retry: { next: number; at: number } | undefined;
  while (at < characters.length) {
    if (wanted[next] === '%') {
      next += 1;
      retry = { next, at };
    } else if (wanted[next] === '_' || wanted[next] === characters[at]) {
      next += 1;
      at += 1;
    } else if (retry) {
      retry = { next: retry.next, at: retry.at + 1 };
      ({ next, at } = retry);
    } else {
      return false;
    }
  }
  return /^%*$/.test(wanted.slice(next));
}

function malformed(token: string): RestError {
  return new RestError(400, 'MALFORMED_QUERY', `unexpected token: '${token}'`);
}
