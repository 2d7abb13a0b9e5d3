import { Option } from 'commander';
import type { StateResource } from '../reports/drift/engineEvents.js';
import { readOrgConfiguration, readOrgs, settingNames } from '../signIn/configuration.js';
import type { ConfigurationReader, OrgConfiguration } from '../signIn/configuration.js';
import { unknownSettings } from '../signIn/settingNames.js';
import { chooseSignInWay } from '../signIn/signInWays.js';
import { ConfigurationError, formatMessage, ProviderError } from '../errors.js';
import type { CommandContext } from './commandContext.js';
import { readEnvironmentToSignIn } from './environmentConfiguration.js';
import { inFolder } from './stackOptions.js';

/** The options that select the orgs that a command reads. */
export interface OrgOptions {
  stack?: string;
  cwd: string;
  /** Keys of the stack's `salesforce:orgs`, or of the Salesforce CLI. */
  org: string[];
  timeout?: number;
}

/** The orgs that a command reads. */
export interface OrgsToRead {
  readonly configurations: readonly [OrgConfiguration, ...OrgConfiguration[]];
  /** The resources of the stack; `undefined` if no stack was named. */
  readonly state: readonly StateResource[] | undefined;
}

/** How a command that reads orgs signs in, for its help. */
export const signInHelp = `Signs in with environment variables (SALESFORCE_INSTANCE_URL,
SALESFORCE_ACCESS_TOKEN, ...; see the README). With --stack it uses the
configuration of a stack, including secrets; with --org and without --stack, a
session of the Salesforce CLI. Changes nothing in the org.`;

/** The option that selects orgs. */
export function orgOption(isRepeatable: boolean): Option {
  return new Option(
    '--org <alias>',
    `with --stack, a key of salesforce:orgs; otherwise an alias or username of the Salesforce CLI${isRepeatable ? '; repeatable' : ''}`,
  )
    .argParser((alias: string, aliases: string[]) => (isRepeatable ? [...aliases, alias] : [alias]))
    .default([], isRepeatable ? 'every org of the stack' : 'the org of the stack');
}

/**
 * Runs work with the orgs that the options select: those of a stack, those of the Salesforce CLI, or the one of the environment.
 *
 * @throws ConfigurationError for invalid values, and if the environment has no complete sign-in method; ProviderError when the stack
 *   cannot be read; what the work throws
 */
export async function withOrgs<T>(
  options: OrgOptions,
  context: CommandContext,
  work: (orgs: OrgsToRead) => Promise<T>,
): Promise<T> {
  const { stack: name, cwd, org: aliases, timeout } = options;
  if (name === undefined) {
    const [first, ...others] = aliases.map((alias) => salesforceCliOrg(alias, context, timeout));
    return work({
      configurations: [first ?? readEnvironmentToSignIn(context.environment, timeout), ...others],
      state: undefined,
    });
  }
  return inFolder(cwd, async () => {
    const [{ askCli }, { configurationOf, openStack }, { parseDeployment }] = await Promise.all([
      import('../reports/stack/cliFailure.js'),
      import('../reports/stack/openStack.js'),
      import('../reports/drift/engineEvents.js'),
    ]);
    context.progress(`stack ${name}: reading its configuration`);
    const stack = await openStack('.', name);
    const [{ read, keys }, exported] = await askCli(`stack ${name}`, async () => [
      await configurationOf(stack),
      await stack.exportStack(),
    ]);
    for (const warning of unknownSettings(keys, settingNames)) {
      context.note(`${formatMessage(warning)}\n`);
    }
    return work({
      configurations: stackOrgs(read, context, aliases, timeout),
      state: parseDeployment(exported.deployment),
    });
  });
}

/**
 * As {@link withOrgs}, for a command that reads one org.
 *
 * @throws ProviderError also when the stack has several orgs and none is selected
 */
export async function withOneOrg<T>(
  options: OrgOptions,
  context: CommandContext,
  work: (configuration: OrgConfiguration) => Promise<T>,
): Promise<T> {
  return withOrgs(options, context, ({ configurations: [first, ...others] }) => {
    if (others.length > 0) {
      const labels = [first, ...others].map(({ alias }) => alias ?? 'the top-level one').join(', ');
      throw new ProviderError({
        code: 'ECA8012',
        cause: `stack ${options.stack ?? ''} has several orgs (${labels})`,
        advice: 'Select one of salesforce:orgs with --org',
      });
    }
    return work(first);
  });
}

function salesforceCliOrg(
  alias: string,
  { environment }: CommandContext,
  timeout: number | undefined,
): OrgConfiguration {
  const options = new Map<string, unknown>([
    ['salesforce:targetOrg', alias],
    ['salesforce:timeoutMinutes', timeout],
  ]);
  return readOrgConfiguration((key) => options.get(key), environment, undefined, false);
}

/** The orgs of a stack: those that are named; otherwise every alias, and the top-level org if its own configuration is complete. */
function stackOrgs(
  read: ConfigurationReader,
  { environment }: CommandContext,
  named: readonly string[],
  timeout: number | undefined,
): OrgsToRead['configurations'] {
  const of = (
    alias: string | undefined,
    variables: CommandContext['environment'] = environment,
  ): OrgConfiguration => {
    const configuration = readOrgConfiguration(read, variables, alias, false);
    return { ...configuration, timeoutMinutes: timeout ?? configuration.timeoutMinutes };
  };
  const [first, ...others] = named.length > 0 ? named : [...readOrgs(read).keys()];
  if (first === undefined) {
    return [of(undefined)];
  }
  const configurations = [of(first), ...others.map((alias) => of(alias))] as const;
  return named.length === 0 && hasSignIn(of(undefined, {}))
    ? [of(undefined), ...configurations]
    : [...configurations];
}

function hasSignIn(configuration: OrgConfiguration): boolean {
  try {
    chooseSignInWay(configuration);
    return true;
  } catch (thrown) {
    if (thrown instanceof ConfigurationError) return false;
    throw thrown;
  }
}
