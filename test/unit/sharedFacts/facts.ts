/**
 * What provider and local org both believe of Salesforce, written down from outside sources and from neither of the two. Each table
 * names its source; the specs hold both sides against it.
 */

/**
 * Elements by the API versions whose WSDL has them, of those that not every version from 60.0 on has: the first, and the last where there
 * is one. Source: the WSDLs of 60.0 to 66.0 in the history of the repository forcedotcom/wsdl (63.0 also in the PyPI package
 * simple-salesforce 1.12.10), `@salesforce/types` 1.8.0 (67.0) and 1.9.0 (68.0).
 */
export const elementVersions: Readonly<Record<string, Readonly<Record<string, readonly [number, number?]>>>> =
  {
    ExternalClientApplication: {},
    ExtlClntAppGlobalOauthSettings: {
      isCodeCredFlowEnabled: [61],
      isCodeCredPostOnly: [61],
      isDPopEnabled: [68],
      isEnforceRefreshTokenTTL: [67],
      isMtlsEnabled: [68],
      isNamedUserJwtEnabled: [61],
    },
    ExtlClntAppOauthSettings: {
      areAttributesIncludedInAssetToken: [61],
      areCustomPermsIncludedInAssetToken: [61],
      assetTokenAudiences: [61],
      assetTokenSigningCertificate: [61],
      assetTokenValidity: [61],
      clientAssertionCertificate: [62],
      commaSeparatedCustomScopes: [61],
      isFirstPartyAppEnabled: [62],
    },
    ExtlClntAppOauthConfigurablePolicies: {
      apexHandler: [61],
      commaSeparatedCustomScopes: [61],
      commaSeparatedProfile: [62],
      executeHandlerAs: [61],
      guestJwtSessionTimeoutType: [65],
      guestJwtTimeout: [61],
      isGuestCodeCredFlowEnabled: [61],
      isNamedUserJwtEnabled: [61, 63],
      namedUserJwtSessionTimeoutType: [65],
      namedUserJwtTimeout: [61],
    },
    ExtlClntAppConfigurablePolicies: {
      isAttestPluginEnabled: [68],
      isCanvasPluginEnabled: [65],
      isMobilePluginEnabled: [62],
      isNotificationPluginEnabled: [61],
      isPushPluginEnabled: [62],
      isSamlPluginEnabled: [63],
      startPage: [62],
      startUrl: [62],
    },
    ProfileSessionSetting: {},
    Settings: { enableGraphQLApiForGuestUsers: [68] },
  };

/**
 * Booleans that are true where the element is not there; all others of global OAuth settings are false. Source: Metadata API Developer
 * Guide, ExtlClntAppGlobalOauthSettings.
 */
export const trueByDefault: readonly string[] = ['isPkceRequired', 'isSecretRequiredForRefreshToken'];

/**
 * Minutes of `namedUserJwtTimeout` and `guestJwtTimeout` by the version that brought them. Source: Metadata API Developer Guide,
 * ExtlClntAppOauthConfigurablePolicies; the WSDL says int.
 */
export const jwtMinutes: Readonly<Record<'61' | '65', readonly number[]>> = {
  61: [1, 5, 10, 15, 30],
  65: [60, 90, 120, 240, 480, 720],
};

/**
 * Where components lie in a zip, and the first version with the type. Source: the registry of source-deploy-retrieve, type pages of the
 * Metadata API Developer Guide.
 */
export const places: Readonly<Record<string, readonly [folder: string, suffix: string, since: number]>> = {
  ExternalClientApplication: ['externalClientApps', 'eca', 59],
  ExtlClntAppConfigurablePolicies: ['extlClntAppPolicies', 'ecaPlcy', 60],
  ExtlClntAppGlobalOauthSettings: ['extlClntAppGlobalOauthSets', 'ecaGlblOauth', 59],
  ExtlClntAppOauthConfigurablePolicies: ['extlClntAppOauthPolicies', 'ecaOauthPlcy', 59],
  ExtlClntAppOauthSettings: ['extlClntAppOauthSettings', 'ecaOauth', 59],
};

