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
 * The configuration from environment variables, the only one that a command without a stack has.
 *
 * @param timeoutMinutes the option `--timeout`
 * @throws ConfigurationError for invalid values
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
 * @throws ConfigurationError also when no sign-in method is complete
 */
export function readEnvironmentToSignIn(
  environment: CommandContext['environment'],
  timeoutMinutes: number | undefined,
): OrgConfiguration {
  const configuration = readEnvironment(environment, timeoutMinutes);
  const hint =
    'Or use the configuration of a stack with --stack <name>, or a session of the Salesforce CLI with --org <alias>';
  withEnvironmentAdvice((commandToSet) => chooseSignInWay(configuration, commandToSet), hint);
  return configuration;
}

/**
 * Adds to a configuration error that only environment variables are read.
 *
 * @param read gets the command that sets a setting
 * @param hint the alternatives that the command has
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
