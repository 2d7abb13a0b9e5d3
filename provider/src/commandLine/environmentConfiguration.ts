import { ConfigurationError, partsOf, withParts } from '../errors.js';
import { credentialKeys, environmentFallbacks, readOrgConfiguration } from '../signIn/configuration.js';
import type { OrgConfiguration } from '../signIn/configuration.js';
import { chooseSignInWay, placeholderOf } from '../signIn/signInWays.js';
import type { CommandToSet } from '../signIn/signInWays.js';
import type { CommandContext } from './commandContext.js';

const exportCommand: CommandToSet = (keys) =>
  `export ${keys
    .map((key) => {
      const value = placeholderOf(key);
      return `${environmentFallbacks[key][0] ?? key}=${credentialKeys.has(key) ? `"$(cat ${value})"` : value}`;
    })
    .join(' ')}`;

/**
 * The configuration from the environment, which is all that a command without a stack has.
 *
 * @param timeoutMinutes the option `--timeout`
 * @throws ConfigurationError for values that cannot be
 */
export function readEnvironment(
  environment: CommandContext['environment'],
  timeoutMinutes: number | undefined,
): OrgConfiguration {
  const options = new Map([['salesforce:timeoutMinutes', timeoutMinutes]]);
  return withEnvironmentAdvice(() =>
    readOrgConfiguration((key) => options.get(key), environment, undefined, false),
  );
}

/**
 * As {@link readEnvironment}, for a command that signs in with it.
 *
 * @throws ConfigurationError when no way to sign in is complete there, too
 */
export function readEnvironmentToSignIn(
  environment: CommandContext['environment'],
  timeoutMinutes: number | undefined,
): OrgConfiguration {
  const configuration = readEnvironment(environment, timeoutMinutes);
  const hint = 'Or use what a stack configures with --stack <name>, or --org <alias> of the Salesforce CLI';
  withEnvironmentAdvice((commandToSet) => chooseSignInWay(configuration, commandToSet), hint);
  return configuration;
}

/**
 * Adds to what is said of a configuration that it comes from the environment alone.
 *
 * @param read takes how a setting is set
 * @param hint what else the command takes
 */
export function withEnvironmentAdvice<T>(
  read: (commandToSet: CommandToSet) => T,
  hint = 'This command reads environment variables only, not the configuration of a stack',
): T {
  try {
    return read(exportCommand);
  } catch (thrown) {
    throw new ConfigurationError(withParts(partsOf(thrown), { hint }));
  }
}