/**
 * The org's session timeouts in minutes. Source: Metadata API Developer Guide, SecuritySettings; the names are also the enum
 * `SessionTimeout` of `@salesforce/types`.
 */
export const sessionTimeouts: Readonly<Record<string, number>> = {
  FifteenMinutes: 15,
  ThirtyMinutes: 30,
  SixtyMinutes: 60,
  NinetyMinutes: 90,
  TwoHours: 120,
  FourHours: 240,
  EightHours: 480,
  TwelveHours: 720,
  TwentyFourHours: 1440,
};

/**
 * The scopes of an external client app: name in `commaSeparatedOauthScopes`, name in OAuth. Sources: the list of valid values in an org's
 * refusal of another name, the same as on the type page of ExtlClntAppOauthSettings; the OAuth names are `scopes_supported` in
 * `/.well-known/openid-configuration` of several orgs, and the fields `OauthScopes…` of the object ExtlClntAppOauthSettings pair them.
 */
export const scopes: Readonly<Record<string, string>> = {
  Basic: 'id',
  OfflineAccess: 'offline_access',
  DataCloudUserClaims: 'data_cloud_user_claims',
  Email: 'email',
  Address: 'address',
  CDPSegment: 'cdp_segment_api',
  Chatbot: 'chatbot_api',
  CustomApplications: 'visualforce',
  Full: 'full',
  Profile: 'profile',
  CDP: 'cdp_api',
  CDPProfile: 'cdp_profile_api',
  RefreshToken: 'refresh_token',
  Phone: 'phone',
  PwdlessLogin: 'pwdless_login_api',
  Interaction: 'interaction_api',
  Pardot: 'pardot_api',
  CDPIngest: 'cdp_ingest_api',
  CDPIdentityResolution: 'cdp_identityresolution_api',
  CustomPermissions: 'custom_permissions',
  ForgotPassword: 'forgot_password',
  UserRegistration: 'user_registration_api',
  OpenID: 'openid',
  Chatter: 'chatter_api',
  Wave: 'wave_api',
  SFApiPlatform: 'sfap_api',
  SCRT: 'scrt_api',
  Web: 'web',
  EinsteinGPT: 'einstein_gpt_api',
  Lightning: 'lightning',
  Content: 'content',
  CDPCalculatedInsight: 'cdp_calculated_insight_api',
  Eclair: 'eclair_api',
  Api: 'api',
  MCP: 'mcp_api',
  CDPQuery: 'cdp_query_api',
};

/**
 * Refused sign-ins as orgs word them, and a word of the cure that reports name. Source: single projects' reports of real orgs.
 */
export const refusedSignIns: readonly (readonly [error: string, description: string, cure: RegExp])[] = [
  ['invalid_grant', "user hasn't approved this consumer", /Permitted Users/],
  ['app_not_found', 'External client app is not installed in this org', /My Domain/],
  ['invalid_client_id', 'client identifier invalid', /consumer key/],
  ['invalid_client', 'invalid client credentials', /consumer key and secret/],
  ['invalid_grant', 'audience is invalid', /salesforce:audience/],
  ['invalid_grant', 'invalid assertion', /certificate/],
  ['invalid_grant', 'expired authorization code', /clock/],
  ['invalid_grant', 'no client credentials user enabled', /Run As user/],
  ['invalid_grant', 'expired access/refresh token', /sign in again/i],
];

/**
 * Refusals of a deploy as orgs word them. Sources: several projects; the enum's and the last one: one project each. The pattern has
 * the words that are known.
 */
export const refusedDeploys = {
  elementVersion: /^Property 'namedUserJwtSessionTimeoutType' not valid in version 64\.0$/,
  enumValue: /^'AdminApproved' is not a valid value for the enum 'PermittedUsersPolicyType'$/,
  missingApp: /^INVALID_CROSS_REFERENCE_KEY\b/,
  secondComponent: /^DUPLICATE_VALUE\b|duplicate key value violates unique constraint/,
  pluginSettings: /^Invalid plugin settings$/,
  noAccess: /^INSUFFICIENT_ACCESS_OR_READONLY\b/,
} as const;
