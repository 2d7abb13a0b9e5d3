import { qualifiedName } from '../components/componentName.js';
import { toCaseSafeId } from './organizationId.js';
import { orgText } from './orgText.js';

/** One component that an org has, as retrieve and listMetadata describe it. */
export interface FileProperties {
  /** The component's type. */
  type: string;
  /** The component's name with its namespace, as `ns__Name`, also where the org gives them apart. */
  fullName: string;
  /** Its path, within a retrieve's zip below the folder `unpackaged/`; `''` where the org does not say. */
  fileName: string;
  namespacePrefix: string | undefined;
  lastModifiedByName: string | undefined;
  /** ISO 8601. */
  lastModifiedDate: string | undefined;
}

/** What checkRetrieveStatus says. */
export type RetrieveStatus =
  | { done: false; status: string }
  | {
      done: true;
      success: true;
      /** The zip itself. The org hands it out once and then deletes it. */
      zip: Buffer;
      fileProperties: FileProperties[];
      /** For instance `Entity of type 'T' named 'N' cannot be found`. */
      messages: string[];
    }
  | {
      done: true;
      success: false;
      id: string;
      errorStatusCode: string | undefined;
      errorMessage: string | undefined;
    };

/** A component that a deploy handled. */
export interface ComponentSuccess {
  componentType: string;
  fullName: string;
  fileName: string;
  changed: boolean;
  created: boolean;
}

/** A component that a deploy refused, or warned of. */
export interface ComponentFailure {
  componentType: string;
  fullName: string;
  fileName: string;
  /** The org's message. */
  problem: string;
  /** `Error` or `Warning`. */
  problemType: string;
  lineNumber: number | undefined;
  columnNumber: number | undefined;
}

/** What the status of a deploy says. */
export interface DeployStatus {
  id: string;
  /** For instance `Pending`, `InProgress`, `Succeeded`, `Failed`, `Canceled`. */
  status: string;
  done: boolean;
  success: boolean;
  /** The counts are for progress only: while a deploy waits, an answer may come without them (the guide's sample has none). */
  numberComponentsTotal: number | undefined;
  numberComponentsDeployed: number | undefined;
  componentSuccesses: ComponentSuccess[];
  componentFailures: ComponentFailure[];
  errorStatusCode: string | undefined;
  errorMessage: string | undefined;
  createdByName: string | undefined;
  canceledByName: string | undefined;
  /** ISO 8601, as the two other dates. */
  createdDate: string | undefined;
  startDate: string | undefined;
  completedDate: string | undefined;
}

/** One page of a query's answer. */
export interface QueryPage {
  records: Record<string, unknown>[];
  /** The path of the next page, `undefined` after the last one. */
  nextPath: string | undefined;
}

/** An answer lacks what it must have. The message names the property and quotes no value. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

/** The id of a job that was just started. */
export function parseJobId(answer: unknown): { id: string } {
  return { id: requiredText(objectOf(answer, 'it'), 'id') };
}

/** A retrieve's status, from SOAP; jsforce fills in what is missing, so only non-empty values count. */
export function parseRetrieveStatus(answer: unknown): RetrieveStatus {
  const result = objectOf(answer, 'it');
  const id = requiredText(result, 'id');
  const status = requiredText(result, 'status');
  const succeeded = status === 'Succeeded';
  if (!flag(result, 'done')) {
    if (succeeded || status === 'Failed') throw new UnexpectedAnswerError(`it is ${status} but not done`);
    return { done: false, status };
  }
  if (flag(result, 'success') !== succeeded) {
    throw new UnexpectedAnswerError('its `status` and `success` contradict each other');
  }
  if (!succeeded) {
    return {
      done: true,
      success: false,
      id,
      errorStatusCode: optionalText(result, 'errorStatusCode'),
      errorMessage: optionalText(result, 'errorMessage'),
    };
  }
  const zipFile = requiredBytes(result, 'zipFile');
  if (!/^[A-Za-z0-9+/\s]+(?:=[=\s]*)?$/.test(zipFile)) {
    throw new UnexpectedAnswerError('its `zipFile` is not base64');
  }
  return {
    done: true,
    success: true,
    zip: Buffer.from(zipFile, 'base64'),
    fileProperties: listOf(result['fileProperties']).map(parseFileProperties),
    messages: listOf(result['messages']).map((message) => requiredText(message, 'problem')),
  };
}

/** The components that listMetadata found. */
export function parseFilePropertiesList(answer: unknown): FileProperties[] {
  return listOf(answer).map(parseFileProperties);
}

/** A deploy's status, from REST. */
export function parseDeployStatus(answer: unknown): DeployStatus {
  const result = objectOf(answer, 'it');
  const details = result['details'];
  const { componentSuccesses, componentFailures } =
    details === undefined || details === null ? {} : objectOf(details, '`details`');
  return {
    id: requiredText(result, 'id'),
    status: requiredText(result, 'status'),
    done: requiredFlag(result, 'done'),
    success: requiredFlag(result, 'success'),
    numberComponentsTotal: optionalNumber(result, 'numberComponentsTotal'),
    numberComponentsDeployed: optionalNumber(result, 'numberComponentsDeployed'),
    componentSuccesses: listOf(componentSuccesses).map((component) => ({
      ...parseComponentName(component),
      changed: flag(component, 'changed'),
      created: flag(component, 'created'),
    })),
    componentFailures: listOf(componentFailures).map((component) => ({
      ...parseComponentName(component),
      problem: requiredText(component, 'problem'),
      problemType: optionalText(component, 'problemType') ?? 'Error',
      lineNumber: optionalNumber(component, 'lineNumber'),
      columnNumber: optionalNumber(component, 'columnNumber'),
    })),
    errorStatusCode: optionalText(result, 'errorStatusCode'),
    errorMessage: optionalText(result, 'errorMessage'),
    createdByName: optionalText(result, 'createdByName'),
    canceledByName: optionalText(result, 'canceledByName'),
    createdDate: optionalText(result, 'createdDate'),
    startDate: optionalText(result, 'startDate'),
    completedDate: optionalText(result, 'completedDate'),
  };
}

