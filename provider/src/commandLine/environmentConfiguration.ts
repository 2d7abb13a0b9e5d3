import { ConfigurationError, partsOf, withParts } from '../errors.js';
import { readOrgConfiguration } from '../signIn/configuration.js';
import type { OrgConfiguration } from '../signIn/configuration.js';
import { chooseSignInWay } from '../signIn/signInWays.js';
import type { CommandContext } from './commandContext.js';

/** A credential comes from a file, for the shell keeps what is typed. */
const howToSetVariable =
  'export SALESFORCE_<KEY>=<value>, for a credential "$(cat <file>)" in place of the value';

/** How the help of a command that signs in with the environment says so. */
export const environmentHelp =
  'Signs in with the environment variables of the README (SALESFORCE_INSTANCE_URL, SALESFORCE_ACCESS_TOKEN, ...).';

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
  withEnvironmentAdvice((howToSet) => chooseSignInWay(configuration, howToSet));
  return configuration;
}

/**
 * Adds to what is said of a configuration that it comes from the environment alone.
 *
 * @param read takes what messages are to say of how a setting is set
 */
export function withEnvironmentAdvice<T>(read: (howToSet: string) => T): T {
  try {
    return read(howToSetVariable);
  } catch (thrown) {
    const hint =
      "This command reads environment variables only, in capitals here, and no stack's configuration";
    throw new ConfigurationError(withParts(partsOf(thrown), { hint }));
  }
}
