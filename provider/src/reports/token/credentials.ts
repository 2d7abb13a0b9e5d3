import { ConfigurationError } from '../../errors.js';
import type { OrgConfiguration, OrgSettingKey } from '../../signIn/configuration.js';
import type { Session } from '../../signIn/session.js';
import { chooseSignInWay } from '../../signIn/signInWays.js';
import type { CommandToSet, SignInWay } from '../../signIn/signInWays.js';

/** What tells an app and how it gets a token. */
const appKeys: readonly OrgSettingKey[] = ['clientId', 'clientSecret', 'username', 'privateKey'];

/** What signs in to an org besides: a session of an administrator. */
const otherKeys: readonly OrgSettingKey[] = ['accessToken', 'sfdxAuthUrl', 'targetOrg'];

/** How an app gets a token. Holds credentials: never print it. */
export type AppSignInWay = Extract<SignInWay, { kind: 'jwtBearer' | 'clientCredentials' }>;

/**
 * The app that is to get a token and how it does, by JWT bearer or client credentials, whatever else is set.
 *
 * @param commandToSet the command that the error names for what is missing; default that of the Pulumi CLI
 * @throws ConfigurationError when neither is complete, or both are
 */
export function appSignInWay(configuration: OrgConfiguration, commandToSet?: CommandToSet): AppSignInWay {
  const { clientId, accessToken, loginUrl } = configuration.settings;
  // Beside an access token the instance URL is that token's, where the app has an address of its own.
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
      'no app is told that is to get a token: set its consumer key (SALESFORCE_CLIENT_ID), and its consumer secret ' +
      '(SALESFORCE_CLIENT_SECRET) or a user and a private key (SALESFORCE_USERNAME, SALESFORCE_PRIVATE_KEY)',
  });
}

/**
 * The configuration with which the settings of the app are read: the other way to sign in where one is set, which may be that of an
 * administrator, else the token that the app has got.
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