/** A page of a query's answer. */
export function parseQueryPage(answer: unknown): QueryPage {
  const page = objectOf(answer, 'it');
  if (!Array.isArray(page['records'])) throw new UnexpectedAnswerError('it has no `records`');
  const records = listOf(page['records']);
  if (requiredFlag(page, 'done')) return { records, nextPath: undefined };
  const nextPath = requiredBytes(page, 'nextRecordsUrl');
  // An address of another host would be sent the access token.
  if (!nextPath.startsWith('/services/data/')) {
    throw new UnexpectedAnswerError('its `nextRecordsUrl` is not a path of the REST API');
  }
  return { records, nextPath };
}

/** The API versions of an org, for instance 66 for 66.0. */
export function parseApiVersions(answer: unknown): number[] {
  if (!Array.isArray(answer) || answer.length === 0)
    throw new UnexpectedAnswerError('it is no list of versions');
  return listOf(answer).map((version) => requiredNumber(version, 'version'));
}

/** Whose session it is. */
export interface SignedInUser {
  /** 18 characters. */
  organizationId: string;
  /** 18 characters. */
  userId: string;
}

/** A userinfo answer. */
export function parseSignedInUser(answer: unknown): SignedInUser {
  const user = objectOf(answer, 'it');
  const idOf = (name: string): string => {
    const id = toCaseSafeId(requiredText(user, name));
    if (id === undefined) throw new UnexpectedAnswerError(`its \`${name}\` is no id`);
    return id;
  };
  return { organizationId: idOf('organization_id'), userId: idOf('user_id') };
}

/** What introspection says of a live token (RFC 7662). */
export interface TokenTimes {
  /** Seconds since 1970. */
  issued: number;
  /** Seconds since 1970. */
  expires: number;
}

/** An introspection's answer; `undefined` where it does not tell: the token is not active, or has no times. */
export function parseTokenTimes(answer: unknown): TokenTimes | undefined {
  const introspection = objectOf(answer, 'it');
  const issued = optionalNumber(introspection, 'iat');
  const expires = optionalNumber(introspection, 'exp');
  return requiredFlag(introspection, 'active') && issued !== undefined && expires !== undefined
    ? { issued, expires }
    : undefined;
}

/** A key that an org publishes for its JWT-based access tokens (RFC 7517), as far as it is RSA. */
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

function parseFileProperties(properties: Record<string, unknown>): FileProperties {
  const namespacePrefix = nameIn(properties, 'namespacePrefix') || undefined;
  return {
    type: requiredName(properties, 'type'),
    fullName: qualifiedName({ fullName: requiredName(properties, 'fullName'), namespacePrefix }),
    fileName: nameIn(properties, 'fileName'),
    namespacePrefix,
    lastModifiedByName: optionalText(properties, 'lastModifiedByName'),
    lastModifiedDate: optionalText(properties, 'lastModifiedDate'),
  };
}

/** The manifest's own entry has no component type. */
function parseComponentName(component: Record<string, unknown>): {
  componentType: string;
  fullName: string;
  fileName: string;
} {
  return {
    componentType: nameIn(component, 'componentType'),
    fullName: nameIn(component, 'fullName'),
    fileName: nameIn(component, 'fileName'),
  };
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnexpectedAnswerError(`${what} is not an object`);
  }
  return { ...value };
}

/** A list; both XML and some JSON answers give a single entry without one. */
function listOf(value: unknown): Record<string, unknown>[] {
  if (value === undefined || value === null) return [];
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return entries.map((entry) => objectOf(entry, 'an entry'));
}

function optionalText(object: Record<string, unknown>, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? orgText(value) : undefined;
}

/** A text that is shown and never sent back. */
function requiredText(object: Record<string, unknown>, name: string): string {
  return orgText(requiredBytes(object, name));
}

/** A text as the org wrote it: never shown. */
function requiredBytes(object: Record<string, unknown>, name: string): string {
  const value = object[name];
  if (typeof value !== 'string' || value === '') throw new UnexpectedAnswerError(`it has no \`${name}\``);
  return value;
}

/** A name, which may be sent back and so stays as it is; `''` where the org gives none. */
function nameIn(object: Record<string, unknown>, name: string): string {
  const value = object[name] ?? '';
  if (typeof value !== 'string' || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) {
    throw new UnexpectedAnswerError(`its \`${name}\` is no name`);
  }
  return value;
}

function requiredName(object: Record<string, unknown>, name: string): string {
  const value = nameIn(object, name);
  if (value === '') throw new UnexpectedAnswerError(`it has no \`${name}\``);
  return value;
}

function flag(object: Record<string, unknown>, name: string): boolean {
  return object[name] === true || object[name] === 'true';
}

function requiredFlag(object: Record<string, unknown>, name: string): boolean {
  const value = object[name];
  if (!['true', 'false', true, false].some((allowed) => allowed === value)) {
    throw new UnexpectedAnswerError(`it has no \`${name}\``);
  }
  return flag(object, name);
}

function optionalNumber(object: Record<string, unknown>, name: string): number | undefined {
  const value = object[name];
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const number = value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function requiredNumber(object: Record<string, unknown>, name: string): number {
  const value = optionalNumber(object, name);
  if (value === undefined) throw new UnexpectedAnswerError(`it has no \`${name}\``);
  return value;
}
