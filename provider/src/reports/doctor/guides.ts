/**
 * Who can change something:
 *
 * - `developer`: the developer of the app, with the permission "Create, edit, and delete External Client Apps"; for an installed app, in
 *   the org where it was created
 * - `subscriberAdmin`: has "View all External Client Apps, view their settings, and edit their policies"
 * - `orgAdmin`: administers the users and features of the org
 */
export type Who = 'developer' | 'subscriberAdmin' | 'orgAdmin';

/** What a Salesforce guide requires of an external client app. */
export interface Guide {
  /** The name of its subject in reports. */
  title: string;
  /**
   * The OAuth scopes, each with its names in the Metadata API; if there are several names, one is enough. The names are values of
   * `commaSeparatedOauthScopes` of ExtlClntAppOauthSettings (documented), which differ from those of ConnectedApp.
   */
  scopes: readonly { scope: string; metadataNames: readonly string[] }[];
  /** `clientCredentials`: the app acts as its Run As user; `authorizationCode`: each user signs in with a browser. */
  flow: 'clientCredentials' | 'authorizationCode';
  /** Further requirements that the components of the app do not show; no full stop at the end. */
  notShown: readonly { text: string; who: Who }[];
  /** The address of the guide. */
  source: string;
}

const refreshToken = { scope: 'refresh_token', metadataNames: ['RefreshToken', 'OfflineAccess'] };

/** The token lifetime in minutes that walk-throughs of the guides set (reports of single integrators: a habit, not a limit). */
export const usualMinutes = 30;

/** The guides, by the name that the command accepts. */
export const guides = {
  'agent-api': {
    title: 'the Agent API',
    scopes: [
      { scope: 'api', metadataNames: ['Api'] },
      refreshToken,
      { scope: 'chatbot_api', metadataNames: ['Chatbot'] },
      { scope: 'sfap_api', metadataNames: ['SFApiPlatform'] },
    ],
    flow: 'clientCredentials',
    notShown: [
      {
        text: 'Agentforce is on, and the agent is active and not of the type "Agentforce (Default)", which the Agent API does not support',
        who: 'orgAdmin',
      },
      { text: 'the Run As user has the permission API Only', who: 'orgAdmin' },
    ],
    source: 'https://developer.salesforce.com/docs/ai/agentforce/guide/agent-api-get-started.html',
  },
  mcp: {
    title: 'hosted MCP servers',
    scopes: [{ scope: 'mcp_api', metadataNames: ['MCP'] }, refreshToken],
    flow: 'authorizationCode',
    notShown: [
      { text: 'the servers are activated in Setup, MCP Servers', who: 'orgAdmin' },
      { text: 'the callback URL is that of the MCP client', who: 'developer' },
    ],
    source:
      'https://developer.salesforce.com/docs/platform/hosted-mcp-servers/guide/create-external-client-app.html',
  },
} as const satisfies Record<string, Guide>;

/** The name of a guide. */
export type GuideName = keyof typeof guides;

/** The names of the guides. */
export const guideNames = Object.keys(guides) as readonly GuideName[];
