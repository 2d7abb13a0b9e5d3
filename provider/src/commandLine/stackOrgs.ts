import { ConfigurationError } from '../errors.js';
import { aliasesOf, configurationOfOrg } from '../reports/stack/stackSignIns.js';
import type { StackSignIn, StackSignIns } from '../reports/stack/stackSignIns.js';
import type { OrgConfiguration } from '../signIn/configuration.js';
import { chooseSignInWay } from '../signIn/signInWays.js';
import type { CommandContext } from './commandContext.js';

/** Settings of an org that are no part of a sign-in. */
const otherSettings: readonly string[] = ['apiVersion', 'timeoutMinutes', 'preview'];

/** An org of a stack. */
export interface StackOrg extends OrgConfiguration {
  /** How `--org` and messages name it; `undefined` for the top-level settings of the configuration. */
  readonly name?: string;
}

/**
 * The orgs of a stack, each once: every alias, and every top-level org whose own configuration is complete.
 *
 * @param named the options `--org`: only these, by alias or by the name of an explicit provider
 * @param timeout the option `--timeout`, in minutes
 * @throws ProviderError for invalid values, and for a name that the stack does not have
 */
export function stackOrgs(
  signIns: StackSignIns,
  environment: CommandContext['environment'],
  named: readonly string[],
  timeout: number | undefined,
): readonly [StackOrg, ...StackOrg[]] {
  const of = (
    signIn: StackSignIn,
    alias?: string,
    variables: CommandContext['environment'] = environment,
  ): StackOrg => {
    const configuration = configurationOfOrg(signIn, variables, alias);
    const name = alias ?? signIn.provider;
    return {
      ...configuration,
      timeoutMinutes: timeout ?? configuration.timeoutMinutes,
      ...(name === undefined ? {} : { name }),
    };
  };
  const orgsNamed = (name: string): StackOrg[] => {
    const found = signIns.all.flatMap((signIn) => [
      ...(aliasesOf(signIn, environment).includes(name) ? [of(signIn, name)] : []),
      ...(signIn.provider === name ? [of(signIn)] : []),
    ]);
    // The error for an alias that is not configured names those that are.
    return found.length > 0 ? found : [of(withMostOrgs(signIns.all, environment), name)];
  };
  const orgsOf = (signIn: StackSignIn): StackOrg[] => {
    const orgs = aliasesOf(signIn, environment).map((alias) => of(signIn, alias));
    return orgs.length === 0 || hasSignIn(of(signIn, undefined, {})) ? [of(signIn), ...orgs] : orgs;
  };
  const found = named.length > 0 ? named.flatMap(orgsNamed) : signIns.all.flatMap(orgsOf);
  const configured = found.filter(({ settings }) =>
    Object.keys(settings).some((key) => !otherSettings.includes(key)),
  );
  // Without a sign-in anywhere the first one's error says what is missing.
  const [first, ...others] = distinct(configured.length > 0 ? configured : found.slice(0, 1));
  return [first ?? of(signIns.all[0]), ...others];
}

/** The same settings in two namespaces are one org: a stack on its way to the native provider may have both. */
function distinct(orgs: readonly StackOrg[]): StackOrg[] {
  const bySettings = new Map(
    orgs.map((org) => [
      JSON.stringify([org.alias, Object.entries(org.settings).map(([key, { value }]) => [key, value])]),
      org,
    ]),
  );
  return [...bySettings.values()];
}

function withMostOrgs(
  [first, ...others]: StackSignIns['all'],
  environment: CommandContext['environment'],
): StackSignIn {
  const count = (signIn: StackSignIn): number => aliasesOf(signIn, environment).length;
  return others.reduce((most, signIn) => (count(signIn) > count(most) ? signIn : most), first);
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
