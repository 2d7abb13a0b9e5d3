import type { PolicyResource, ResourceValidationArgs } from '@pulumi/policy';

/** The types of `ExternalClientAppJwtPolicy`, as the engine names them: of the dynamic and of the native provider. */
const resourceTypes: readonly string[] = [
  'pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy',
  'salesforce-eca:index:ExternalClientAppJwtPolicy',
];

/**
 * The properties of a resource as the policy SDK hands them over: secrets in clear, inputs before an operation and outputs after
 * it. Reading a value that a preview does not know throws the SDK's own error, which it turns into a notice.
 */
export type Properties = Readonly<Record<string, unknown>>;

/** The kinds of users that an app issues JWT-based access tokens to, with the fields of their lifetime. */
export const userKinds = {
  namedUser: {
    words: 'named users',
    sessionTimeoutType: 'namedUserJwtSessionTimeoutType',
    timeout: 'namedUserJwtTimeout',
  },
  guest: { words: 'guests', sessionTimeoutType: 'guestJwtSessionTimeoutType', timeout: 'guestJwtTimeout' },
} as const;

/** One of the kinds of users. */
export type UserKind = keyof typeof userKinds;

/** The lifetimes in minutes that an org accepts. (Metadata API Developer Guide, ExtlClntAppOauthConfigurablePolicies, 65.0) */
export const acceptedTimeouts: readonly number[] = [1, 5, 10, 15, 30, 60, 90, 120, 240, 480, 720];

/** A value that is there and cannot be judged: a secret that was not decrypted, or what this release does not know. */
export const unreadable = 'unreadable';

/** A lifetime as a resource declares it: minutes, or `UserSession` for whatever the user's session settings say. */
export type DeclaredLifetime = number | 'UserSession' | typeof unreadable;

/**
 * The properties of the resource under a resource policy.
 *
 * Ends the policy as not applicable for every other type of resource.
 */
export function propertiesOf(args: ResourceValidationArgs): Properties {
  return resourceTypes.includes(args.type)
    ? args.props
    : args.notApplicable(`The policy is about resources of the types ${resourceTypes.join(' and ')}.`);
}

/** The developer name of the app that a resource is about. */
export function appOf(properties: Properties): string {
  return textIn(properties, 'externalClientApplication') ?? '';
}

/** The key of `salesforce:orgs` of the org that a resource is about; empty for the top-level settings. */
export function orgOf(properties: Properties): string {
  return textIn(properties, 'org') ?? '';
}

/** The token format that a resource declares: `true` for JWT-based tokens; `undefined` when it does not manage the field. */
export function declaredJwt(properties: Properties): boolean | typeof unreadable | undefined {
  const value = properties['isNamedUserJwtEnabled'];
  return value === undefined || typeof value === 'boolean' ? value : unreadable;
}

/** The lifetime that a resource declares for a kind of users; `undefined` when it does not manage it. */
export function declaredLifetime(properties: Properties, users: UserKind): DeclaredLifetime | undefined {
  const { sessionTimeoutType, timeout } = userKinds[users];
  const type = properties[sessionTimeoutType];
  if (type === 'UserSession') {
    return 'UserSession';
  }
  const minutes = properties[timeout];
  const isTypeRead = type === undefined || type === 'Custom';
  return isTypeRead && (minutes === undefined || typeof minutes === 'number') ? minutes : unreadable;
}

/** What is said of a field that is {@link unreadable}. */
export function unreadableFault(field: string): string {
  return `${field} cannot be read here: it is a secret that was not decrypted, or a value that this policy does not know.`;
}

/** The apps of a stack: the resources about one app of one org belong together, as they may manage different fields of it. */
export function resourcesByApp(resources: readonly PolicyResource[]): Map<string, PolicyResource[]> {
  return Map.groupBy(
    resources.filter(({ type }) => resourceTypes.includes(type)),
    ({ props }) => `${orgOf(props)}/${appOf(props)}`,
  );
}

function textIn(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === 'string' ? value : undefined;
}
