import { orgText } from './orgText.js';

/** A response lacks a required property. The message names the property and quotes no value. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

export function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnexpectedAnswerError(`${what} is not an object`);
  }
  return { ...value };
}

/** A list. XML and some JSON responses return a single entry without a list. */
export function listOf(value: unknown): Record<string, unknown>[] {
  if (value === undefined || value === null) return [];
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return entries.map((entry) => objectOf(entry, 'an entry'));
}

export function optionalText(object: Record<string, unknown>, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? orgText(value) : undefined;
}

/** A string that is shown and never sent back. */
export function requiredText(object: Record<string, unknown>, name: string): string {
  return orgText(requiredBytes(object, name));
}

/** A string exactly as the org wrote it: never shown. */
export function requiredBytes(object: Record<string, unknown>, name: string): string {
  const value = object[name];
  if (typeof value !== 'string' || value === '') throw new UnexpectedAnswerError(`it has no \`${name}\``);
  return value;
}

/** A name, unchanged because it may be sent back; `''` if the org returns none. */
export function nameIn(object: Record<string, unknown>, name: string): string {
  const value = object[name] ?? '';
  if (typeof value !== 'string' || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) {
    throw new UnexpectedAnswerError(`its \`${name}\` is not a name`);
  }
  return value;
}

export function requiredName(object: Record<string, unknown>, name: string): string {
  const value = nameIn(object, name);
  if (value === '') throw new UnexpectedAnswerError(`it has no \`${name}\``);
  return value;
}

export function flag(object: Record<string, unknown>, name: string): boolean {
  return object[name] === true || object[name] === 'true';
}

export function requiredFlag(object: Record<string, unknown>, name: string): boolean {
  const value = object[name];
  if (!['true', 'false', true, false].some((allowed) => allowed === value)) {
    throw new UnexpectedAnswerError(`it has no \`${name}\``);
  }
  return flag(object, name);
}

export function optionalNumber(object: Record<string, unknown>, name: string): number | undefined {
  const value = object[name];
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const number = value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

export function requiredNumber(object: Record<string, unknown>, name: string): number {
  const value = optionalNumber(object, name);
  if (value === undefined) throw new UnexpectedAnswerError(`it has no \`${name}\``);
  return value;
}
