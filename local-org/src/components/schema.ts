import type { ComponentTypeName } from './types.js';

/**
 * What an element of a component may hold. `structure` has elements of its own, which are not looked into where they are undefined; `picklistNumber` is a number out of a fixed set, some of
 * which came with a later version.
 */
export type ElementKind =
  | { kind: 'string' | 'boolean' | 'integer' }
  | { kind: 'structure'; typeName: string; elements: Elements | undefined }
  | { kind: 'enum'; enumName: string; values: readonly string[] }
  | { kind: 'picklistNumber'; values: ReadonlyMap<string, number> };

/** An element of a component, as the WSDL of version 67.0 has it (`@salesforce/types`), with the versions that know it. */
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
const structureOf = (typeName: string, elements?: Elements) =>
  ({ kind: 'structure', typeName, elements }) as const;
const enumOf = (enumName: string, ...values: string[]) => ({ kind: 'enum', enumName, values }) as const;

/** `Custom` and `UserSession` exist since 65.0 (documented). */
const jwtSessionTimeoutType = { ...enumOf('JWTSessionTimeoutType', 'UserSession', 'Custom'), since: 65 };

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

/** `isDPopEnabled` was seen on retrieve and is not in the WSDL; JWT since 61.0 (documented). */
const globalOauthSettings: Elements = {
  callbackUrl: string,
  certificate: string,
  consumerKey: string,
  consumerSecret: string,
  externalClientApplication: requiredString,
  idTokenConfig,
  isClientCredentialsFlowEnabled: boolean,
  isCodeCredFlowEnabled: boolean,
  isCodeCredPostOnly: boolean,
  isConsumerSecretOptional: boolean,
  isDPopEnabled: boolean,
  isDeviceFlowEnabled: boolean,
  isEnforceRefreshTokenTTL: boolean,
  isIntrospectAllTokens: boolean,
  isMtlsEnabled: boolean,
  isNamedUserJwtEnabled: { kind: 'boolean', since: 61 },
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
  areAttributesIncludedInAssetToken: boolean,
  areCustomPermsIncludedInAssetToken: boolean,
  assetTokenAudiences: string,
  assetTokenSigningCertificate: string,
  assetTokenValidity: integer,
  clientAssertionCertificate: string,
  commaSeparatedCustomScopes: string,
  commaSeparatedOauthScopes: string,
  customAttributes: customAttributes('ExtlClntAppOauthSettingsAttribute'),
  externalClientApplication: requiredString,
  isFirstPartyAppEnabled: boolean,
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
  apexHandler: string,
  clientCredentialsFlowUser: string,
  commaSeparatedCustomScopes: string,
  commaSeparatedPermissionSet: string,
  commaSeparatedProfile: string,
  customAttributes: customAttributes('ExtlClntAppOauthPoliciesAttribute'),
  executeHandlerAs: string,
  externalClientApplication: requiredString,
  guestJwtSessionTimeoutType: jwtSessionTimeoutType,
  guestJwtTimeout: jwtTimeout,
  ipRelaxationPolicyType: string,
  isClientCredentialsFlowEnabled: boolean,
  isGuestCodeCredFlowEnabled: boolean,
  isNamedUserJwtEnabled: { kind: 'boolean', since: 61, until: 63 },
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
  isAttestPluginEnabled: boolean,
  isCanvasPluginEnabled: boolean,
  isEnabled: requiredBoolean,
  isMobilePluginEnabled: boolean,
  isNotificationPluginEnabled: boolean,
  isOauthPluginEnabled: boolean,
  isPushPluginEnabled: boolean,
  isSamlPluginEnabled: boolean,
  label: string,
  startPage: enumOf('ExtlClntAppStartPage', 'None', 'Custom', 'OAuth', 'SAML'),
  startUrl: string,
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
  enableGraphQLApiForGuestUsers: boolean,
  enablePermissionsPolicy: boolean,
  enableRequireHttpsConnection: boolean,
  networkAccess: structureOf('NetworkAccess'),
  passwordPolicies: structureOf('PasswordPolicies'),
  redirectBlockModeEnabled: boolean,
  sendCspForUncommonClients: boolean,
  sessionSettings: structureOf('SessionSettings'),
  singleSignOnSettings: structureOf('SingleSignOnSettings'),
};

/** The elements of each type by name. A connected app can be read, not deployed: its elements are not known here. */
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

/** The element's schema; undefined when the type does not know it. */
export function elementSchema(type: ComponentTypeName, element: string): ElementSchema | undefined {
  const elements = schemas[type];
  return Object.hasOwn(elements, element) ? elements[element] : undefined;
}

/** Whether an API version knows the element; an unknown element is known to every version, because nothing says otherwise. */
export function isElementOfVersion(type: ComponentTypeName, element: string, version: number): boolean {
  const schema = elementSchema(type, element);
  return !schema || (version >= (schema.since ?? 0) && version <= (schema.until ?? Infinity));
}

/** The booleans that every retrieved global component shows: all of the WSDL but those seen in few orgs only. */
export const alwaysShownGlobalBooleans: readonly string[] = Object.keys(globalOauthSettings).filter(
  (name) =>
    globalOauthSettings[name]?.kind === 'boolean' && name !== 'isDPopEnabled' && name !== 'isMtlsEnabled',
);
