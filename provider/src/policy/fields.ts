/** The two component types with the JWT-based access-token settings of an external client app. */
export type SettingsComponentType = 'ExtlClntAppGlobalOauthSettings' | 'ExtlClntAppOauthConfigurablePolicies';

/** Where the lifetime of a JWT-based access token comes from: the user's session settings or the app. */
export type JwtSessionTimeoutType = 'UserSession' | 'Custom';

/** Every {@link JwtTimeout}. */
export const jwtTimeouts = [1, 5, 10, 15, 30, 60, 90, 120, 240, 480, 720] as const;

/** A lifetime of a JWT-based access token, in minutes: 1, 5, 10, 15, 30, 60, 90, 120, 240, 480 or 720. */
export type JwtTimeout = (typeof jwtTimeouts)[number];

/** The session timeout types, with `UserSession` as the org's default. */
export const jwtSessionTimeoutTypes = ['UserSession', 'Custom'] as const satisfies JwtSessionTimeoutType[];

/**
 * The settings that the resource manages, under Salesforce's own names.
 * `undefined` never occurs as a value: a missing field is not managed.
 */
export interface JwtSettings {
  /** Whether the app issues JSON Web Tokens instead of opaque access tokens to named users. */
  isNamedUserJwtEnabled?: boolean;
  /** Where the lifetime of named users' tokens comes from. */
  namedUserJwtSessionTimeoutType?: JwtSessionTimeoutType;
  /** The lifetime of named users' tokens in minutes, with `Custom`. */
  namedUserJwtTimeout?: JwtTimeout;
  /** Where the lifetime of guest users' tokens comes from. */
  guestJwtSessionTimeoutType?: JwtSessionTimeoutType;
  /** The lifetime of guest users' tokens in minutes, with `Custom`. */
  guestJwtTimeout?: JwtTimeout;
}

/**
 * The name of a managed setting, which is also the name of its XML element: `isNamedUserJwtEnabled`,
 * `namedUserJwtSessionTimeoutType`, `namedUserJwtTimeout`, `guestJwtSessionTimeoutType` or `guestJwtTimeout`.
 */
export type JwtField = keyof JwtSettings;

/** The state of a setting whose element is not in the org's component. */
export const absent = 'absent';

/**
 * A setting in an org: a value, or `absent` if the component has no such element.
 * Wider than the allowed values: an org may have values that this release does not know.
 */
export type FieldValue = boolean | number | string;

/** Values by field; a field without a key is not included. */
export type FieldValues = Partial<Record<JwtField, FieldValue>>;

/** The definition of a field: its component type, its first API version and its kind. */
interface FieldDefinition {
  /** The component type whose file contains the element. */
  componentType: SettingsComponentType;
  /** The Metadata API version that introduced the element. */
  since: number;
  kind: 'boolean' | 'timeoutType' | 'timeout';
}

/** Every managed field. Versions: Metadata API Developer Guide, pages of the two component types. */
export const fieldDefinitions: Readonly<Record<JwtField, FieldDefinition>> = {
  isNamedUserJwtEnabled: { componentType: 'ExtlClntAppGlobalOauthSettings', since: 61, kind: 'boolean' },
  namedUserJwtSessionTimeoutType: {
    componentType: 'ExtlClntAppOauthConfigurablePolicies',
    since: 65,
    kind: 'timeoutType',
  },
  namedUserJwtTimeout: {
    componentType: 'ExtlClntAppOauthConfigurablePolicies',
    since: 61,
    kind: 'timeout',
  },
  guestJwtSessionTimeoutType: {
    componentType: 'ExtlClntAppOauthConfigurablePolicies',
    since: 65,
    kind: 'timeoutType',
  },
  guestJwtTimeout: { componentType: 'ExtlClntAppOauthConfigurablePolicies', since: 61, kind: 'timeout' },
};

/** The names of the managed fields, in the order in which messages and outputs list them. */
export const jwtFields = Object.keys(fieldDefinitions) as readonly JwtField[];

/** The minutes that the Metadata API accepts at 61.0 to 64.0; 65.0 added the longer ones. */
export const jwtTimeoutsBefore65: readonly JwtTimeout[] = [1, 5, 10, 15, 30];

const longTimeouts = jwtTimeouts.filter((minutes) => !jwtTimeoutsBefore65.includes(minutes));

/**
 * The first Metadata API version that accepts a value of a field, for example 65.
 *
 * @param value any value; one that this release does not know counts as accepted since the field exists
 */
export function firstVersionOf(field: JwtField, value: unknown): number {
  const isLongTimeout = longTimeouts.some((minutes) => minutes === value);
  return isLongTimeout ? 65 : fieldDefinitions[field].since;
}

/** The fields that belong together for one kind of user. */
export const timeoutPairs = [
  { type: 'namedUserJwtSessionTimeoutType', timeout: 'namedUserJwtTimeout' },
  { type: 'guestJwtSessionTimeoutType', timeout: 'guestJwtTimeout' },
] as const satisfies { type: JwtField; timeout: JwtField }[];

/** The placeholder for a value that is not known yet, in a preview (the engine's own sentinel, passed through by the host). */
export const unknownValue = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
