import type { ComponentTypeName } from './types.js';

/**
 * The values of an element of a component. `structure` has child elements, which are not checked if they are undefined; `picklistNumber` is a number from a fixed set, some of
 * which came with a later version.
 */
export type ElementKind =
  | { kind: 'string' | 'boolean' | 'integer' }
  | { kind: 'structure'; typeName: string; elements: Elements | undefined }
  | { kind: 'enum'; enumName: string; values: readonly string[] }
  | { kind: 'picklistNumber'; values: ReadonlyMap<string, number> };

/**
 * An element of a component, as in the WSDL of version 68.0 (`@salesforce/types`), with its versions: those whose WSDL has
 * it (60.0 to 66.0: the repository forcedotcom/wsdl and its history; 67.0 and 68.0: `@salesforce/types` 1.8.0 and 1.9.0). Where the
 * reference differs, the WSDL counts, because strict clients use it to read responses.
 */
export type ElementSchema = ElementKind & {
  /** First API version with the element; default: that of the type. */
  since?: number;
  /** Last API version with the element; default: none. */
  until?: number;
  repeatable?: boolean;
  required?: boolean;
};

/** The elements of a type by name. */
export type Elements = Readonly<Record<string, ElementSchema>>;

const string = { kind: 'string' } as const;
const boolean = { kind: 'boolean' } as const;
const integer = { kind: 'integer' } as const;
const requiredString = { kind: 'string', required: true } as const;
const requiredBoolean = { kind: 'boolean', required: true } as const;
/** An element that came with a later version than its type. */
const since = <Schema extends ElementKind>(version: number, schema: Schema) =>
  ({ ...schema, since: version }) as const;
const structureOf = (typeName: string, elements?: Elements) =>
  ({ kind: 'structure', typeName, elements }) as const;
const enumOf = (enumName: string, ...values: string[]) => ({ kind: 'enum', enumName, values }) as const;

/** `Custom` and `UserSession` exist since 65.0 (documented). */
const jwtSessionTimeoutType = since(65, enumOf('JWTSessionTimeoutType', 'UserSession', 'Custom'));

/** Minutes and the version that brought them (documented). */
const jwtTimeout = {
  kind: 'picklistNumber',
  since: 61,
  values: new Map([
    ...['1', '5', '10', '15', '30'].map((minutes) => [minutes, 61] as const),
    ...['60', '90', '120', '240', '480', '720'].map((minutes) => [minutes, 65] as const),
  ]),
} as const;

const externalClientApplication: Elements = {
  contactEmail: string,
  contactPhone: string,
  description: string,
  distributionState: enumOf('ExtlClntAppDistState', 'Local', 'Packaged', 'Managed', 'AutoInstalled'),
  iconUrl: string,
  infoUrl: string,
  isProtected: boolean,
  label: string,
  logoUrl: string,
  managedType: enumOf('ExtlClntAppManagedType', 'Local', 'Global'),
  orgScopedExternalApp: string,
};

const idTokenConfig = structureOf('ExternalAppIdTokenConfig', {
  idTokenAudience: string,
  idTokenIncludeAttributes: boolean,
  idTokenIncludeCustomPermissions: boolean,
  idTokenIncludeStandardClaims: boolean,
  idTokenValidityInMinutes: integer,
});

const customAttributes = (typeName: string): ElementSchema => ({
  ...structureOf(typeName, { formula: requiredString, key: requiredString }),
  repeatable: true,
});

const globalOauthSettings: Elements = {
  callbackUrl: string,
  certificate: string,
  consumerKey: string,
  consumerSecret: string,
  externalClientApplication: requiredString,
  idTokenConfig,
  isClientCredentialsFlowEnabled: boolean,
  isCodeCredFlowEnabled: since(61, boolean),
  isCodeCredPostOnly: since(61, boolean),
  isConsumerSecretOptional: boolean,
  isDPopEnabled: since(68, boolean),
  isDeviceFlowEnabled: boolean,
  isEnforceRefreshTokenTTL: since(67, boolean),
  isIntrospectAllTokens: boolean,
  isMtlsEnabled: since(68, boolean),
  isNamedUserJwtEnabled: since(61, boolean),
  isPkceRequired: boolean,
  isRefreshTokenRotationEnabled: boolean,
  isSecretRequiredForRefreshToken: boolean,
  isSecretRequiredForTokenExchange: boolean,
  isTokenExchangeEnabled: boolean,
  label: string,
  shouldRotateConsumerKey: boolean,
  shouldRotateConsumerSecret: boolean,
};

