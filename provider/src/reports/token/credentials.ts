import { ConfigurationError } from '../../errors.js';
import type { OrgConfiguration, OrgSettingKey } from '../../signIn/configuration.js';
import type { Session } from '../../signIn/session.js';
import { chooseSignInWay } from '../../signIn/signInWays.js';
import type { CommandToSet, SignInWay } from '../../signIn/signInWays.js';

/** The keys that identify an app and determine how it gets a token. */
const appKeys: readonly OrgSettingKey[] = ['clientId', 'clientSecret', 'username', 'privateKey'];

/** The keys of the other sign-in methods: a session of an administrator. */
const otherKeys: readonly OrgSettingKey[] = ['accessToken', 'sfdxAuthUrl', 'targetOrg'];

/** How an app gets a token. Holds credentials: never print it. */
export type AppSignInWay = Extract<SignInWay, { kind: 'jwtBearer' | 'clientCredentials' }>;

/**
 * The app to get a token for, and how: by JWT bearer or client credentials, even if other methods are set.
 *
 * @param commandToSet the command that the error gives for setting what is missing; by default that of the Pulumi CLI
 * @throws ConfigurationError when neither is complete, or both are
 */
export function appSignInWay(configuration: OrgConfiguration, commandToSet?: CommandToSet): AppSignInWay {
  const { clientId, accessToken, loginUrl } = configuration.settings;
  // With an access token, the instance URL belongs to that token if the app has an address of its own.
  const keysOfOthers: readonly OrgSettingKey[] =
    accessToken === undefined || loginUrl === undefined ? otherKeys : [...otherKeys, 'instanceUrl'];
  const way =
    clientId === undefined ? undefined : chooseSignInWay(without(configuration, keysOfOthers), commandToSet);
  if (way?.kind === 'jwtBearer' || way?.kind === 'clientCredentials') {
    return way;
  }
  throw new ConfigurationError({
    code: 'ECA8301',
    cause:
      'no app to get a token for is configured: set its consumer key (SALESFORCE_CLIENT_ID), and its consumer secret ' +
      '(SALESFORCE_CLIENT_SECRET) or a user and a private key (SALESFORCE_USERNAME, SALESFORCE_PRIVATE_KEY)',
  });
}

/**
 * The configuration for reading the settings of the app: the other sign-in method if one is set, for example that of an administrator,
 * otherwise the token that was issued to the app.
 */
export function orgSignIn(configuration: OrgConfiguration, session: Session): OrgConfiguration {
  if (otherKeys.some((key) => configuration.settings[key] !== undefined)) {
    return without(configuration, appKeys);
  }
  const source = 'the token of the app';
  return {
    ...configuration,
    settings: {
      ...without(configuration, [...appKeys, 'loginUrl']).settings,
      accessToken: { value: session.accessToken, source, fromEnvironment: true },
      instanceUrl: { value: session.instanceUrl, source, fromEnvironment: true },
    },
  };
}

function without(configuration: OrgConfiguration, keys: readonly OrgSettingKey[]): OrgConfiguration {
  const kept = Object.entries(configuration.settings).filter(([name]) => !keys.some((key) => key === name));
  return { ...configuration, settings: Object.fromEntries(kept) };
}
