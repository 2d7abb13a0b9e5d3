import type { ErrorCode } from '../errorCodes.js';
import { guards } from './guards.js';
import type { Guard } from './guards.js';
import {
  fieldDefinitions,
  firstVersionOf,
  jwtFields,
  jwtSessionTimeoutTypes,
  jwtTimeouts,
  jwtTimeoutsBefore65,
  timeoutPairs,
  unknownValue,
} from './fields.js';
import type { JwtField } from './fields.js';

/** A failed validation of one input property. */
export interface ValidationFailure {
  code: ErrorCode;
  /** The input property; empty if the failure concerns several or none. */
  property: string;
  /** What was found, what is allowed, what to do. */
  reason: string;
  /** The choices of the user, one line each. */
  choices?: readonly string[] | undefined;
}

const list = (values: readonly (string | number)[]): string =>
  values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`;

/** How an invalid value is shown: shortened, and with strings marked as such. */
function show(value: unknown): string {
  const text = typeof value === 'string' ? `the string "${value}"` : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/**
 * A developer name, prefixed with the namespace and two underscores if the app is managed: letters, digits and single
 * underscores, starting with a letter and not ending with an underscore (Salesforce's rule for developer names).
 */
const developerName = /^(?:[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*__)?[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*$/;

/** Validates `externalClientApplication`. An unknown value is valid. */
export function validateAppName(value: unknown): ValidationFailure[] {
  const property = 'externalClientApplication';
  if (value === unknownValue) {
    return [];
  }
  if (value === undefined || value === null || value === '') {
    return [
      {
        code: 'ECA2001',
        property,
        reason:
          'is required: the developer name of the external client app (API Name in Setup), with ' +
          'its namespace as ns__Name if the app is installed from a package',
      },
    ];
  }
  return typeof value === 'string' && developerName.test(value)
    ? []
    : [
        {
          code: 'ECA2002',
          property,
          reason:
            `must be a developer name (found ${show(value)}): letters, digits and single underscores, starting with a letter; ` +
            'ns__Name for an installed app. Use the API Name from Setup, not the label',
        },
      ];
}

/** Validates `allow`. An unknown value is valid. */
export function validateAllow(value: unknown): ValidationFailure[] {
  if (value === undefined || value === null || value === unknownValue) {
    return [];
  }
  const known: readonly unknown[] = [...guards, unknownValue];
  const wrong: unknown = Array.isArray(value)
    ? value.find((guard: unknown) => !known.includes(guard))
    : value;
  return wrong === undefined
    ? []
    : [
        {
          code: 'ECA2006',
          property: 'allow',
          reason: `must be a list of ${list(guards)} (found ${show(wrong)})`,
        },
      ];
}

function validateField(field: JwtField, value: unknown, apiVersion: number | undefined): ValidationFailure[] {
  const { kind } = fieldDefinitions[field];
  const since = firstVersionOf(field, value);
  const fault = (code: ErrorCode, reason: string): ValidationFailure[] => [{ code, property: field, reason }];
  if (kind === 'boolean') {
    return typeof value === 'boolean' ? [] : fault('ECA2003', `must be true or false (found ${show(value)})`);
  }
  if (kind === 'timeoutType') {
    if (!jwtSessionTimeoutTypes.some((type) => type === value)) {
      return fault(
        'ECA2004',
        `must be ${list(jwtSessionTimeoutTypes.map((type) => `"${type}"`))} (found ${show(value)})`,
      );
    }
    return apiVersion !== undefined && apiVersion < since
      ? fault(
          'ECA2013',
          `needs API version ${since}.0 or later, but salesforce:apiVersion is ${apiVersion}.0. Raise it, or leave ` +
            `${field} out (before ${since}.0 a timeout applies without a type)`,
        )
      : [];
  }
  if (!jwtTimeouts.some((minutes) => minutes === value)) {
    return fault('ECA2005', `must be ${list(jwtTimeouts)} minutes, as a number (found ${show(value)})`);
  }
  return apiVersion !== undefined && apiVersion < since
    ? fault(
        'ECA2014',
        `is ${show(value)} minutes, which needs API version ${since}.0 or later, but salesforce:apiVersion is ${apiVersion}.0. ` +
          `Raise it, or choose ${list(jwtTimeoutsBefore65)}`,
      )
    : [];
}

const isKnown = (value: unknown): boolean => value !== undefined && value !== unknownValue;

/**
 * Validates each timeout together with its type.
 *
 * @param settings the completed settings; an unknown value is valid, because it may turn out to be unset
 * @param given the fields that the program itself sets
 */
function validatePairs(
  settings: Readonly<Record<string, unknown>>,
  given: ReadonlySet<JwtField>,
): ValidationFailure[] {
  return timeoutPairs.flatMap(({ type, timeout }): ValidationFailure[] => {
    if (settings[type] === 'UserSession' && isKnown(settings[timeout])) {
      return [
        {
          code: 'ECA2010',
          property: timeout,
          reason: `is set although ${type} is "UserSession", which uses the user's session settings. Leave ${timeout} out, or set ${type} to "Custom"`,
        },
      ];
    }
    if (settings[type] === 'Custom' && settings[timeout] === undefined) {
      return [
        {
          code: 'ECA2009',
          property: type,
          reason: `is "Custom", so ${timeout} is required: ${list(jwtTimeouts)} (minutes)`,
        },
      ];
    }
    const [property, ...others] = [timeout, type].filter(
      (field) => given.has(field) && isKnown(settings[field]),
    );
    if (settings['isNamedUserJwtEnabled'] === false && property !== undefined) {
      return [
        {
          code: 'ECA2011',
          property,
          reason:
            `is set although isNamedUserJwtEnabled is false: it applies only to JWT-based access tokens, which the app would ` +
            `not issue. Leave ${[property, ...others].join(' and ')} out, or turn isNamedUserJwtEnabled on`,
        },
      ];
    }
    return [];
  });
}

/**
 * Checks the five settings and completes them: a timeout without its type means `Custom` (from API version 65.0 on, where
 * the type exists).
 *
 * @param inputs the resource's inputs; values may be unknown
 * @param apiVersion the configured Metadata API version; `undefined` when the org decides
 * @returns the settings to store, unknown values included, and the failures
 */
export function validateSettings(
  inputs: Readonly<Record<string, unknown>>,
  apiVersion: number | undefined,
): { settings: Record<string, unknown>; failures: ValidationFailure[] } {
  const settings: Record<string, unknown> = {};
  for (const field of jwtFields) {
    const value = inputs[field];
    if (value !== undefined && value !== null) {
      settings[field] = value;
    }
  }
  const given = new Set(jwtFields.filter((field) => settings[field] !== undefined));
  if (given.size === 0) {
    return {
      settings,
      failures: [
        {
          code: 'ECA2008',
          property: '',
          reason: `none of ${list(jwtFields)} is set. Set at least one; a field that is not set is not managed`,
        },
      ],
    };
  }
  for (const { type, timeout } of timeoutPairs) {
    if (settings[timeout] !== undefined && settings[type] === undefined && (apiVersion ?? 65) >= 65) {
      settings[type] = 'Custom';
    }
  }
  const failures = jwtFields
    .filter((field) => settings[field] !== undefined && settings[field] !== unknownValue)
    .flatMap((field) => validateField(field, settings[field], apiVersion));
  return { settings, failures: failures.length > 0 ? failures : validatePairs(settings, given) };
}

/** The guards in a list, in a fixed order; guards that this release does not know are ignored. */
export function parseAllow(value: unknown): Guard[] {
  return Array.isArray(value) ? guards.filter((guard) => value.includes(guard)) : [];
}