const oauthSettings: Elements = {
  areAttributesIncludedInAssetToken: since(61, boolean),
  areCustomPermsIncludedInAssetToken: since(61, boolean),
  assetTokenAudiences: since(61, string),
  assetTokenSigningCertificate: since(61, string),
  assetTokenValidity: since(61, integer),
  clientAssertionCertificate: since(62, string),
  commaSeparatedCustomScopes: since(61, string),
  commaSeparatedOauthScopes: string,
  customAttributes: customAttributes('ExtlClntAppOauthSettingsAttribute'),
  externalClientApplication: requiredString,
  isFirstPartyAppEnabled: since(62, boolean),
  label: string,
  oauthLink: string,
  singleLogoutUrl: string,
  trustedIpRanges: {
    ...structureOf('ExtlClntAppOauthIpRange', {
      description: string,
      endIpAddress: requiredString,
      startIpAddress: requiredString,
    }),
    repeatable: true,
  },
};

/** `isNamedUserJwtEnabled` is deprecated and accepted for 61.0 to 63.0 only (documented, Salesforce's tools). */
const oauthConfigurablePolicies: Elements = {
  apexHandler: since(61, string),
  clientCredentialsFlowUser: string,
  commaSeparatedCustomScopes: since(61, string),
  commaSeparatedPermissionSet: string,
  commaSeparatedProfile: since(62, string),
  customAttributes: customAttributes('ExtlClntAppOauthPoliciesAttribute'),
  executeHandlerAs: since(61, string),
  externalClientApplication: requiredString,
  guestJwtSessionTimeoutType: jwtSessionTimeoutType,
  guestJwtTimeout: jwtTimeout,
  ipRelaxationPolicyType: string,
  isClientCredentialsFlowEnabled: boolean,
  isGuestCodeCredFlowEnabled: since(61, boolean),
  isNamedUserJwtEnabled: { ...since(61, boolean), until: 63 },
  isTokenExchangeFlowEnabled: boolean,
  label: string,
  namedUserJwtSessionTimeoutType: jwtSessionTimeoutType,
  namedUserJwtTimeout: jwtTimeout,
  permittedUsersPolicyType: enumOf(
    'PermittedUsersPolicyType',
    'AllSelfAuthorized',
    'AdminApprovedPreAuthorized',
  ),
  policyAction: enumOf('PolicyAction', 'Block', 'RaiseSessionLevel', 'StepUpMFA'),
  refreshTokenPolicyType: enumOf(
    'RefreshTokenPolicyType',
    'Infinite',
    'Zero',
    'SpecificLifetime',
    'SpecificInactivity',
  ),
  refreshTokenValidityPeriod: integer,
  refreshTokenValidityUnit: string,
  requiredSessionLevel: enumOf('SessionSecurityLevel', 'LOW', 'STANDARD', 'HIGH_ASSURANCE'),
  sessionTimeoutInMinutes: integer,
  singleLogoutUrl: string,
  startUrl: string,
};

const configurablePolicies: Elements = {
  externalClientApplication: requiredString,
  isAttestPluginEnabled: since(68, boolean),
  isCanvasPluginEnabled: since(65, boolean),
  isEnabled: requiredBoolean,
  isMobilePluginEnabled: since(62, boolean),
  isNotificationPluginEnabled: since(61, boolean),
  isOauthPluginEnabled: boolean,
  isPushPluginEnabled: since(62, boolean),
  isSamlPluginEnabled: since(63, boolean),
  label: string,
  startPage: since(62, enumOf('ExtlClntAppStartPage', 'None', 'Custom', 'OAuth', 'SAML')),
  startUrl: since(62, string),
};

