/**
 * Who can change something:
 *
 * - `developer`: of the app, with the permission "Create, edit, and delete External Client Apps"; of an installed app in the org
 *   where it was made
 * - `subscriberAdmin`: "View all External Client Apps, view their settings, and edit their policies"
 * - `orgAdmin`: who administers users and features of the org
 */
export type Who = 'developer' | 'subscriberAdmin' | 'orgAdmin';

/** What a guide of Salesforce asks of an external client app. */
export interface Guide {
  /** How reports name what it is for. */
  title: string;
  /**
   * The OAuth scopes, each with the names that stand for it in the Metadata API; of several one is enough. The names are the values of
   * `commaSeparatedOauthScopes` of ExtlClntAppOauthSettings (documented), which are not those of ConnectedApp.
   */
  scopes: readonly { scope: string; metadataNames: readonly string[] }[];
  /** `clientCredentials`: the app acts as its Run As user; `authorizationCode`: each user signs in with a browser. */
  flow: 'clientCredentials' | 'authorizationCode';
  /** What else it asks for, which the components of the app do not show; no full stop at the end. */
  notShown: readonly { text: string; who: Who }[];
  /** Where it stands. */
  source: string;
}

const refreshToken = { scope: 'refresh_token', metadataNames: ['RefreshToken', 'OfflineAccess'] };

/** The life of a token, in minutes, that the guides' walk-throughs set (reports of single integrators: a habit, no limit). */
export const usualMinutes = 30;

/** The guides, by the name that the command takes. */
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
        text: 'Agentforce is on, and the agent is active and not of the type "Agentforce (Default)", which the Agent API does not serve',
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
