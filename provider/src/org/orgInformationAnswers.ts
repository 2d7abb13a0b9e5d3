import {
  listOf,
  objectOf,
  optionalNumber,
  optionalText,
  requiredFlag,
  requiredNumber,
  requiredText,
  UnexpectedAnswerError,
} from './answerFields.js';
import { toCaseSafeId } from './organizationId.js';

/** The API versions of an org, for instance 66 for 66.0. */
export function parseApiVersions(answer: unknown): number[] {
  if (!Array.isArray(answer) || answer.length === 0)
    throw new UnexpectedAnswerError('it is not a list of versions');
  return listOf(answer).map((version) => requiredNumber(version, 'version'));
}

/** The user of a session. */
export interface SignedInUser {
  /** 18 characters. */
  organizationId: string;
  /** 18 characters. */
  userId: string;
}

/** Parses a userinfo response. */
export function parseSignedInUser(answer: unknown): SignedInUser {
  const user = objectOf(answer, 'it');
  const idOf = (name: string): string => {
    const id = toCaseSafeId(requiredText(user, name));
    if (id === undefined) throw new UnexpectedAnswerError(`its \`${name}\` is not an id`);
    return id;
  };
  return { organizationId: idOf('organization_id'), userId: idOf('user_id') };
}

/** The times of an active token, from introspection (RFC 7662). */
export interface TokenTimes {
  /** Seconds since 1970. */
  issued: number;
  /** Seconds since 1970. */
  expires: number;
}

/** Parses an introspection response; `undefined` if the token is not active or has no times. */
export function parseTokenTimes(answer: unknown): TokenTimes | undefined {
  const introspection = objectOf(answer, 'it');
  const issued = optionalNumber(introspection, 'iat');
  const expires = optionalNumber(introspection, 'exp');
  return requiredFlag(introspection, 'active') && issued !== undefined && expires !== undefined
    ? { issued, expires }
    : undefined;
}

/** A key that an org publishes for its JWT-based access tokens (RFC 7517), with the fields of an RSA key. */
export interface PublishedKey {
  kty: string;
  kid?: string;
  alg?: string;
  use?: string;
  /** The modulus, base64url. */
  n?: string;
  /** The exponent, base64url. */
  e?: string;
}

/** The keys that an org publishes. */
export function parsePublishedKeys(answer: unknown): PublishedKey[] {
  const { keys } = objectOf(answer, 'it');
  if (!Array.isArray(keys)) throw new UnexpectedAnswerError('it has no `keys`');
  return listOf(keys).map((key) => ({
    kty: requiredText(key, 'kty'),
    ...Object.fromEntries(
      ['kid', 'alg', 'use', 'n', 'e'].flatMap((name) => {
        const value = optionalText(key, name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  }));
}
