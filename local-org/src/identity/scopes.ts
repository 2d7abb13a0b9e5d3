/**
 * The scopes of an external client app by their names in the Metadata API, with their OAuth names. Metadata names: the values of
 * `commaSeparatedOauthScopes` of ExtlClntAppOauthSettings (documented; an org that refused another name listed the same); they are not
 * those of ConnectedApp, where `sfap_api` is `SFAP`. OAuth names: `scopes_supported` of orgs' `/.well-known/openid-configuration`.
 */
const oauthNames: ReadonlyMap<string, string> = new Map([
  ['Address', 'address'],
  ['Api', 'api'],
  ['Basic', 'id'],
  ['CDP', 'cdp_api'],
  ['CDPCalculatedInsight', 'cdp_calculated_insight_api'],
  ['CDPIdentityResolution', 'cdp_identityresolution_api'],
  ['CDPIngest', 'cdp_ingest_api'],
  ['CDPProfile', 'cdp_profile_api'],
  ['CDPQuery', 'cdp_query_api'],
  ['CDPSegment', 'cdp_segment_api'],
  ['Chatbot', 'chatbot_api'],
  ['Chatter', 'chatter_api'],
  ['Content', 'content'],
  ['CustomApplications', 'visualforce'],
  ['CustomPermissions', 'custom_permissions'],
  ['DataCloudUserClaims', 'data_cloud_user_claims'],
  ['Eclair', 'eclair_api'],
  ['EinsteinGPT', 'einstein_gpt_api'],
  ['Email', 'email'],
  ['ForgotPassword', 'forgot_password'],
  ['Full', 'full'],
  ['Interaction', 'interaction_api'],
  ['Lightning', 'lightning'],
  ['MCP', 'mcp_api'],
  ['OfflineAccess', 'offline_access'],
  ['OpenID', 'openid'],
  ['Pardot', 'pardot_api'],
  ['Phone', 'phone'],
  ['Profile', 'profile'],
  ['PwdlessLogin', 'pwdless_login_api'],
  ['RefreshToken', 'refresh_token'],
  ['SCRT', 'scrt_api'],
  ['SFApiPlatform', 'sfap_api'],
  ['UserRegistration', 'user_registration_api'],
  ['Wave', 'wave_api'],
  ['Web', 'web'],
]);

/** The OAuth name (`refresh_token`) of a scope written as in the Metadata API (`RefreshToken`) or as in OAuth. */
export function oauthScope(name: string): string {
  return oauthNames.get(name) ?? name.toLowerCase();
}

/** The OAuth names of every scope, sorted. */
export const knownScopes: readonly string[] = [...oauthNames.values()].sort();

/** Scopes of Salesforce's API platform, whose tokens carry one more audience and two more claims [one project's report]. */
const platformScopes: readonly string[] = ['sfap_api', 'mcp_api'];

/** Whether a token of these OAuth scopes is one for Salesforce's API platform. */
export function hasPlatformScope(scopes: readonly string[]): boolean {
  return scopes.some((scope) => platformScopes.includes(scope));
}
