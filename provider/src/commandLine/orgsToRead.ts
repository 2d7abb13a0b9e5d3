import { Option } from 'commander';
import type { StateResource } from '../reports/drift/engineEvents.js';
import { readOrgConfiguration, settingNames } from '../signIn/configuration.js';
import type { OrgConfiguration } from '../signIn/configuration.js';
import { unknownSettings } from '../signIn/settingAdvice.js';
import { formatMessage, ProviderError } from '../errors.js';
import type { CommandContext } from './commandContext.js';
import { readEnvironmentToSignIn } from './environmentConfiguration.js';
import { inFolder } from './stackOptions.js';
import type { StackOrg } from './stackOrgs.js';

/** The options that select the orgs that a command reads. */
export interface OrgOptions {
  stack?: string;
  cwd: string;
  /** With a stack, keys of its `orgs` or names of its explicit providers; otherwise aliases of the Salesforce CLI. */
  org: string[];
  timeout?: number;
}

/** The orgs that a command reads. */
export interface OrgsToRead {
  readonly configurations: readonly [StackOrg, ...StackOrg[]];
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
    `with --stack, a key of salesforce:orgs or the name of an explicit provider; otherwise an alias or username of the Salesforce CLI${isRepeatable ? '; repeatable' : ''}`,
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
    const [{ askCli }, { configurationOf, openStack }, { StackSignIns }, { parseDeployment }, { stackOrgs }] =
      await Promise.all([
        import('../reports/stack/cliFailure.js'),
        import('../reports/stack/openStack.js'),
        import('../reports/stack/stackSignIns.js'),
        import('../reports/drift/engineEvents.js'),
        import('./stackOrgs.js'),
      ]);
    context.progress(`stack ${name}: reading its configuration`);
    const stack = await openStack('.', name);
    const [configuration, exported] = await askCli(`stack ${name}`, async () => [
      await configurationOf(stack),
      await stack.exportStack(),
    ]);
    for (const warning of unknownSettings(Object.keys(configuration), settingNames)) {
      context.note(`${formatMessage(warning)}\n`);
    }
    const state = parseDeployment(exported.deployment);
    const signIns = new StackSignIns(configuration, state);
    return work({ configurations: stackOrgs(signIns, context.environment, aliases, timeout), state });
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
      const labels = [first, ...others].map(({ name }) => name ?? 'the top-level one').join(', ');
      throw new ProviderError({
        code: 'ECA8012',
        cause: `stack ${options.stack ?? ''} has several orgs (${labels})`,
        advice: 'Select one with --org',
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
