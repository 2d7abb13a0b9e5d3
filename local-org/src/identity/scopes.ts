import type { ConnectedAppOauthAccessScope } from '@salesforce/types/metadata';

/** Metadata API scope names whose OAuth names are not the name in lower case; the names of Data Cloud scopes are an inference. */
const oauthNames: Partial<Record<ConnectedAppOauthAccessScope, string>> = {
  Basic: 'id',
  Chatter: 'chatter_api',
  CustomApplications: 'visualforce',
  RefreshToken: 'refresh_token',
  OfflineAccess: 'offline_access',
  CustomPermissions: 'custom_permissions',
  Wave: 'wave_api',
  Eclair: 'eclair_api',
  Pardot: 'pardot_api',
  CDP: 'cdp_api',
  CDPIngest: 'cdp_ingest_api',
  CDPProfile: 'cdp_profile_api',
  CDPQuery: 'cdp_query_api',
  CDPSegment: 'cdp_segment_api',
  CDPIdentityResolution: 'cdp_identityresolution_api',
  CDPCalculatedInsight: 'cdp_calculated_insight_api',
  Chatbot: 'chatbot_api',
  EinsteinGPT: 'einstein_gpt_api',
  ForgotPassword: 'forgot_password',
  UserRegistration: 'user_registration_api',
  Interaction: 'interaction_api',
  PwdlessLogin: 'pwdless_login_api',
  SFAP: 'sfap_api',
  MCP: 'mcp_api',
};
const byMetadataName: ReadonlyMap<string, string> = new Map(Object.entries(oauthNames));

/** The OAuth name (`refresh_token`) of a scope written as in the Metadata API (`RefreshToken`) or as in OAuth. */
export function oauthScope(name: string): string {
  return byMetadataName.get(name) ?? name.toLowerCase();
}

/** The OAuth names of scopes that are the same in the Metadata API but for upper case. */
const sameNames: readonly string[] = ['api', 'content', 'full', 'lightning', 'openid', 'profile', 'web'];

/** The OAuth names of every scope that the local org knows by name, sorted. */
export const knownScopes: readonly string[] = [...byMetadataName.values(), ...sameNames].sort();

/** Scopes of Salesforce's API platform, whose tokens carry one more audience and two more claims [one project's report]. */
const platformScopes: readonly string[] = ['sfap_api', 'mcp_api'];

/** Whether a token of these OAuth scopes is one for Salesforce's API platform. */
export function hasPlatformScope(scopes: readonly string[]): boolean {
  return scopes.some((scope) => platformScopes.includes(scope));
}