/** `sessionTimeout` in minutes, 0 for the two hours of the default (documented). */
const profileSessionSetting: Elements = {
  externalCommunityUserIdentityVerif: requiredBoolean,
  forceLogout: requiredBoolean,
  profile: requiredString,
  requiredSessionLevel: enumOf('SessionSecurityLevel', 'LOW', 'STANDARD', 'HIGH_ASSURANCE'),
  sessionPersistence: requiredBoolean,
  sessionTimeout: {
    kind: 'picklistNumber',
    required: true,
    values: new Map(
      ['0', '15', '30', '60', '90', '120', '240', '480', '720', '1440'].map((minutes) => [minutes, 40]),
    ),
  },
  sessionTimeoutWarning: requiredBoolean,
};

const securitySettings: Elements = {
  canUsersGrantLoginAccess: boolean,
  enableAdminLoginAsAnyUser: boolean,
  enableAuditFieldsInactiveOwner: boolean,
  enableAuraSecureEvalPref: boolean,
  enableCoepHeader: boolean,
  enableCoopHeader: boolean,
  enableCrossOrgRedirects: boolean,
  enableGraphQLApiForGuestUsers: since(68, boolean),
  enablePermissionsPolicy: boolean,
  enableRequireHttpsConnection: boolean,
  networkAccess: structureOf('NetworkAccess'),
  passwordPolicies: structureOf('PasswordPolicies'),
  redirectBlockModeEnabled: boolean,
  sendCspForUncommonClients: boolean,
  sessionSettings: structureOf('SessionSettings'),
  singleSignOnSettings: structureOf('SingleSignOnSettings'),
};

/** The elements of each type by name. A connected app can be read but not deployed, so its elements are not listed. */
export const schemas: Readonly<Record<ComponentTypeName, Elements>> = {
  ExternalClientApplication: externalClientApplication,
  ExtlClntAppGlobalOauthSettings: globalOauthSettings,
  ExtlClntAppOauthSettings: oauthSettings,
  ExtlClntAppOauthConfigurablePolicies: oauthConfigurablePolicies,
  ExtlClntAppConfigurablePolicies: configurablePolicies,
  ConnectedApp: {},
  ProfileSessionSetting: profileSessionSetting,
  Settings: securitySettings,
};

/** The element's schema; undefined if the type does not have it. */
export function elementSchema(type: ComponentTypeName, element: string): ElementSchema | undefined {
  const elements = schemas[type];
  return Object.hasOwn(elements, element) ? elements[element] : undefined;
}

/** Whether an API version has the element; every version has an unknown element, because no document excludes it. */
export function isElementOfVersion(type: ComponentTypeName, element: string, version: number): boolean {
  const schema = elementSchema(type, element);
  return !schema || (version >= (schema.since ?? 0) && version <= (schema.until ?? Infinity));
}

/** Booleans of global OAuth settings that are true by default; the others are false (documented). */
const trueByDefault: readonly string[] = ['isPkceRequired', 'isSecretRequiredForRefreshToken'];

/**
 * The booleans in every retrieved global component, with their defaults: all of the WSDL except those seen in few
 * orgs only.
 */
export const alwaysShownGlobalBooleans: ReadonlyMap<string, boolean> = new Map(
  Object.entries(globalOauthSettings)
    .filter(([name, { kind }]) => kind === 'boolean' && name !== 'isDPopEnabled' && name !== 'isMtlsEnabled')
    .map(([name]) => [name, trueByDefault.includes(name)]),
);

/** The elements of the policies for the lifetimes of JWT-based access tokens, of named users and of guests. */
export const jwtLifetimes = [
  { type: 'namedUserJwtSessionTimeoutType', timeout: 'namedUserJwtTimeout' },
  { type: 'guestJwtSessionTimeoutType', timeout: 'guestJwtTimeout' },
] as const;
